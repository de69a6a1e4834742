using System.Text.Json;
using System.Text.Json.Nodes;
using Credentials.Codecs;

namespace Credentials.OpenId4Vci;

/// <summary>An error answer of the token or credential endpoint (RFC 6749 §5.2, OpenID4VCI §8.3.1.2).</summary>
/// <param name="Error">The error code.</param>
/// <param name="Description">Text for developers; untrusted when it comes from a peer.</param>
public sealed record OAuthErrorResponse(string Error, string? Description = null)
{
    private const string Code = OpenId4VciCodes.ErrorResponse;

    /// <summary>Reads an error answer.</summary>
    /// <exception cref="MalformedDataException">No usable error code in it.</exception>
    public static OAuthErrorResponse Parse(JsonElement json)
    {
        json.RequireObject(Code);
        var error = json.RequireText("error", Code);
        // RFC 6749 §5.2: %x20-21 / %x23-5B / %x5D-7E.
        if (error.Length > 100 || error.Any(c => c is < ' ' or > '~' or '"' or '\\'))
            throw new MalformedDataException(Code, "The error code has characters that it cannot have.");
        return new OAuthErrorResponse(error, json.OptionalString("error_description", Code));
    }

    /// <summary>Writes the answer; characters that a description cannot have are left out.</summary>
    public JsonObject ToJson()
    {
        var json = new JsonObject { ["error"] = Error };
        json.AddText("error_description", Description is null ? null : string.Concat(Description.Where(c => c is >= ' ' and <= '~' and not ('"' or '\\'))));
        return json;
    }
}
