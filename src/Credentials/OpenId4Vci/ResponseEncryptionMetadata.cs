using System.Text.Json;
using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.Jose;

namespace Credentials.OpenId4Vci;

/// <summary>What the issuer says about encrypted answers (<c>credential_response_encryption</c>, OpenID4VCI §12.2.4).</summary>
/// <param name="Algorithms">Key management algorithms that it can use.</param>
/// <param name="Encryptions">Content encryptions that it can use.</param>
/// <param name="IsRequired">Whether every answer is encrypted.</param>
public sealed record ResponseEncryptionMetadata(IReadOnlyList<string> Algorithms, IReadOnlyList<string> Encryptions, bool IsRequired)
{
    private const string Code = OpenId4VciCodes.IssuerMetadata;

    /// <summary>Our own: everything that we can encrypt with.</summary>
    public static ResponseEncryptionMetadata For(bool isRequired) => new([JoseNames.EcdhEs], JweEncryption.All, isRequired);

    internal static ResponseEncryptionMetadata? ReadFrom(JsonElement metadata) =>
        metadata.OptionalObject("credential_response_encryption", Code) is { } json
            ? new ResponseEncryptionMetadata(
                json.Texts("alg_values_supported", Code), json.Texts("enc_values_supported", Code),
                json.OptionalBoolean("encryption_required", Code) ?? throw new MalformedDataException(Code, "'encryption_required' is missing."))
            : null;

    internal JsonObject ToJson()
    {
        var json = new JsonObject();
        json.AddTexts("alg_values_supported", Algorithms);
        json.AddTexts("enc_values_supported", Encryptions);
        json["encryption_required"] = IsRequired;
        return json;
    }
}
