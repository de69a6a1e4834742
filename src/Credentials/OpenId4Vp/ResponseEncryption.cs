using Credentials.Codecs;
using Credentials.Jose;
using Credentials.Keys;

namespace Credentials.OpenId4Vp;

/// <summary>The key and algorithm with which an answer is encrypted (OpenID4VP 1.0 §8.3): ECDH-ES on P-256 with AES-GCM.</summary>
/// <param name="Key">The verifier's key for this request.</param>
/// <param name="KeyId">Its <c>kid</c>, repeated in the answer.</param>
/// <param name="Algorithm">The content encryption, one of <see cref="JweEncryption"/>.</param>
public sealed record ResponseEncryption(KeyAgreementPublicKey Key, string? KeyId, string Algorithm)
{
    /// <summary>The first key on offer that can be used, with the strongest algorithm on offer; the others are ignored.</summary>
    /// <exception cref="ProtocolException"><c>invalid_request</c> (<see cref="OpenId4VpCodes.Encryption"/>): nothing on offer is usable.</exception>
    public static ResponseEncryption Choose(ClientMetadata? metadata)
    {
        var algorithm = JweEncryption.All.FirstOrDefault(name => metadata?.EncryptionValues.Contains(name) == true);
        foreach (var jwk in metadata?.Jwks ?? [])
        {
            if (algorithm is null) break;
            try
            {
                var key = Jwk.ParseKeyAgreement(jwk);
                return new ResponseEncryption(key, jwk.OptionalString(JoseNames.Kid, OpenId4VpCodes.Encryption), algorithm);
            }
            catch (CredentialException)
            {
                // §8.3: the wallet selects among the keys by what it supports.
            }
        }
        throw new ProtocolException(OpenId4VpCodes.Encryption, OpenId4VpErrors.InvalidRequest, "No key or algorithm on offer is usable for encryption.");
    }

    /// <summary>The form fields of an answer encrypted this way.</summary>
    public async ValueTask<IReadOnlyDictionary<string, string>> EncryptAsync(AuthorizationResponse response) =>
        new Dictionary<string, string>(StringComparer.Ordinal)
        {
            [OpenId4VpNames.Response] = await Jwe.EncryptAsync(StrictJson.ToUtf8(response.ToJson()), Key, Algorithm, KeyId).ConfigureAwait(false),
        };
}
