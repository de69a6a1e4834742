using System.Text.Json;
using System.Text.Json.Nodes;
using Credentials.Codecs;

namespace Credentials.OpenId4Vp;

/// <summary>What a verifier's response endpoint tells the wallet (OpenID4VP 1.0 §8.2).</summary>
/// <param name="RedirectUri">Where the wallet must send the holder's browser; null: nowhere.</param>
public sealed record ResponseEndpointAnswer(Uri? RedirectUri)
{
    /// <summary>Reads the answer; unknown members are ignored.</summary>
    /// <exception cref="MalformedDataException">Not an object, or an address other than https.</exception>
    public static ResponseEndpointAnswer Parse(JsonElement json)
    {
        var text = json.RequireObject(OpenId4VpCodes.ResponseMalformed).OptionalString(OpenId4VpNames.RedirectUri, OpenId4VpCodes.ResponseMalformed);
        return new ResponseEndpointAnswer(
            text is null ? null : ServiceUrl.Require(text, allowLoopbackHttp: true, OpenId4VpCodes.ResponseMalformed, allowFragment: true));
    }

    /// <summary>The wire form.</summary>
    public JsonObject ToJson() => RedirectUri is null ? [] : new JsonObject { [OpenId4VpNames.RedirectUri] = RedirectUri.OriginalString };
}
