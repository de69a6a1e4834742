using System.Text.Json;
using Credentials.Codecs;
using Credentials.Verifier.Transactions;

namespace Credentials.Verifier.Pages;

/// <summary>A sentence in both languages.</summary>
internal sealed record Words(string Korean, string English)
{
    public string In(Language language) => language.Choose(Korean, English);
}

/// <summary>The table of <c>plain-words.json</c>: what a check, its code, a note or a claim means to somebody who has not read the standards.</summary>
internal static class PlainWords
{
    private static readonly JsonElement Table = Load();
    private static readonly Words NotRun = Read(Table.GetProperty("outcomes").GetProperty("not_run"));
    private static readonly Words NotApplicable = Read(Table.GetProperty("outcomes").GetProperty("not_applicable"));
    private static readonly Words Unknown = Read(Table.GetProperty("outcomes").GetProperty("unknown"));

    public static Words ForCheck(ReportCheck check)
    {
        var byId = Find("checks", check.Id);
        return check.Outcome switch
        {
            "passed" => Outcome(byId, "passed") ?? Unknown,
            "not_applicable" => Outcome(byId, "not_applicable") ?? Title(byId, NotApplicable),
            "not_run" => Title(byId, NotRun),
            _ => (check.Code is { } code && Find("codes", code) is { } words ? Read(words) : null)
                ?? Outcome(byId, check.Outcome) ?? Outcome(byId, "failed") ?? Unknown,
        };
    }

    /// <summary>The words of a code that <see cref="KnowsCode"/>.</summary>
    public static Words ForCode(string code) => Read(Table.GetProperty("codes").GetProperty(code));

    /// <summary>The label of a claim; its own name where the table has none.</summary>
    public static Words ForClaim(string name) => Find("claims", name) is { } words ? Read(words) : new Words(name, name);

    public static bool KnowsCheck(string id) => Find("checks", id) is not null;

    public static bool KnowsCode(string code) => Find("codes", code) is not null;

    private static Words Title(JsonElement? check, Words outcome) =>
        Outcome(check, "name") is { } name ? new Words($"{name.Korean}: {outcome.Korean}", $"{name.English}: {outcome.English}") : outcome;

    private static Words? Outcome(JsonElement? check, string outcome) =>
        check is { } c && c.TryGetProperty(outcome, out var words) ? Read(words) : null;

    private static JsonElement? Find(string group, string name) => Table.GetProperty(group).TryGetProperty(name, out var found) ? found : null;

    private static Words Read(JsonElement words) => new(words.GetProperty("ko").GetString()!, words.GetProperty("en").GetString()!);

    private static JsonElement Load()
    {
        using var stream = typeof(PlainWords).Assembly.GetManifestResourceStream("plain-words")!;
        using var content = new MemoryStream();
        stream.CopyTo(content);
        return StrictJson.ParseObject(content.ToArray(), new JsonLimits(MaxMembers: 10_000));
    }
}
