using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.Jose;
using Credentials.Keys;
using Credentials.Trust;
using Credentials.X509;

namespace Credentials.OpenId4Vci;

/// <summary>Credential issuer metadata as a signed JWT (OpenID4VCI §12.2.3) with its chain in <c>x5c</c> (HAIP §4.1).</summary>
public static class SignedIssuerMetadata
{
    private const string Bad = OpenId4VciCodes.SignedMetadata;
    private const int MaxLength = 1024 * 1024;

    private static readonly TimeSpan s_skew = TimeSpan.FromMinutes(1);

    /// <summary>Signs metadata.</summary>
    /// <param name="metadata">The metadata.</param>
    /// <param name="key">The signer's key.</param>
    /// <param name="chain">Its certificates, leaf first; the anchor is left out.</param>
    /// <param name="now">The time it is made at.</param>
    /// <param name="lifetime">How long it can be used.</param>
    public static ValueTask<string> CreateAsync(
        CredentialIssuerMetadata metadata, ISigningKey key, IEnumerable<X509Certificate2> chain, DateTimeOffset now, TimeSpan lifetime, CancellationToken ct = default)
    {
        var payload = metadata.ToJson();
        payload["iss"] = metadata.CredentialIssuer;
        payload["sub"] = metadata.CredentialIssuer;
        payload["iat"] = NumericDate.From(now);
        payload["exp"] = NumericDate.From(now + lifetime);
        return Jws.SignAsync(new JsonObject { ["typ"] = OpenId4VciNames.SignedMetadataType, ["x5c"] = X5c.ForHeader(chain) }, payload, key, ct);
    }

    /// <summary>Verifies signed metadata and reads it.</summary>
    /// <param name="jwt">The document.</param>
    /// <param name="credentialIssuer">The identifier it was fetched for.</param>
    /// <param name="trust">Authorities of <see cref="TrustPurpose.CredentialIssuer"/>; whoever signs must stand under one.</param>
    /// <param name="now">The time of verification.</param>
    /// <param name="allowLoopbackHttp">Whether plain http URLs to this machine are allowed.</param>
    /// <exception cref="MalformedDataException">The document is not to be used; nothing of it has been looked at.</exception>
    public static CredentialIssuerMetadata Verify(string jwt, string credentialIssuer, TrustStore trust, DateTimeOffset now, bool allowLoopbackHttp)
    {
        var token = CompactJws.Parse(jwt, MaxLength);
        token.RequireType(OpenId4VciNames.SignedMetadataType);
        var chain = X5c.DerOf(token) ?? throw Refused("The signed metadata has no x5c.");
        if (trust.EvaluateChain(chain, TrustPurpose.CredentialIssuer, null, now).Key is not { } key)
            throw Refused("The signer of the metadata is not trusted.");
        if (!token.VerifySignature(key)) throw Refused("The signature of the metadata does not verify.");
        var payload = token.PayloadObject;
        if (payload.RequireString("sub", Bad) != credentialIssuer)
            throw new MalformedDataException(OpenId4VciCodes.IssuerMismatch, "The signed metadata belongs to another credential issuer.");
        var issuedAt = payload.OptionalNumericDate("iat", Bad) ?? throw Refused("The signed metadata has no 'iat'.");
        if (issuedAt > now + s_skew || payload.OptionalNumericDate("exp", Bad) <= now - s_skew) throw Refused("The signed metadata has expired or is from the future.");
        return CredentialIssuerMetadata.Parse(payload, credentialIssuer, allowLoopbackHttp);
    }

    private static MalformedDataException Refused(string message) => new(Bad, message);
}
