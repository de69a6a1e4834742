using System.Text.Json;
using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.Jose;
using Credentials.Keys;

namespace Credentials.OpenId4Vci;

/// <summary>How the wallet wants the answer encrypted (<c>credential_response_encryption</c>, OpenID4VCI §8.2): ECDH-ES on P-256 with AES-GCM.</summary>
/// <param name="Key">The wallet's key.</param>
/// <param name="Encryption">The content encryption, one of <see cref="JweEncryption"/>.</param>
/// <param name="KeyId">The <c>kid</c> of the key, repeated in the answer.</param>
public sealed record CredentialResponseEncryption(KeyAgreementPublicKey Key, string Encryption, string? KeyId = null)
{
    private const string Code = OpenId4VciCodes.ResponseEncryption;

    /// <summary>Encrypts an answer; its media type is <see cref="OpenId4VciNames.JwtMediaType"/>.</summary>
    public ValueTask<string> EncryptAsync(ReadOnlyMemory<byte> answer) => Jwe.EncryptAsync(answer, Key, Encryption, KeyId);

    internal static CredentialResponseEncryption? ReadFrom(JsonElement request)
    {
        if (request.Member("credential_response_encryption") is not { } json) return null;
        try
        {
            json.RequireObject(Code);
            // §10: no compression was offered.
            if (json.Member("zip") is not null) throw Refused("Compression is not served.");
            var jwk = json.RequireObjectMember("jwk", Code);
            // §10: the key names its algorithm.
            if (jwk.RequireString("alg", Code) != JoseNames.EcdhEs) throw Refused("The key's 'alg' is not served.");
            var encryption = json.RequireString("enc", Code);
            if (!JweEncryption.All.Contains(encryption)) throw Refused("This 'enc' is not served.");
            return new CredentialResponseEncryption(Jwk.ParseKeyAgreement(jwk), encryption, jwk.OptionalString(JoseNames.Kid, Code));
        }
        catch (CredentialException e) when (e is MalformedDataException or NotSupportedCredentialException)
        {
            throw Refused(e.Message);
        }
    }

    internal JsonObject ToJson() => new() { ["jwk"] = Jwk.Write(Key, KeyId), ["enc"] = Encryption };

    private static ProtocolException Refused(string message) => new(Code, OpenId4VciNames.InvalidEncryptionParameters, message, 400);
}
