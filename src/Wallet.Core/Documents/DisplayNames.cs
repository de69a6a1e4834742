using System.Text.Json;
using System.Text.Json.Nodes;

namespace Credentials.Wallet.Core.Documents;

/// <summary>
/// A name in several languages, as an issuer or verifier gave it. The texts are another party's: cleaned of control and direction
/// characters and cut to a length that a screen can show, and still to be treated as text, never as markup.
/// </summary>
public sealed class DisplayNames
{
    private const int MaxLanguages = 50;

    /// <summary>No name in any language.</summary>
    public static DisplayNames None { get; } = new([]);

    private readonly IReadOnlyList<KeyValuePair<string, string>> _texts;

    private DisplayNames(IReadOnlyList<KeyValuePair<string, string>> texts) => _texts = texts;

    /// <summary>The languages there are, as BCP 47 tags; an empty tag is a name given without a language.</summary>
    public IReadOnlyList<string> Languages => [.. _texts.Select(text => text.Key)];

    internal IEnumerable<string> All => _texts.Select(text => text.Value);

    /// <summary>
    /// The name in <paramref name="language"/> (a BCP 47 tag such as <c>ko-KR</c>), else in the same primary language, else without
    /// a language, else in English, else the first one; null when there is none at all.
    /// </summary>
    public string? In(string? language = null) =>
        Find(tag => Same(tag, language))
        ?? Find(tag => language is not null && Same(Primary(tag), Primary(language)))
        ?? Find(tag => tag.Length == 0)
        ?? Find(tag => Same(Primary(tag), "en"))
        ?? (_texts.Count > 0 ? _texts[0].Value : null);

    /// <inheritdoc/>
    public override string ToString() => In() ?? "";

    /// <summary>The names among tag and text pairs; of two with one tag the first counts.</summary>
    internal static DisplayNames From(IEnumerable<(string? Language, string? Text)> names)
    {
        var texts = new List<KeyValuePair<string, string>>();
        foreach (var (language, text) in names)
        {
            if (OneLine.Clean(text) is not { } clean) continue;
            var tag = language ?? "";
            if (texts.Count < MaxLanguages && !texts.Exists(other => Same(other.Key, tag))) texts.Add(new(tag, clean));
        }
        return texts.Count == 0 ? None : new DisplayNames(texts);
    }

    internal static DisplayNames FromStored(JsonElement stored) => From(
        stored.EnumerateObject().Select(member => ((string?)member.Name, member.Value.GetString())));

    internal JsonObject ToStored() => new(_texts.Select(text => KeyValuePair.Create(text.Key, (JsonNode?)JsonValue.Create(text.Value))));

    private string? Find(Func<string, bool> accepts) => _texts.FirstOrDefault(text => accepts(text.Key)).Value;

    private static bool Same(string? left, string? right) => string.Equals(left, right, StringComparison.OrdinalIgnoreCase);

    private static string Primary(string tag) => tag.Split('-', 2)[0];
}
