using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.Jose;
using Credentials.Keys;
using Credentials.X509;

namespace Credentials.OpenId4Vp;

/// <summary>Signs authorization requests (RFC 9101, OpenID4VP 1.0 §5).</summary>
public static class RequestObject
{
    private const int StateBits128 = 22;

    /// <summary>Signs a request for a wallet that is not known beforehand (§5.8).</summary>
    /// <param name="request">The request; its client identifier belongs to the certificate.</param>
    /// <param name="key">The key of the certificate.</param>
    /// <param name="chain">The certificate first, then those above it, without the trust anchor (HAIP §5).</param>
    /// <param name="now">The time of signing.</param>
    /// <param name="lifetime">How long the request may be answered.</param>
    /// <param name="cancellationToken">Stops before signing.</param>
    /// <exception cref="ArgumentException">The request cannot be signed like this.</exception>
    public static ValueTask<string> SignAsync(
        AuthorizationRequest request, ISigningKey key, IReadOnlyList<X509Certificate2> chain, DateTimeOffset now, TimeSpan lifetime,
        CancellationToken cancellationToken = default)
    {
        if (!RequestVerifier.Identifies(request.ClientId, chain[0])) throw new ArgumentException("The client identifier is not the certificate's.", nameof(request));
        if (!Keys.PublicKey.FromCertificate(chain[0]).Equals(key.PublicKey)) throw new ArgumentException("The key is not the certificate's.", nameof(key));
        RequireBinding(request);
        var payload = request.ToJson();
        payload[OpenId4VpNames.Aud] = OpenId4VpNames.StaticAudience;
        payload[OpenId4VpNames.Iat] = NumericDate.From(now);
        payload[OpenId4VpNames.Exp] = NumericDate.From(now + lifetime);
        var header = new JsonObject { [JoseNames.Typ] = OpenId4VpNames.RequestObjectType, [JoseNames.X5c] = X5c.ToJson(chain) };
        return Jws.SignAsync(header, payload, key, cancellationToken);
    }

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
