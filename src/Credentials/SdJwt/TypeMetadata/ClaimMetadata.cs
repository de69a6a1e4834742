using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Credentials.Codecs;

namespace Credentials.SdJwt.TypeMetadata;

/// <summary>What a type says about one claim or set of claims (SD-JWT VC §5.6).</summary>
/// <param name="Path">Which claims.</param>
public sealed partial record ClaimMetadata(ClaimPath Path)
{
    private const string Code = SdJwtCodes.TypeMetadataMalformed;

    /// <summary>What it is called, by language.</summary>
    public IReadOnlyList<ClaimDisplay> Display { get; init; } = [];

    /// <summary>Whether every credential of the type has it.</summary>
    public bool IsMandatory { get; init; }

    /// <summary>Whether the document says in words that it is not mandatory, which an extending type may not.</summary>
    internal bool SaysOptional { get; init; }

    /// <summary>Whether it is selectively disclosable; null where the document does not say, which means allowed.</summary>
    public SelectiveDisclosure? SelectiveDisclosure { get; init; }

    /// <summary>Its name in SVG templates.</summary>
    public string? SvgId { get; init; }

    /// <summary>Reads one entry from untrusted JSON.</summary>
    /// <exception cref="MalformedDataException"><see cref="SdJwtCodes.TypeMetadataMalformed"/>.</exception>
    public static ClaimMetadata Parse(JsonElement json)
    {
        var svgId = json.OptionalString("svg_id", Code);
        if (svgId is not null && !SvgName().IsMatch(svgId)) throw new MalformedDataException(Code, "An svg_id is not a name.");
        return new ClaimMetadata(ClaimPath.Parse(json.RequireArray("path", Code), Code))
        {
            Display = TypeMetadataDocument.ReadEach(json, "display", ClaimDisplay.Parse),
            IsMandatory = json.OptionalBoolean("mandatory", Code) ?? false,
            SaysOptional = json.OptionalBoolean("mandatory", Code) == false,
            SvgId = svgId,
            SelectiveDisclosure = json.OptionalString("sd", Code) switch
            {
                null => null,
                "allowed" => TypeMetadata.SelectiveDisclosure.Allowed,
                "always" => TypeMetadata.SelectiveDisclosure.Always,
                "never" => TypeMetadata.SelectiveDisclosure.Never,
                _ => throw new MalformedDataException(Code, "An sd value is unknown."),
            },
        };
    }

    /// <summary>The JSON form.</summary>
    public JsonObject ToJson()
    {
        var json = new JsonObject { ["path"] = Path.ToJson() };
        TypeMetadataDocument.AddEach(json, "display", Display, display => display.ToJson());
        if (IsMandatory || SaysOptional) json["mandatory"] = IsMandatory;
        if (SelectiveDisclosure is { } rule) json["sd"] = rule.ToString().ToLowerInvariant();
        TypeMetadataDocument.AddText(json, "svg_id", SvgId);
        return json;
    }

    [GeneratedRegex("\\A[A-Za-z_][A-Za-z0-9_]*\\z", RegexOptions.CultureInvariant)]
    private static partial Regex SvgName();
}
