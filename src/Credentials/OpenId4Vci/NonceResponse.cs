using System.Text.Json;
using System.Text.Json.Nodes;
using Credentials.Codecs;

namespace Credentials.OpenId4Vci;

/// <summary>The answer of the nonce endpoint (OpenID4VCI §7.2).</summary>
/// <param name="CNonce">The nonce to put into key proofs.</param>
public sealed record NonceResponse(string CNonce)
{
    private const string Code = OpenId4VciCodes.NonceResponse;

    /// <summary>Reads a response; unknown parameters are ignored.</summary>
    /// <exception cref="MalformedDataException">No nonce in it.</exception>
    public static NonceResponse Parse(JsonElement json)
    {
        json.RequireObject(Code);
        var nonce = json.RequireText("c_nonce", Code);
        return nonce.Length <= 4096 ? new NonceResponse(nonce) : throw new MalformedDataException(Code, "'c_nonce' is too long.");
    }

    /// <summary>Writes the response.</summary>
    public JsonObject ToJson() => new() { ["c_nonce"] = CNonce };
}
