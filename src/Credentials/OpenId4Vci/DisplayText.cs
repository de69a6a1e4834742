using System.Text.Json;
using System.Text.Json.Nodes;
using Credentials.Codecs;

namespace Credentials.OpenId4Vci;

/// <summary>One entry of a <c>display</c> array (OpenID4VCI §12.2.4): how an issuer, a credential or a claim is shown in one language.</summary>
/// <param name="Name">The display name, if any. Untrusted text: escape it where it is shown.</param>
/// <param name="Locale">BCP 47 language tag, if any.</param>
public sealed record DisplayText(string? Name, string? Locale)
{
    /// <summary>A sentence about the credential.</summary>
    public string? Description { get; init; }

    /// <summary>Colour of the card as CSS number (<c>#12107c</c>).</summary>
    public string? BackgroundColor { get; init; }

    /// <summary>Colour of the text on the card.</summary>
    public string? TextColor { get; init; }

    /// <summary>Where the logo is: <c>https:</c>, or <c>http:</c> on this machine, or <c>data:</c>. Any other is not used (null).</summary>
    public string? LogoUri { get; init; }

    /// <summary>Alternative text of the logo.</summary>
    public string? LogoAltText { get; init; }

    /// <summary>Where the picture is that stands behind the card: as with <see cref="LogoUri"/>.</summary>
    public string? BackgroundImageUri { get; init; }

    /// <summary>Reads one entry.</summary>
    /// <exception cref="MalformedDataException">A member has the wrong type.</exception>
    public static DisplayText Parse(JsonElement json, string code)
    {
        json.RequireObject(code);
        var logo = json.OptionalObject("logo", code);
        return new DisplayText(json.OptionalString("name", code), json.OptionalString("locale", code))
        {
            Description = json.OptionalString("description", code),
            BackgroundColor = json.OptionalString("background_color", code),
            TextColor = json.OptionalString("text_color", code),
            LogoUri = ReadUri(logo, code),
            LogoAltText = logo?.OptionalString("alt_text", code),
            BackgroundImageUri = ReadUri(json.OptionalObject("background_image", code), code),
        };
    }

    /// <summary>Reads a <c>display</c> array; absent is empty.</summary>
    /// <exception cref="MalformedDataException">Not an array of objects, or one language twice.</exception>
    public static IReadOnlyList<DisplayText> ParseAll(JsonElement parent, string code)
    {
        if (parent.OptionalArray("display", code) is not { } array)
            return [];
        var result = array.EnumerateArray().Select(item => Parse(item, code)).ToList();
        // §12.2.4: "only one object for each language identifier".
        if (result.Where(d => d.Locale is not null).GroupBy(d => d.Locale, StringComparer.OrdinalIgnoreCase).Any(g => g.Count() > 1))
            throw new MalformedDataException(code, "A display array has two entries for one language.");
        return result;
    }

    /// <summary>Picks the entry for a language ("ko" matches "ko-KR"), else the one without a language, else the first.</summary>
    public static DisplayText? For(IReadOnlyList<DisplayText> entries, string language)
    {
        bool Matches(DisplayText d) => d.Locale is not null
            && (d.Locale.Equals(language, StringComparison.OrdinalIgnoreCase)
                || d.Locale.StartsWith(language + "-", StringComparison.OrdinalIgnoreCase)
                || language.StartsWith(d.Locale + "-", StringComparison.OrdinalIgnoreCase));
        return entries.FirstOrDefault(Matches) ?? entries.FirstOrDefault(d => d.Locale is null) ?? entries.FirstOrDefault();
    }

    /// <summary>Writes the entry.</summary>
    public JsonObject ToJson()
    {
        var json = new JsonObject();
        json.AddText("name", Name);
        json.AddText("locale", Locale);
        json.AddText("description", Description);
        json.AddText("background_color", BackgroundColor);
        json.AddText("text_color", TextColor);
        if (LogoUri is not null)
        {
            var logo = new JsonObject { ["uri"] = LogoUri };
            logo.AddText("alt_text", LogoAltText);
            json["logo"] = logo;
        }

        if (BackgroundImageUri is not null) json["background_image"] = new JsonObject { ["uri"] = BackgroundImageUri };
        return json;
    }

    private static string? ReadUri(JsonElement? picture, string code) => picture?.OptionalString("uri", code) is { } uri && IsUsable(uri) ? uri : null;

    private static bool IsUsable(string uri) =>
        uri.StartsWith("https:", StringComparison.Ordinal) || uri.StartsWith("data:", StringComparison.Ordinal)
        || (uri.StartsWith("http:", StringComparison.Ordinal) && Uri.TryCreate(uri, UriKind.Absolute, out var url) && url.IsLoopback);
}
