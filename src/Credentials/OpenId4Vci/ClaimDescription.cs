using System.Text.Json;
using System.Text.Json.Nodes;
using Credentials.Codecs;

namespace Credentials.OpenId4Vci;

/// <summary>A claims description object of the issuer metadata (OpenID4VCI Appendix B.2).</summary>
/// <param name="Path">Claims path pointer of the claim or claims.</param>
/// <param name="Mandatory">True when the issuer always includes the claim.</param>
/// <param name="Display">Names of the claim by language.</param>
public sealed record ClaimDescription(ClaimPath Path, bool Mandatory, IReadOnlyList<DisplayText> Display)
{
    /// <summary>Reads one description.</summary>
    /// <exception cref="MalformedDataException">No usable path, or a member of the wrong type.</exception>
    public static ClaimDescription Parse(JsonElement json, string code)
    {
        json.RequireObject(code);
        return new ClaimDescription(
            ClaimPath.Parse(json.RequireArray("path", code)),
            json.OptionalBoolean("mandatory", code) ?? false,
            DisplayText.ParseAll(json, code));
    }

    /// <summary>Writes the description.</summary>
    public JsonObject ToJson()
    {
        var json = new JsonObject { ["path"] = Path.ToJson() };
        if (Mandatory)
            json["mandatory"] = true;
        json.AddList("display", Display.Select(display => display.ToJson()));
        return json;
    }
}
