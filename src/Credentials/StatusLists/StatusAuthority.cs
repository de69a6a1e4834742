using Credentials.Trust;
using Credentials.X509;
using PublicKey = Credentials.Keys.PublicKey;

namespace Credentials.StatusLists;

/// <summary>
/// Whom the status of a credential must come from: its issuer, or a signer under the same authority (Token Status List §11.3).
/// Another trusted agency's list is refused.
/// </summary>
/// <param name="Trust">The trust store that accepted the credential's issuer.</param>
/// <param name="Anchor">The anchor that the issuer was accepted under.</param>
/// <param name="IssuerKey">The key that signed the credential; it verifies tokens that carry no certificates.</param>
/// <param name="Type">The credential's type, for anchors that are limited to types.</param>
public sealed record StatusAuthority(TrustStore Trust, TrustAnchor Anchor, PublicKey? IssuerKey = null, string? Type = null)
{
    internal string? FindSignerProblem(StatusEnvelope token, DateTimeOffset now)
    {
        var key = IssuerKey;
        if (token.Chain is { } chain)
        {
            var decision = Trust.EvaluateChain(chain, TrustPurpose.StatusSigner, Type, now);
            key = decision.Anchor?.Id == Anchor.Id ? decision.Key : null;
        }

        if (key is null)
        {
            return StatusListCodes.SignerNotTrusted;
        }

        return token.VerifySignature(key) ? null : StatusListCodes.SignatureInvalid;
    }

    /// <summary>
    /// Whom the list of this reference must come from: where the issuer signed a certificate for that into the credential, signers under it
    /// and nobody else (ISO/IEC 18013-5 second edition §12.3.6.2).
    /// </summary>
    /// <exception cref="MalformedDataException"><c>x509.malformed</c>.</exception>
    internal StatusAuthority For(CredentialStatus status)
    {
        if (status.Certificate is not { } certificate)
        {
            return this;
        }

        var anchor = TrustAnchor.ForCertificate(CertificateReader.FromDer(certificate.Span), TrustPurpose.StatusSigner);
        return new StatusAuthority(TrustStore.Create([anchor]), anchor, IssuerKey: null, Type);
    }
}
