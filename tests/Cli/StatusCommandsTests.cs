using Credentials.Codecs;
using Credentials.StatusLists;
using Credentials.Tests.Shared;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Credentials.Cli.Tests;

public sealed class StatusCommandsTests(Forge forge) : IClassFixture<Forge>
{
    private async Task<string> CreateAsync(int bits, int size)
    {
        var path = forge.Folder.Combine(Guid.NewGuid().ToString("n"));
        (await CliProgram.RunAsync("status", "create", "--bits", $"{bits}", "--size", $"{size}", "--out", path)).Succeeded();
        return path;
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(4, 12)]
    [InlineData(8, 255)]
    public async Task A_value_that_was_set_is_read_back_and_its_neighbours_stay(int bits, int value)
    {
        var list = await CreateAsync(bits, 100);
        (await CliProgram.RunAsync("status", "set", list, "50", $"{value}")).Succeeded();
        foreach (var (index, expected) in new[] { (49, 0), (50, value), (51, 0) })
        {
            var read = StrictJson.Parse((await CliProgram.RunAsync("status", "get", list, $"{index}", "--json")).Succeeded());
            Assert.Equal(expected, read.GetProperty("value").GetInt32());
        }
        Assert.Equal(2, (await CliProgram.RunAsync("status", "set", list, "50", $"{1 << bits}")).ExitCode);
        Assert.Equal(2, (await CliProgram.RunAsync("status", "get", list, "100000")).ExitCode);
        Assert.Equal(2, (await CliProgram.RunAsync("status", "get", list, "-1")).ExitCode);
    }

    [Fact]
    public async Task A_list_is_never_made_over_another()
    {
        var list = await CreateAsync(1, 8);
        Assert.Equal(2, (await CliProgram.RunAsync("status", "create", "--bits", "1", "--size", "8", "--out", list)).ExitCode);
    }

    [Fact]
    public async Task A_revoked_credential_is_refused_by_verify_when_its_list_is_served()
    {
        var uri = $"http://localhost:{FreePort.Next()}/status/1";
        var list = await CreateAsync(2, 16);
        (await CliProgram.RunAsync("status", "set", list, "5", "1")).Succeeded();
        (await CliProgram.RunAsync("status", "set", list, "6", "2")).Succeeded();
        var token = (await CliProgram.RunAsync("status", "token", list, "--uri", uri, "--key", forge.KeyFile, "--cert", forge.CertificateFile)).Succeeded().Trim();
        await using var server = await ServeAsync(uri, token);

        foreach (var (index, exitCode, code) in new[] { (4, 0, ""), (5, 1, "status.revoked"), (6, 1, "status.suspended") })
        {
            var credential = (await CliProgram.RunAsync(
                "issue", "--format", "dc+sd-jwt", "--type", "urn:test:1", "--claims", forge.Claims, "--key", forge.KeyFile,
                "--cert", forge.CertificateFile, "--status", $"{uri}#{index}")).Succeeded();
            var result = await CliProgram.RunWithInputAsync(credential, "verify", "--trust", forge.Root, "--json");
            Assert.Equal(exitCode, result.ExitCode);
            Assert.Contains(code, result.Stdout, StringComparison.Ordinal);
        }
        Assert.StartsWith("1 revoked", (await CliProgram.RunAsync("status", "get", uri, "5")).Succeeded(), StringComparison.Ordinal);
        Assert.Equal(16, StrictJson.Parse((await CliProgram.RunAsync("status", "show", uri, "--json")).Succeeded()).GetProperty("size").GetInt32());
    }

    [Fact]
    public async Task A_list_that_cannot_be_fetched_ends_with_3() =>
        Assert.Equal(3, (await CliProgram.RunAsync("status", "get", $"http://localhost:{FreePort.Next()}/list", "1")).ExitCode);

    [Fact]
    public async Task A_format_that_does_not_exist_is_refused_as_usage() => Assert.Equal(2, (await CliProgram.RunAsync(
        "status", "token", await CreateAsync(1, 8), "--uri", "https://s.example/1", "--key", forge.KeyFile, "--format", "xml")).ExitCode);

    [Fact]
    public async Task A_list_is_signed_as_a_CWT_and_read_from_a_file_from_text_and_from_its_address()
    {
        var uri = $"http://localhost:{FreePort.Next()}/status/1";
        var list = await CreateAsync(2, 16);
        (await CliProgram.RunAsync("status", "set", list, "5", "2")).Succeeded();
        var file = forge.Folder.Combine("list.cwt");
        string[] token = ["status", "token", list, "--uri", uri, "--key", forge.KeyFile, "--cert", forge.CertificateFile, "--format", "cwt"];
        (await CliProgram.RunAsync([.. token, "--out", file])).Succeeded();
        var bytes = await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken);
        var text = forge.File((await CliProgram.RunAsync(token)).Succeeded());
        await using var server = await ServeAsync(uri, bytes);

        Assert.Equal(uri, StatusListToken.Parse(bytes).Uri);
        foreach (var place in new[] { file, text, uri })
        {
            Assert.StartsWith("2 suspended", (await CliProgram.RunAsync("status", "get", place, "5")).Succeeded(), StringComparison.Ordinal);
            Assert.Equal(16, StrictJson.Parse((await CliProgram.RunAsync("status", "show", place, "--json")).Succeeded()).GetProperty("size").GetInt32());
        }
        Assert.Equal(2, (await CliProgram.RunAsync("status", "set", file, "5", "1")).ExitCode);
        Assert.Equal(2, (await CliProgram.RunAsync("status", "get", forge.File("0oRZ"), "5")).ExitCode);

        // SD-JWT VC §2.2.2.3: the list of an SD-JWT VC is a JWT, so this one leaves its status undecided.
        var credential = (await CliProgram.RunAsync(
            "issue", "--format", "dc+sd-jwt", "--type", "urn:test:1", "--claims", forge.Claims, "--key", forge.KeyFile,
            "--cert", forge.CertificateFile, "--status", $"{uri}#4")).Succeeded();
        var result = await CliProgram.RunWithInputAsync(credential, "verify", "--trust", forge.Root, "--json");
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("status.unreachable", result.Stdout, StringComparison.Ordinal);
    }

    private static async Task<WebApplication> ServeAsync(string uri, byte[] token)
    {
        var builder = QuietServer.CreateBuilder();
        builder.WebHost.UseUrls(uri[..uri.IndexOf("/status", StringComparison.Ordinal)]);
        var server = builder.Build();
        server.MapGet("/status/1", () => Results.Bytes(token, "application/statuslist+cwt"));
        await server.StartAsync(TestContext.Current.CancellationToken);
        return server;
    }

    private static async Task<WebApplication> ServeAsync(string uri, string token)
    {
        var builder = QuietServer.CreateBuilder();
        builder.WebHost.UseUrls(uri[..uri.IndexOf("/status", StringComparison.Ordinal)]);
        var server = builder.Build();
        server.MapGet("/status/1", () => Results.Text(token, "application/statuslist+jwt"));
        await server.StartAsync(TestContext.Current.CancellationToken);
        return server;
    }
}
