using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.Tests.Shared;

namespace Credentials.Cli.Tests;

public sealed class VectorCommandsTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private static JsonObject Disclosure(string id, string digest) => new()
    {
        ["id"] = id,
        ["description"] = "One disclosure",
        ["source"] = "ours",
        ["operation"] = "sd-jwt.disclosure",
        ["input"] = new JsonObject { ["disclosure"] = "WyJZSUtlc3FPa1hYTnpNUXRzWF8tX2x3IiwiVUsiXQ", ["hash"] = "sha-256" },
        ["expect"] = new JsonObject
        {
            ["accepted"] = true,
            ["contents"] = new JsonArray("YIKesqOkXXNzMQtsX_-_lw", "UK"),
            ["digest"] = digest,
        },
    };

    private static JsonObject Good(string id = "good") => Disclosure(id, "nP5GYjwhFm6ESlAeC4NCaIliW4tz0hTrUeoJB3lb5TA");

    private static JsonObject Bad(string id = "bad") => Disclosure(id, "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");

    [Fact]
    public async Task The_vectors_of_the_repository_pass()
    {
        var result = await CliProgram.RunAsync("vectors", "run", RepositoryRoot.Combine("test-vectors"), "--json");
        var json = StrictJson.Parse(result.Stdout);
        Assert.True(result.ExitCode == 0, string.Join('\n', json.GetProperty("scenarios").EnumerateArray().Where(s => s.RequireString("outcome") == "fail")));
        Assert.Equal(0, json.GetProperty("failed").GetInt32());
        Assert.True(json.GetProperty("passed").GetInt32() > 100);
    }

    [Fact]
    public async Task Each_scenario_has_a_line_and_the_total_stands_at_the_end()
    {
        Save("a.json", Good());
        Save("below/b.json", Good("another"));

        Assert.Equal("ok good\nok another\n2 passed, 0 failed, 0 skipped\n", (await RunAsync()).Succeeded());
    }

    [Fact]
    public async Task A_vector_that_does_not_come_out_fails_the_run_and_says_what_differed()
    {
        Save("a.json", Good());
        Save("b.json", Bad());

        var result = await RunAsync();

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("FAIL bad: digest: expected AAAA", result.Stdout, StringComparison.Ordinal);
        Assert.EndsWith("1 passed, 1 failed, 0 skipped\n", result.Stdout, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refusal_that_does_not_happen_or_has_another_code_fails_the_run()
    {
        var accepted = Good("accepted");
        accepted["expect"]!["accepted"] = false;
        accepted["expect"]!["code"] = "sd_jwt.another";
        var other = Good("other");
        other["input"]!["disclosure"] = "W10";
        other["expect"] = new JsonObject { ["accepted"] = false, ["code"] = "sd_jwt.another" };
        Save("a.json", accepted);
        Save("b.json", other);

        var result = await RunAsync();

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("FAIL accepted: accepted, and should have been refused", result.Stdout, StringComparison.Ordinal);
        Assert.Contains("FAIL other: code: expected sd_jwt.another, got sd_jwt.", result.Stdout, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_known_difference_is_skipped_with_its_reason_also_from_above()
    {
        Save("test-vectors/skips.json", new JsonObject { ["bad"] = "printed wrongly" });
        Save("test-vectors/published/a.json", Good());
        Save("test-vectors/published/b.json", Bad());

        foreach (var folder in new[] { "test-vectors", "test-vectors/published" })
            Assert.Equal("ok good\nskip bad: printed wrongly\n1 passed, 0 failed, 1 skipped\n", (await RunAsync(folder)).Succeeded());
    }

    [Fact]
    public async Task A_skip_that_comes_out_after_all_fails_the_run()
    {
        Save("skips.json", new JsonObject { ["good"] = "printed wrongly" });
        Save("a.json", Good());

        var result = await RunAsync();

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("FAIL good: comes out as it says: take it off skips.json", result.Stdout, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_skip_of_a_scenario_that_is_not_there_fails_the_run()
    {
        Save("skips.json", new JsonObject { ["gone"] = "printed wrongly" });
        Save("a.json", Good());

        var result = await RunAsync();

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("FAIL gone: ", result.Stdout, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"id":"x","operation":"sd-jwt.verify","input":{}}""")]
    [InlineData("""{"id":"x","operation":"sd-jwt.verify","input":{},"expect":{}}""")]
    [InlineData("""{"id":"x","id":"y","operation":"sd-jwt.disclosure","input":{},"expect":{"accepted":true}}""")]
    [InlineData("""{"id":"x","operation":"sd-jwt.disclosure","input":{},"expect":{"accepted":true}}""")]
    [InlineData("""{"id":"x","operation":"sd-jwt.disclosure","input":{},"expect":{"accepted":false}}""")]
    [InlineData("""{"id":"x","operation":"none","input":{},"expect":{"accepted":true}}""")]
    public async Task A_file_that_is_no_scenario_fails_the_run_and_the_others_still_run(string text)
    {
        Save("a.json", Good());
        File.WriteAllText(_folder.Combine("b.json"), text);

        var result = await RunAsync();

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("ok good\nFAIL ", result.Stdout, StringComparison.Ordinal);
        Assert.EndsWith("1 passed, 1 failed, 0 skipped\n", result.Stdout, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_id_that_is_used_twice_fails_the_run()
    {
        Save("a.json", Good());
        Save("b.json", Good());

        Assert.Contains("FAIL good: the id is used twice", (await RunAsync()).Stdout, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_directory_without_vectors_and_one_that_is_not_there_are_usage_errors()
    {
        Save("skips.json", new JsonObject());
        foreach (var folder in new[] { "", "nowhere" })
        {
            var result = await RunAsync(folder);
            Assert.Equal(2, result.ExitCode);
            Assert.Empty(result.Stdout);
            Assert.StartsWith("error: ", result.Stderr, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("""{"good":""}""")]
    [InlineData("""{"good":1}""")]
    [InlineData("""["good"]""")]
    public async Task A_list_of_skips_without_reasons_is_not_taken(string skips)
    {
        Save("a.json", Good());
        File.WriteAllText(_folder.Combine("skips.json"), skips);

        Assert.Equal(2, (await RunAsync()).ExitCode);
    }

    [Fact]
    public async Task The_vectors_that_we_make_pass_and_are_the_ones_of_the_repository()
    {
        (await CliProgram.RunAsync("vectors", "make", _folder.FullPath)).Succeeded();

        (await RunAsync()).Succeeded();
        foreach (var part in new[] { "own", "reports" })
            Assert.Equal(Names(RepositoryRoot.Combine("test-vectors", part)), Names(_folder.Combine(part)));
    }

    private static IEnumerable<string> Names(string folder) =>
        Directory.EnumerateFiles(folder, "*.json", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(folder, file)).Order(StringComparer.Ordinal);

    private Task<ShellResult> RunAsync(string folder = "") => CliProgram.RunAsync("vectors", "run", _folder.Combine(folder));

    private void Save(string name, JsonObject json)
    {
        var path = _folder.Combine(name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, json.ToJsonString());
    }

    public void Dispose() => _folder.Dispose();
}
