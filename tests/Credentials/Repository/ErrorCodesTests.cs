using System.Text;
using System.Text.RegularExpressions;

namespace Credentials.Tests.Repository;

/// <summary>spec/error-codes.md is made from the *Codes classes, so that no code is missing and none is invented.</summary>
public partial class ErrorCodesTests
{
    private sealed record Code(string Value, string Meaning, string Path);

    [Fact]
    public void Error_codes_page_lists_exactly_the_codes_of_the_sources()
    {
        var page = new StringBuilder("""
            # Error and check codes

            Made from the `*Codes` classes by a test; do not edit. A code is never renamed and never used again for something else.

            | code | meaning | defined in |
            |---|---|---|

            """);
        foreach (var code in AllCodes().OrderBy(code => code.Value, StringComparer.Ordinal))
            page.Append('|').Append($" `{code.Value}` | {code.Meaning} | {code.Path} |\n");

        SourceTree.AssertIsCurrent("spec/error-codes.md", page.ToString());
    }

    [Fact]
    public void Every_code_is_defined_once_is_area_and_reason_and_says_what_it_means()
    {
        var codes = AllCodes();
        Assert.Empty(codes.GroupBy(code => code.Value).Where(group => group.Count() > 1).Select(group => group.Key));
        Assert.Empty(codes.Where(code => !AreaAndReason().IsMatch(code.Value)).Select(code => code.Value));
        Assert.Empty(codes.Where(code => code.Meaning.Length == 0).Select(code => code.Value));
    }

    private static IReadOnlyList<Code> AllCodes() =>
    [
        .. from file in SourceTree.Under("src")
           where file.Name.EndsWith("Codes", StringComparison.Ordinal)
           from match in Constant().Matches(file.Text)
           select new Code(match.Groups[2].Value, Plain(match.Groups[1].Value), Path.GetDirectoryName(file.Path)!.Replace('\\', '/')),
    ];

    private static string Plain(string comment) => Spaces().Replace(
        Tags().Replace(CodeReferences().Replace(comment.Replace("///", " ", StringComparison.Ordinal), "$1"), " "), " ").Trim().Replace("|", "\\|", StringComparison.Ordinal);

    [GeneratedRegex("""((?:^[ \t]*///.*\n)*)^[ \t]*(?:public|internal) const string \w+\s*=\s*"([^"]+)";""", RegexOptions.Multiline)]
    private static partial Regex Constant();

    [GeneratedRegex("""<(?:see|paramref|c) (?:cref|name|langword)="([^"]+)" ?/>""")]
    private static partial Regex CodeReferences();

    [GeneratedRegex("</?[a-z]+>")]
    private static partial Regex Tags();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();

    [GeneratedRegex(@"^[a-z0-9_]+(\.[a-z0-9_]+)+$")]
    private static partial Regex AreaAndReason();
}
