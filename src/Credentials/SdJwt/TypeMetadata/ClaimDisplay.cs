using System.Text.Json;
using System.Text.Json.Nodes;
using Credentials.Codecs;

namespace Credentials.SdJwt.TypeMetadata;

/// <summary>What a claim is called in one language (SD-JWT VC §5.6.2). The texts are somebody else's: escape them.</summary>
/// <param name="Locale">The language tag (RFC 5646).</param>
/// <param name="Label">The label for end users.</param>
/// <param name="Description">A description for end users.</param>
public sealed record ClaimDisplay(string Locale, string Label, string? Description = null)
{
    private const string Code = SdJwtCodes.TypeMetadataMalformed;

    /// <summary>Reads one entry from untrusted JSON.</summary>
    /// <exception cref="MalformedDataException"><see cref="SdJwtCodes.TypeMetadataMalformed"/>.</exception>
    public static ClaimDisplay Parse(JsonElement json) =>
        new(
            json.RequireString("locale", Code),
            DisplayableText.Clean(json.RequireString("label", Code), DisplayableText.MaxName),
            json.OptionalString("description", Code) is { } text ? DisplayableText.Clean(text, DisplayableText.MaxDescription) : null);

    /// <summary>The JSON form.</summary>
    public JsonObject ToJson()
    {
        var json = new JsonObject { ["locale"] = Locale, ["label"] = Label };
        TypeMetadataDocument.AddText(json, "description", Description);
        return json;
    }
}
