namespace Credentials.Wallet.Core.History;

/// <summary>Which entries of the history to return, the newest first. A filter that is null lets everything pass.</summary>
public sealed record HistoryQuery
{
    /// <summary>Not before this time.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Before this time.</summary>
    public DateTimeOffset? To { get; init; }

    /// <summary>Only entries of this kind.</summary>
    public HistoryKind? Kind { get; init; }

    /// <summary>Only entries about this issuer or verifier, by its whole identifier.</summary>
    public string? Party { get; init; }

    /// <summary>Only entries about this document.</summary>
    public string? DocumentId { get; init; }

    /// <summary>
    /// Only entries in which each word of this text stands somewhere: in who it was, their names in any language, why they asked, or the
    /// types and names of claims. Upper and lower case are the same.
    /// </summary>
    public string? Text { get; init; }

    /// <summary>At most this many entries.</summary>
    public int Limit { get; init; } = 100;

    internal bool Accepts(HistoryEntry entry) =>
        !(entry.At < From) && !(entry.At >= To)
        && (Kind is null || entry.Kind == Kind)
        && (Party is null || entry.Party == Party)
        && (DocumentId is null || entry.Claims.Any(claims => claims.DocumentId == DocumentId))
        && (Text is null || Words(Text).All(word => Texts(entry).Any(text => text.Contains(word, StringComparison.OrdinalIgnoreCase))));

    private static string[] Words(string text) => text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);

    private static IEnumerable<string> Texts(HistoryEntry entry) => new[] { entry.Party, entry.Purpose, entry.Code }.OfType<string>()
        .Concat(entry.PartyNames.All)
        .Concat(entry.Claims.SelectMany(claims => claims.Claims.SelectMany(path => path.Segments).Select(segment => segment.Name).Prepend(claims.Type).OfType<string>()));
}
