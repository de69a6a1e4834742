using System.Text.RegularExpressions;
using Credentials.Tests.Shared;

namespace Credentials.Tests.Repository;

/// <summary>The ids of checks are a contract: spec/verification-report.md and the *Checks classes name the same ones.</summary>
public partial class CheckIdsTests
{
    [Fact]
    public void Verification_report_page_lists_exactly_the_checks_of_the_sources()
    {
        var page = File.ReadAllText(RepositoryRoot.Combine("spec", "verification-report.md"));
        var listed = page[page.IndexOf("## Checks of", StringComparison.Ordinal)..];

        Assert.Equal(
            SourceTree.Under("src/Credentials")
                .Where(file => file.Name.EndsWith("Checks", StringComparison.Ordinal))
                .SelectMany(file => Constant().Matches(file.Text).Select(match => match.Groups[1].Value))
                .Distinct().Order(StringComparer.Ordinal),
            TableId().Matches(listed).Select(match => match.Groups[1].Value).Distinct().Order(StringComparer.Ordinal));
    }

    [GeneratedRegex("""(?:public|internal) const string \w+ = "([a-z0-9_]+)";""")]
    private static partial Regex Constant();

    [GeneratedRegex(@"^\| `([a-z0-9_]+)` \|", RegexOptions.Multiline)]
    private static partial Regex TableId();
}
