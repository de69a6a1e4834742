using System.Security.Cryptography.X509Certificates;
using Credentials.Cose;
using Credentials.Trust;
using Credentials.X509;
using PublicKey = Credentials.Keys.PublicKey;

namespace Credentials.QrDocuments;

/// <summary>What was found out about the signer of a document.</summary>
/// <param name="Fault">The code of what keeps the signer from being trusted; null: nothing.</param>
/// <param name="IsSigned">Whether the signer's key made the signature; null if there is no key to check it with.</param>
internal sealed record QrSigner(string? Fault, bool? IsSigned)
{
    /// <summary>The signer that is trusted itself, where the document names one.</summary>
    public PinnedSigner? Pinned { get; private init; }

    /// <summary>The anchor that vouches for the signer; null if none does.</summary>
    public TrustAnchor? Anchor { get; private init; }

    /// <summary>Its key, but for RSA.</summary>
    public PublicKey? Key { get; private init; }

    /// <summary>Its certificate, where there is one.</summary>
    public X509Certificate2? Certificate { get; private init; }

    /// <summary>The chain that it carried, if that is trusted, without the anchor.</summary>
    public IReadOnlyList<X509Certificate2>? Chain { get; private init; }

    /// <summary>Finds the signer by the chain that the document carries, or by its key identifier.</summary>
    public static QrSigner Find(QrDocument document, QrDocumentExpectations expected)
    {
        try
        {
            // HCERT §3.3.1: the key identifier alone. A chain that somebody put beside it would not be signed.
            if (!document.IsHcert && document.Message.Headers.X5Chain() is { } chain) return ByChain(document, chain, expected);
            return document.Message.Headers.KeyId() is { } keyId ? ByKeyId(document, keyId, expected) : new QrSigner(QrDocumentCodes.SignerMissing, null);
        }
        catch (CredentialException e)
        {
            return new QrSigner(e.Code, null);
        }
    }

    /// <summary>Whom the document's status must come from.</summary>
    public TrustAnchor Authority(QrDocument document, QrDocumentExpectations expected) => Pinned is null
        ? Anchor!
        : expected.Trust.AuthorityOf(Pinned, TrustPurpose.CredentialIssuer, document.Type, expected.Now);

    private static QrSigner ByChain(QrDocument document, IReadOnlyList<ReadOnlyMemory<byte>> chain, QrDocumentExpectations expected)
    {
        var decision = expected.Trust.EvaluateChain(chain, TrustPurpose.CredentialIssuer, document.Type, expected.Now, CertificateProfile.QrDocumentSigner);
        var certificate = decision.Certificate ?? ReadLeaf(chain[0]);
        var key = decision.Key ?? ReadKey(certificate);
        return new QrSigner(decision.Code, key is null ? null : document.Message.Verify(key))
        {
            Anchor = decision.Anchor,
            Key = key,
            Certificate = certificate,
            Chain = decision.Chain,
        };
    }

    private static QrSigner ByKeyId(QrDocument document, ReadOnlyMemory<byte> keyId, QrDocumentExpectations expected)
    {
        var named = expected.Trust.PinnedSigners(keyId.Span, TrustPurpose.CredentialIssuer);
        if (named.Count == 0)
            return new QrSigner(expected.Trust.Anchors.Any(anchor => anchor.Covers(TrustPurpose.CredentialIssuer, null)) ? TrustCodes.UnknownIssuer : TrustCodes.NoAnchors, null);
        // HCERT §3.3.3: identifiers are so short that two signers may share one. The one that signed is meant.
        QrSigner? found = null;
        foreach (var signer in named)
        {
            var fault = signer.FindProblem(document.UnverifiedClaims.Issuer, TrustPurpose.CredentialIssuer, document.Type, expected.Now);
            var one = new QrSigner(fault, IsSignedBy(document, signer))
            {
                Pinned = signer,
                Anchor = fault is null ? signer.Anchor : null,
                Key = signer.Key,
                Certificate = signer.Certificate,
            };
            if (one is { IsSigned: true, Fault: null }) return one;
            if (found is null || (one.IsSigned == true && found.IsSigned != true)) found = one;
        }

        return found!;
    }

    private static bool? IsSignedBy(QrDocument document, PinnedSigner signer)
    {
        if (signer.Key is { } key) return document.Message.Verify(key);
        if (signer.RsaKey is not { } rsa) return null;
        return document.Message.Headers.Algorithm == CoseNames.Ps256 && rsa.Verify(document.Message.ToBeSigned(), document.Message.Signature.Span);
    }

    private static X509Certificate2? ReadLeaf(ReadOnlyMemory<byte> der)
    {
        try
        {
            return CertificateReader.FromDer(der.Span);
        }
        catch (MalformedDataException)
        {
            return null; // the trust decision says so
        }
    }

    private static PublicKey? ReadKey(X509Certificate2? certificate)
    {
        try
        {
            return certificate is null ? null : PublicKey.FromCertificate(certificate);
        }
        catch (NotSupportedCredentialException)
        {
            return null; // the trust decision says so
        }
    }
}
