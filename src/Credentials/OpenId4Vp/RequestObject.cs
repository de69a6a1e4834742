using System.Security.Cryptography.X509Certificates;
using Credentials.Codecs;
using Credentials.Jose;
using Credentials.Keys;

namespace Credentials.OpenId4Vp;

/// <summary>Signs authorization requests (RFC 9101, OpenID4VP 1.0 §5).</summary>
public static class RequestObject
{
    private const int StateBits128 = 22;

    /// <summary>Signs a request for a wallet that is not known beforehand (§5.8).</summary>
    /// <param name="request">The request; its client identifier is the signer's.</param>
    /// <param name="signer">Who signs.</param>
    /// <param name="now">The time of signing.</param>
    /// <param name="lifetime">How long the request may be answered.</param>
    /// <param name="cancellationToken">Stops before signing.</param>
    /// <exception cref="ArgumentException">The request cannot be signed like this.</exception>
    public static ValueTask<string> SignAsync(
        AuthorizationRequest request, ClientSigner signer, DateTimeOffset now, TimeSpan lifetime, CancellationToken cancellationToken = default)
    {
        if (request.ClientId != signer.ClientId) throw new ArgumentException("The client identifier is not the signer's.", nameof(request));
        RequireBinding(request);
        var payload = request.ToJson();
        payload[OpenId4VpNames.Aud] = OpenId4VpNames.StaticAudience;
        payload[OpenId4VpNames.Iat] = NumericDate.From(now);
        payload[OpenId4VpNames.Exp] = NumericDate.From(now + lifetime);
        return Jws.SignAsync(signer.Header(), payload, signer.Key, cancellationToken);
    }

    /// <summary>Signs with a certificate.</summary>
    /// <param name="key">The key of the certificate.</param>
    /// <param name="chain">The certificate first, then those above it, without the trust anchor (HAIP §5).</param>
    /// <inheritdoc cref="SignAsync(AuthorizationRequest, ClientSigner, DateTimeOffset, TimeSpan, CancellationToken)"/>
    public static ValueTask<string> SignAsync(
        AuthorizationRequest request, ISigningKey key, IReadOnlyList<X509Certificate2> chain, DateTimeOffset now, TimeSpan lifetime,
        CancellationToken cancellationToken = default) =>
        SignAsync(request, ClientSigner.ForCertificate(request.ClientId, key, chain), now, lifetime, cancellationToken);

    /// <summary>
    /// A presentation without holder binding does not repeat the nonce, so that only a fresh state binds it to the request (§5.3).
    /// </summary>
    /// <exception cref="ArgumentException">The query asks for one, and the state is missing or too short for 128 bits.</exception>
    public static void RequireBinding(AuthorizationRequest request)
    {
        if (request.DcqlQuery.Credentials.Any(credential => !credential.RequireHolderBinding) && !(request.State?.Length >= StateBits128))
            throw new ArgumentException("A query without holder binding needs a state of at least 128 bits.", nameof(request));
    }
}
