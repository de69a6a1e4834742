using System.Text.Json;
using Credentials.Codecs;
using Credentials.Tests.Shared;

namespace Credentials.Tests.Wycheproof;

/// <summary>One case of Wycheproof: what its group says of the key, the case itself, and whether it is to be accepted.</summary>
internal sealed record WycheproofCase(JsonElement Group, JsonElement Json)
{
    public int Id => Json.GetProperty("tcId").GetInt32();

    /// <summary><c>valid</c>, <c>invalid</c> or <c>acceptable</c>, where either answer is right.</summary>
    public string Result => Json.RequireString("result");

    public string Comment => Json.RequireString("comment");

    public byte[] Hex(string name) => Convert.FromHexString(Json.RequireString(name));

    public override string ToString() => $"{Id} ({Result}): {Comment}";
}

/// <summary>Cases in which we differ from Wycheproof, and why.</summary>
/// <param name="AcceptsMore">We accept what Wycheproof calls invalid; else we refuse what it calls valid.</param>
internal sealed record Difference(string Reason, Func<WycheproofCase, bool> Applies, bool AcceptsMore = false);

/// <summary>
/// Google's and C2SP's Wycheproof, which is not part of the repository: a folder with its files beside the checkout
/// (<c>../shared/corpora/wycheproof</c>) or named by <c>CREDENTIALS_WYCHEPROOF</c>.
/// </summary>
internal static class Corpus
{
    private static readonly JsonLimits _limits = new(MaxBytes: 32 * 1024 * 1024, MaxMembers: 100_000);

    private static string Folder => Environment.GetEnvironmentVariable("CREDENTIALS_WYCHEPROOF") is { Length: > 0 } named
        ? named
        : Path.GetFullPath(RepositoryRoot.Combine("..", "shared", "corpora", "wycheproof"));

    public static IReadOnlyList<WycheproofCase> Read(string file)
    {
        Assert.SkipUnless(Directory.Exists(Folder), "Wycheproof's files are not here (CREDENTIALS_WYCHEPROOF names their folder).");
        var json = StrictJson.ParseObject(File.ReadAllBytes(Path.Combine(Folder, file)), _limits);
        var cases = json.RequireArray("testGroups").EnumerateArray()
            .SelectMany(group => group.RequireArray("tests").EnumerateArray().Select(test => new WycheproofCase(group, test)))
            .ToArray();
        Assert.Equal(json.RequireIndex("numberOfTests"), cases.Length);
        return cases;
    }

    /// <summary>
    /// Every case comes out as Wycheproof says, or for a reason that is listed; and every listed reason still applies to a case.
    /// </summary>
    /// <param name="accept">What we do: true if the case is accepted.</param>
    public static void Check(string file, Func<WycheproofCase, bool> accept, params IReadOnlyList<Difference> differences)
    {
        var used = new HashSet<string>();
        var unexplained = new List<string>();
        foreach (var test in Read(file))
        {
            var accepted = accept(test);
            if (test.Result == "acceptable" || accepted == (test.Result == "valid"))
                continue;
            var reasons = differences.Where(difference => difference.AcceptsMore == accepted && difference.Applies(test)).Select(difference => difference.Reason).ToArray();
            used.UnionWith(reasons);
            if (reasons.Length == 0)
                unexplained.Add(test.ToString());
        }
        Assert.Empty(unexplained);
        Assert.Equal(differences.Select(difference => difference.Reason).Order(StringComparer.Ordinal), used.Order(StringComparer.Ordinal));
    }
}
