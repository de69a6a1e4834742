using System.Text;
using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.Jose;
using Credentials.Keys;

namespace Credentials.OpenId4Vci;

/// <summary>Credential requests and deferred requests encrypted to the issuer (OpenID4VCI §10), media type <see cref="OpenId4VciNames.JwtMediaType"/>.</summary>
public static class EncryptedRequest
{
    /// <summary>Encrypts a request with the first key of the issuer that can be used and the strongest algorithm that it takes.</summary>
    /// <exception cref="NotSupportedCredentialException"><c>vci.request_encryption</c>: nothing that the issuer offers can be used.</exception>
    public static ValueTask<string> CreateAsync(JsonObject request, RequestEncryptionMetadata offered)
    {
        var encryption = JweEncryption.All.FirstOrDefault(offered.Encryptions.Contains);
        foreach (var jwk in offered.Keys)
        {
            if (encryption is null) break;
            try
            {
                // §10: 'alg' must be there.
                if (jwk.RequireString("alg", OpenId4VciCodes.RequestEncryption) != JoseNames.EcdhEs) continue;
                var key = Jwk.ParseKeyAgreement(jwk);
                return Jwe.EncryptAsync(StrictJson.ToUtf8(request), key, encryption, jwk.OptionalString(JoseNames.Kid, OpenId4VciCodes.RequestEncryption));
            }
            catch (CredentialException)
            {
                // Another key may do (§10).
            }
        }

        throw new NotSupportedCredentialException(OpenId4VciCodes.RequestEncryption, "No key or algorithm of the issuer is usable for encryption.");
    }

    /// <summary>Decrypts a request.</summary>
    /// <param name="body">The body as received.</param>
    /// <param name="key">The issuer's key.</param>
    /// <param name="keyId">Its <c>kid</c>, which the request must name (§10).</param>
    /// <exception cref="ProtocolException"><c>invalid_encryption_parameters</c>, whatever is wrong.</exception>
    public static async ValueTask<byte[]> DecryptAsync(ReadOnlyMemory<byte> body, IKeyAgreementKey key, string keyId, CancellationToken ct = default)
    {
        try
        {
            var jwe = CompactJwe.Parse(Encoding.ASCII.GetString(body.Span));
            return jwe.KeyId == keyId
                ? await Jwe.DecryptAsync(jwe, key, JweEncryption.All, ct).ConfigureAwait(false)
                : throw Refused("The request is not encrypted to the key of the metadata.");
        }
        catch (MalformedDataException e)
        {
            throw Refused(e.Message);
        }
    }

    private static ProtocolException Refused(string message) =>
        new(OpenId4VciCodes.RequestEncryption, OpenId4VciNames.InvalidEncryptionParameters, message, 400);
}
