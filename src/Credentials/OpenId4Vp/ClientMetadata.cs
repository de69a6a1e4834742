using System.Text.Json;
using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.Jose;

namespace Credentials.OpenId4Vp;

/// <summary>What a verifier says about itself in a request (OpenID4VP 1.0 §5.1, §11.1).</summary>
public sealed record ClientMetadata
{
    private const string Code = OpenId4VpCodes.RequestMalformed;
    private const int MaxFormats = 32;
    private const int MaxAlgorithms = 32;

    /// <summary>Public JWKs to which the answer can be encrypted.</summary>
    public IReadOnlyList<JsonElement> Jwks { get; init; } = [];

    /// <summary>Formats that the verifier takes, and with which algorithms: format → parameters.</summary>
    public JsonElement? VpFormatsSupported { get; init; }

    /// <summary>Content encryptions of which one must be used; <c>A128GCM</c> where the request names none.</summary>
    public IReadOnlyList<string> EncryptionValues { get; init; } = [JweEncryption.A128Gcm];

    /// <summary>What the verifier calls itself. Nobody vouches for it: never to be shown as the verified name.</summary>
    public string? UnverifiedClientName { get; init; }

    /// <summary>
    /// Reads <c>client_metadata</c>; members not listed here are ignored (§5.1), <c>logo_uri</c> among them on purpose. No profile that is
    /// supported defines it. Who asks is told by the name that an authority vouches for: none vouches for a picture, and beside that name
    /// anybody's would look as if one did. And to fetch it before the holder has decided would tell whoever serves it, who need not be the
    /// verifier, that this holder is looking at this request.
    /// </summary>
    /// <exception cref="MalformedDataException"><see cref="OpenId4VpCodes.RequestMalformed"/>.</exception>
    public static ClientMetadata Parse(JsonElement json)
    {
        json.RequireObject(Code);
        var formats = json.OptionalObject(OpenId4VpNames.VpFormatsSupported, Code);
        if (formats?.EnumerateObject().Count() > MaxFormats) throw new MalformedDataException(Code, "Too many formats.");
        var encryptions = json.OptionalStringArray(OpenId4VpNames.EncryptedResponseEncValues, Code);
        if (encryptions?.Count is 0 or > MaxAlgorithms) throw new MalformedDataException(Code, "The list of encryption algorithms is empty or too long.");
        return new ClientMetadata
        {
            Jwks = json.OptionalObject(OpenId4VpNames.Jwks, Code) is { } jwks ? Jwk.ParseSet(jwks) : [],
            VpFormatsSupported = formats,
            EncryptionValues = encryptions ?? [JweEncryption.A128Gcm],
            UnverifiedClientName = json.OptionalString(OpenId4VpNames.ClientName, Code),
        };
    }

    /// <summary>The wire form.</summary>
    public JsonObject ToJson()
    {
        var json = new JsonObject();
        if (Jwks.Count > 0)
        {
            json[OpenId4VpNames.Jwks] = new JsonObject { [OpenId4VpNames.Keys] = new JsonArray([.. Jwks.Select(StrictJson.ToNode)]) };
            json[OpenId4VpNames.EncryptedResponseEncValues] = new JsonArray([.. EncryptionValues.Select(value => (JsonNode)value)]);
        }
        if (VpFormatsSupported is { } formats) json[OpenId4VpNames.VpFormatsSupported] = StrictJson.ToNode(formats);
        if (UnverifiedClientName is not null) json[OpenId4VpNames.ClientName] = UnverifiedClientName;
        return json;
    }
}
