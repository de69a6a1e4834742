using System.Text;
using Credentials.Issuer.Http;
using Credentials.Issuer.Keys;
using Credentials.OpenId4Vci;

namespace Credentials.Issuer.Issuance;

/// <summary>Bodies of the credential and deferred endpoints, encrypted or not (OpenID4VCI §8.2, §9.1, §10).</summary>
internal sealed class SecureMessages(EncryptionKey key, IssuerOptions options)
{
    /// <summary>The JSON of a request, and whether it came encrypted.</summary>
    /// <exception cref="ProtocolException">Neither JSON nor a JWE to our key, or plain where encryption is demanded.</exception>
    internal async Task<(byte[] Json, bool WasEncrypted)> OpenAsync(HttpContext http, byte[] body)
    {
        if (RequestBody.IsType(http.Request, OpenId4VciNames.JwtMediaType))
            return (await EncryptedRequest.DecryptAsync(body, key.Key, key.Id, http.RequestAborted), true);
        if (options.RequireEncryption)
            throw new ProtocolException(IssuerCodes.EncryptionNeeded, OpenId4VciNames.InvalidEncryptionParameters, "Requests must be encrypted.", 400);
        return RequestBody.IsType(http.Request, "application/json")
            ? (body, false)
            : throw new ProtocolException(OpenId4VciCodes.CredentialRequest, OpenId4VciNames.InvalidCredentialRequest, "The request must be application/json or application/jwt.", 400);
    }

    /// <exception cref="ProtocolException"><c>invalid_encryption_parameters</c>: an encrypted answer is demanded and was not asked for.</exception>
    internal void RequireEncryption(CredentialResponseEncryption? wanted)
    {
        if (options.RequireEncryption && wanted is null)
            throw new ProtocolException(IssuerCodes.EncryptionNeeded, OpenId4VciNames.InvalidEncryptionParameters, "Answers must be encrypted: 'credential_response_encryption' is needed.", 400);
    }

    /// <summary>Writes an answer as the wallet asked for it. Errors never come this way: they are never encrypted (§8.3.1.2).</summary>
    internal static async Task WriteAsync(HttpContext http, byte[] answer, CredentialResponseEncryption? wanted, int status = StatusCodes.Status200OK)
    {
        if (wanted is null)
            await Answers.BytesAsync(http.Response, answer, "application/json", status);
        else
            await Answers.BytesAsync(http.Response, Encoding.ASCII.GetBytes(await wanted.EncryptAsync(answer)), OpenId4VciNames.JwtMediaType, status);
    }
}
