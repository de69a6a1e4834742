using System.Text.Json;
using System.Text.Json.Nodes;
using Credentials.Codecs;

namespace Credentials.SdJwt.TypeMetadata;

/// <summary>How a type is shown in one language (SD-JWT VC §5.5). The texts are somebody else's: escape them.</summary>
/// <param name="Locale">The language tag (RFC 5646).</param>
/// <param name="Name">The name for end users.</param>
public sealed record TypeDisplay(string Locale, string Name)
{
    private const string Code = SdJwtCodes.TypeMetadataMalformed;

    /// <summary>A description for end users.</summary>
    public string? Description { get; init; }

    /// <summary>The rendering methods (SD-JWT VC §5.5.1), as they stand in the document.</summary>
    public JsonElement? Rendering { get; init; }

    /// <summary>Reads one entry from untrusted JSON.</summary>
    /// <exception cref="MalformedDataException"><see cref="SdJwtCodes.TypeMetadataMalformed"/>.</exception>
    public static TypeDisplay Parse(JsonElement json) =>
        new(json.RequireString("locale", Code), DisplayableText.Clean(json.RequireString("name", Code), DisplayableText.MaxName))
        {
            Description = json.OptionalString("description", Code) is { } text ? DisplayableText.Clean(text, DisplayableText.MaxDescription) : null,
            Rendering = json.OptionalObject("rendering", Code),
        };

    /// <summary>The JSON form.</summary>
    public JsonObject ToJson()
    {
        var json = new JsonObject { ["locale"] = Locale, ["name"] = Name };
        TypeMetadataDocument.AddText(json, "description", Description);
        if (Rendering is { } rendering) json["rendering"] = StrictJson.ToNode(rendering);
        return json;
    }
}
