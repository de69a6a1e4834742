using System.Text;
using System.Text.Json;
using Credentials.Codecs;
using Credentials.Http;
using Credentials.Jose;
using Credentials.OpenId4Vci;
using Credentials.Trust;
using Credentials.X509;

namespace Credentials.Wallet.Core.Issuance;

/// <summary>Fetches Credential Issuer Metadata, plain or signed (OpenID4VCI 1.0 §12.2).</summary>
internal sealed class IssuerMetadataReader(WalletContext wallet, TrustStore trust)
{
    private const string SignedType = "openidvci-issuer-metadata+jwt";
    private const string SignedMediaType = "application/jwt";
    private const string Code = WalletCodes.SignedMetadataRefused;

    // §12.2.2: who names the signed form asks for it, and must then be able to trust its signer.
    private static readonly FetchRule s_plainOrSigned = new(SignedMediaType, "application/json");

    private static readonly TimeSpan s_skew = TimeSpan.FromSeconds(60);

    /// <summary>The metadata, and whether a trusted authority vouches for who signed it.</summary>
    /// <exception cref="MalformedDataException">It is another issuer's, not well formed, or signed by somebody who is not trusted.</exception>
    public async Task<(CredentialIssuerMetadata Metadata, bool IsSignedByTrusted)> FetchAsync(string issuer, CancellationToken cancellationToken)
    {
        var http = wallet.Options.Http;
        var canTrust = trust.Anchors.Any(anchor => anchor.Certificate is not null && anchor.Covers(TrustPurpose.CredentialIssuer, null));
        var answer = await http.GetAsync(
            new Uri(CredentialIssuerMetadata.LocationFor(issuer)), canTrust ? s_plainOrSigned : FetchRule.Json, cancellationToken: cancellationToken)
            .ConfigureAwait(false);
        var isSigned = answer.ContentType == SignedMediaType;
        var json = isSigned ? ReadSigned(answer, issuer) : answer.ReadJsonObject(OpenId4VciCodes.IssuerMetadata);
        return (CredentialIssuerMetadata.Parse(json, issuer, http.AllowsLoopbackHttp), isSigned);
    }

    // §12.2.3
    private JsonElement ReadSigned(FetchedDocument answer, string issuer)
    {
        var jws = CompactJws.Parse(Encoding.UTF8.GetString(answer.Body.Span), maxLength: 1024 * 1024);
        jws.RequireType(SignedType);
        var chain = X5c.Of(jws) ?? throw Refused("The signed metadata has no certificate.");
        var decision = trust.EvaluateChain(chain, TrustPurpose.CredentialIssuer, type: null, wallet.Now);
        if (!decision.IsTrusted) throw Refused($"Who signed the metadata is not trusted ({decision.Code}).");
        if (!jws.VerifySignature(decision.Key!)) throw Refused("The signature of the metadata is wrong.");
        var claims = jws.PayloadObject;
        if (claims.RequireString("sub", Code) != issuer) throw Refused("The signed metadata is about another issuer.");
        if (claims.OptionalNumericDate("iat", Code) is not { } issuedAt || issuedAt > wallet.Now + s_skew)
            throw Refused("The signed metadata does not say when it was made.");
        if (claims.OptionalNumericDate("exp", Code) <= wallet.Now - s_skew) throw Refused("The signed metadata is out of date.");
        return claims;
    }

    private static MalformedDataException Refused(string message) => new(Code, message);
}
