using System.Text.Json;
using System.Text.Json.Nodes;
using Credentials.Codecs;

namespace Credentials.SdJwt.TypeMetadata;

/// <summary>
/// A type metadata document (SD-JWT VC §5.2): what a credential type is called, how it is shown, and what its claims
/// are. Members that are not understood are ignored.
/// </summary>
/// <param name="Type"><c>vct</c>: the type that the document describes.</param>
public sealed record TypeMetadataDocument(string Type)
{
    /// <summary>Most claims of a type, and most languages of a type or claim.</summary>
    public const int MaxEntries = 1000;

    private const string Code = SdJwtCodes.TypeMetadataMalformed;

    /// <summary>A name for developers.</summary>
    public string? Name { get; init; }

    /// <summary>A description for developers.</summary>
    public string? Description { get; init; }

    /// <summary>The type that this one extends.</summary>
    public string? Extends { get; init; }

    /// <summary>The hash of the document of <see cref="Extends"/>.</summary>
    public string? ExtendsIntegrity { get; init; }

    /// <summary>How the type is shown, by language.</summary>
    public IReadOnlyList<TypeDisplay> Display { get; init; } = [];

    /// <summary>What is known about its claims.</summary>
    public IReadOnlyList<ClaimMetadata> Claims { get; init; } = [];

    /// <summary>Reads a document from untrusted JSON.</summary>
    /// <exception cref="MalformedDataException"><see cref="SdJwtCodes.TypeMetadataMalformed"/>.</exception>
    public static TypeMetadataDocument Parse(JsonElement json)
    {
        var document = new TypeMetadataDocument(json.RequireString("vct", Code))
        {
            Name = json.OptionalString("name", Code),
            Description = json.OptionalString("description", Code),
            Extends = json.OptionalString("extends", Code),
            ExtendsIntegrity = json.OptionalString("extends#integrity", Code),
            Display = ReadEach(json, "display", TypeDisplay.Parse),
            Claims = ReadEach(json, "claims", ClaimMetadata.Parse),
        };

        // SD-JWT VC §5.6: each svg_id is unique.
        var ids = document.Claims.Select(claim => claim.SvgId).OfType<string>().ToList();
        return ids.Distinct(StringComparer.Ordinal).Count() == ids.Count
            ? document
            : throw new MalformedDataException(Code, "An svg_id is used twice.");
    }

    /// <summary>The JSON form.</summary>
    public JsonObject ToJson()
    {
        var json = new JsonObject { ["vct"] = Type };
        AddText(json, "name", Name);
        AddText(json, "description", Description);
        AddText(json, "extends", Extends);
        AddText(json, "extends#integrity", ExtendsIntegrity);
        AddEach(json, "display", Display, display => display.ToJson());
        AddEach(json, "claims", Claims, claim => claim.ToJson());
        return json;
    }

    internal static IReadOnlyList<T> ReadEach<T>(JsonElement json, string name, Func<JsonElement, T> read)
    {
        if (json.OptionalArray(name, Code) is not { } array) return [];
        return array.GetArrayLength() <= MaxEntries
            ? [.. array.EnumerateArray().Select(read)]
            : throw new MalformedDataException(Code, "Type metadata describes too many claims or languages.");
    }

    internal static void AddText(JsonObject json, string name, string? value)
    {
        if (value is not null) json[name] = value;
    }

    internal static void AddEach<T>(JsonObject json, string name, IReadOnlyList<T> items, Func<T, JsonObject> write)
    {
        if (items.Count > 0) json[name] = new JsonArray([.. items.Select(item => (JsonNode)write(item))]);
    }
}
