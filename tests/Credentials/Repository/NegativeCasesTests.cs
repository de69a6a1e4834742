using System.Text;
using System.Text.RegularExpressions;
using Credentials.Tests.Shared;

namespace Credentials.Tests.Repository;

/// <summary>
/// spec/negative-cases.md lists every row, and the tests that carry its id as <c>[Trait("Row", "…")]</c>.
/// The input and the note of a row are written by people, the tests and paths columns by this test (CREDENTIALS_UPDATE_SPEC=1).
/// </summary>
public partial class NegativeCasesTests
{
    private const string PagePath = "spec/negative-cases.md";

    private static readonly Dictionary<string, string> _pathOfProject = new()
    {
        ["Credentials"] = "library",
        ["Issuer"] = "issuer HTTP",
        ["Verifier"] = "verifier HTTP",
        ["Wallet.Core"] = "wallet",
        ["Cli"] = "command line",
        ["EndToEnd"] = "end to end",
        ["Interop"] = "peers",
    };

    private sealed record RowTest(string Row, string Project, string Class, string Method);

    [Fact]
    public void Negative_cases_page_lists_exactly_the_tests_that_exist()
    {
        var tests = RowTests().ToLookup(test => test.Row);
        var rows = new HashSet<string>();
        var page = new StringBuilder();
        foreach (var line in File.ReadAllLines(RepositoryRoot.Combine(PagePath)))
        {
            var cells = line.Split(" | ");
            if (!RowId().IsMatch(line) || cells.Length != 5)
            {
                page.Append(line).Append('\n');
                continue;
            }
            var row = cells[0].TrimStart('|').Trim();
            Assert.True(rows.Add(row), $"{row} is listed twice");
            page.Append(Describe(row, cells[1].Trim(), tests[row], cells[4].TrimEnd('|').Trim()));
        }

        Assert.Empty(tests.Select(group => group.Key).Except(rows));
        SourceTree.AssertIsCurrent(PagePath, page.ToString());
    }

    [Fact]
    public void A_row_without_a_test_says_why() => Assert.Empty(
        from line in File.ReadAllLines(RepositoryRoot.Combine(PagePath))
        where RowId().IsMatch(line)
        let cells = line.Split(" | ")
        where cells.Length != 5 || (cells[2].Trim() == "–" && cells[4].TrimEnd('|').Trim().Length == 0)
        select cells[0]);

    private static string Describe(string row, string input, IEnumerable<RowTest> found, string note)
    {
        var tests = found.OrderBy(test => test.Class, StringComparer.Ordinal).ThenBy(test => test.Method, StringComparer.Ordinal).ToArray();
        if (tests.Length > 0 && (note == "open" || note.StartsWith("not built", StringComparison.Ordinal)))
            note = "";
        var names = tests.Length == 0 ? "–" : string.Join("<br>", tests.Select(test => $"{test.Class}.{test.Method}").Distinct());
        var paths = tests.Length == 0 ? "–" : string.Join(", ", _pathOfProject.Where(path => tests.Any(test => test.Project == path.Key)).Select(path => path.Value));
        return $"| {row} | {input} | {names} | {paths} | {note} |\n";
    }

    // Reads the sources, not the assemblies: this project refers to none of the others.
    private static IEnumerable<RowTest> RowTests()
    {
        foreach (var file in SourceTree.Under("tests"))
        {
            var project = file.Path.Split('/')[1];
            var type = file.Name;
            List<string> ofClass = [], pending = [];
            foreach (var line in file.Lines)
            {
                pending.AddRange(RowTrait().Matches(line).Select(match => match.Groups[1].Value));
                if (ClassName().Match(line) is { Success: true } declaration)
                {
                    type = declaration.Groups[1].Value;
                    ofClass = pending;
                    pending = [];
                }
                else if (MethodName().Match(line) is { Success: true } method)
                {
                    foreach (var row in pending.Concat(ofClass).Distinct())
                        yield return new RowTest(row, project, type, method.Groups[1].Value);
                    pending = [];
                }
            }
        }
    }

    [GeneratedRegex(@"^\| [A-Z0-9]+-\d+ \| ")]
    private static partial Regex RowId();

    [GeneratedRegex("""\bTrait\(\s*"Row"\s*,\s*"([A-Z0-9]+-\d+)"\s*\)""")]
    private static partial Regex RowTrait();

    [GeneratedRegex(@"^\s*(?:public|internal) (?:(?:sealed|abstract|static|partial) )*(?:class|record) (\w+)")]
    private static partial Regex ClassName();

    [GeneratedRegex(@"^\s*public (?:(?:static|async|override|virtual) )*(?:void|bool|Task|ValueTask|Property|Task<\w+>) (\w+)\(")]
    private static partial Regex MethodName();
}
