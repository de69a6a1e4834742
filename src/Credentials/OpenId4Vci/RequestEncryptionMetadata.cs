using System.Text.Json;
using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.Jose;
using Credentials.Keys;

namespace Credentials.OpenId4Vci;

/// <summary>What the issuer says about encrypted requests (<c>credential_request_encryption</c>, OpenID4VCI §12.2.4).</summary>
/// <param name="Keys">The issuer's keys as JWKs, unread: one that cannot be used does not spoil the others.</param>
/// <param name="Encryptions">Content encryptions that it takes.</param>
/// <param name="IsRequired">Whether every request must be encrypted.</param>
public sealed record RequestEncryptionMetadata(IReadOnlyList<JsonElement> Keys, IReadOnlyList<string> Encryptions, bool IsRequired)
{
    private const string Code = OpenId4VciCodes.IssuerMetadata;

    /// <summary>Our own: one P-256 key with every algorithm that we can decrypt.</summary>
    public static RequestEncryptionMetadata For(KeyAgreementPublicKey key, string keyId, bool isRequired) =>
        new([StrictJson.ToElement(Jwk.Write(key, keyId))], JweEncryption.All, isRequired);

    internal static RequestEncryptionMetadata? ReadFrom(JsonElement metadata) =>
        metadata.OptionalObject("credential_request_encryption", Code) is { } json
            ? new RequestEncryptionMetadata(
                Jwk.ParseSet(json.RequireObjectMember("jwks", Code)), json.Texts("enc_values_supported", Code),
                json.OptionalBoolean("encryption_required", Code) ?? throw new MalformedDataException(Code, "'encryption_required' is missing."))
            : null;

    internal JsonObject ToJson()
    {
        var json = new JsonObject { ["jwks"] = new JsonObject { ["keys"] = new JsonArray([.. Keys.Select(StrictJson.ToNode)]) } };
        json.AddTexts("enc_values_supported", Encryptions);
        json["encryption_required"] = IsRequired;
        return json;
    }
}
