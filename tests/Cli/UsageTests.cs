using Credentials.Tests.Shared;

namespace Credentials.Cli.Tests;

public class UsageTests
{
    [Fact]
    public async Task The_usage_text_is_the_one_of_spec_cli()
    {
        var page = await File.ReadAllTextAsync(RepositoryRoot.Combine("spec", "cli.md"), TestContext.Current.CancellationToken);
        var help = (await CliProgram.RunAsync("help")).Succeeded();
        Assert.Contains($"```text\n{help}```\n", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_command_of_spec_cli_exists_and_every_command_is_explained_there()
    {
        var page = File.ReadAllText(RepositoryRoot.Combine("spec", "cli.md"));
        foreach (var verb in Usage.Verbs)
            Assert.Contains($"\n## `{verb.Name}`\n", page, StringComparison.Ordinal);
        Assert.Equal(Usage.Verbs.Count, page.Split("\n## `").Length - 1);
    }

    [Fact]
    public void Every_synopsis_can_be_read_and_names_each_option_once()
    {
        foreach (var verb in Usage.Verbs)
        {
            var names = Grammar.Parse(verb.Synopsis).Options.Select(option => option.Name).ToList();
            Assert.Equal(names.Distinct(), names);
            Assert.All(Usage.Of(verb).Split('\n'), line => Assert.True(line.Length <= 100, line));
        }
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("-h")]
    public async Task Help_goes_to_stdout_and_ends_with_0(string word)
    {
        var result = await CliProgram.RunAsync(word);
        Assert.Equal(0, result.ExitCode);
        Assert.StartsWith("Issue, hold, present and verify", result.Stdout, StringComparison.Ordinal);
        Assert.Empty(result.Stderr);
    }

    [Fact]
    public async Task Help_of_one_command_shows_its_synopsis()
    {
        var help = (await CliProgram.RunAsync("verify", "--help")).Succeeded();
        Assert.Contains("--trust FILE…", help, StringComparison.Ordinal);
        Assert.Equal(help, (await CliProgram.RunAsync("help", "verify")).Succeeded());
    }

    [Theory]
    [InlineData("wallet", "wallet list")]
    [InlineData("issuer", "issuer serve")]
    [InlineData("issuer keys", "issuer keys rotate")]
    [InlineData("verifier", "verifier request")]
    public async Task Help_of_a_group_shows_its_commands_and_no_others(string group, string command)
    {
        string[] words = group.Split(' ');
        var help = (await CliProgram.RunAsync([.. words, "--help"])).Succeeded();
        Assert.Contains($"\n  {command}", help, StringComparison.Ordinal);
        var shown = help.Split('\n').Where(line => line.StartsWith("  ", StringComparison.Ordinal) && line[2] != ' ').ToList();
        Assert.All(shown, line => Assert.StartsWith($"  {group} ", line, StringComparison.Ordinal));
        Assert.Equal(Usage.Verbs.Count(verb => verb.Name.StartsWith(group + " ", StringComparison.Ordinal)), shown.Count);
        Assert.Equal(help, (await CliProgram.RunAsync([.. words, "-h"])).Succeeded());
        Assert.Equal(help, (await CliProgram.RunAsync(["help", .. words])).Succeeded());
    }

    [Fact]
    public async Task No_arguments_show_the_usage_on_stderr_and_end_with_2()
    {
        var result = await CliProgram.RunAsync();
        Assert.Equal(2, result.ExitCode);
        Assert.Empty(result.Stdout);
        Assert.Contains("Usage: credentials COMMAND", result.Stderr, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("key")]
    [InlineData("nonsense", "--help")]
    [InlineData("wallet", "nonsense", "--help")]
    [InlineData("key", "old")]
    [InlineData("status", "get", "list.json")]
    [InlineData("key", "new", "--nonsense")]
    [InlineData("key", "new", "--alg", "RS256")]
    [InlineData("key", "new", "--alg")]
    [InlineData("key", "new", "extra")]
    [InlineData("key", "new", "--out", "a", "--out", "b")]
    [InlineData("verify", "card.txt")]
    [InlineData("status", "create", "--bits", "3", "--size", "8", "--out", "x")]
    [InlineData("status", "create", "--bits", "1", "--size", "-8", "--out", "x")]
    [InlineData("verify", "no-such-file", "--trust", "no-such-file")]
    public async Task Wrong_usage_ends_with_2_and_an_error_line_and_nothing_on_stdout(params string[] arguments)
    {
        var result = await CliProgram.RunAsync(arguments);
        Assert.Equal(2, result.ExitCode);
        Assert.Empty(result.Stdout);
        Assert.StartsWith("error: ", result.Stderr, StringComparison.Ordinal);
    }

    [Fact]
    public void A_value_list_gives_its_last_word_to_a_missing_positional_argument()
    {
        var grammar = Grammar.Parse("[FILE|-] --trust FILE… [--json]");
        Assert.Equal("card", Arguments.Read(grammar, ["--trust", "a", "card", "--json"]).Positional(0));
        Assert.Equal("card", Arguments.Read(grammar, ["card", "--trust", "a", "b"]).Positional(0));
        Assert.Equal(["a", "b"], Arguments.Read(grammar, ["card", "--trust", "a", "b"]).Values("--trust"));
        Assert.Equal(["a", "b"], Arguments.Read(grammar, ["--trust", "a", "--trust=b"]).Values("--trust"));
        Assert.Null(Arguments.Read(grammar, ["--trust", "a", "--trust", "b"]).Positional(0));
        Assert.Equal("--odd", Arguments.Read(grammar, ["--trust", "a", "--", "--odd"]).Positional(0));
    }

    [Theory]
    [InlineData("plain 한글 text", "plain 한글 text")]
    [InlineData("a\u001b[31mred", "a\\u{1b}[31mred")]
    [InlineData("evil\u202Etxt.exe", "evil\\u{202e}txt.exe")]
    [InlineData("line\nbreak\u0000\u200b", "line\\u{a}break\\u{0}\\u{200b}")]
    [Trait("Row", "QRC-01")]
    public void Text_from_outside_cannot_steer_the_terminal(string text, string safe) => Assert.Equal(safe, TextSafety.ForTerminal(text));
}
