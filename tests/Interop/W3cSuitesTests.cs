using System.Globalization;
using System.Text.RegularExpressions;
using Credentials.Tests.Shared;

namespace Credentials.Interop.Tests;

/// <summary>
/// W3C's published test suites by their own runner against our running services. <c>CREDENTIALS_W3C_SUITES</c> names a folder of checkouts; the suites'
/// packages come from npm.
/// </summary>
public sealed partial class W3cSuitesTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_suites_come_out_as_their_page_says()
    {
        var suites = Environment.GetEnvironmentVariable("CREDENTIALS_W3C_SUITES");
        Assert.SkipUnless(Directory.Exists(suites), "The suites are not here (CREDENTIALS_W3C_SUITES names their folder).");
        var told = await NodeScript.RunAsync(
            "scripts/w3c-suites/run.mjs", [suites, "--program", CliProgram.Location, "--work", _folder.FullPath, "--failures"], cancellationToken: TestContext.Current.CancellationToken);
        Assert.True(told.ExitCode == 0, told.Stderr);
        // Of another commit of a suite, there may be other tests.
        var page = Counts(await File.ReadAllTextAsync(RepositoryRoot.Combine("spec", "profile", "w3c-suites.md"), TestContext.Current.CancellationToken));
        var known = Counts(told.Stdout).Where(run => page.Any(row => row.Suite == run.Suite && row.Commit == run.Commit)).ToList();
        Assert.NotEmpty(known);
        Assert.All(known, run => Assert.True(page.Contains(run), $"{run}\n{told.Stdout}"));
    }

    private static List<(string Suite, string Commit, int Passed, int Failed, int Skipped)> Counts(string text) =>
    [
        .. Row().Matches(text).Select(row => (row.Groups["suite"].Value, row.Groups["commit"].Value, Number(row, "passed"), Number(row, "failed"), Number(row, "skipped"))),
    ];

    private static int Number(Match row, string group) => int.Parse(row.Groups[group].ValueSpan, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^\| `?(?<suite>[a-z0-9.-]+-test-suite)`? \| (?<commit>[0-9a-f]+) \| (?<passed>[0-9]+) \| (?<failed>[0-9]+) \| (?<skipped>[0-9]+) \|", RegexOptions.Multiline | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Row();
}
