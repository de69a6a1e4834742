using Credentials.Dids;
using Credentials.Jose;
using Credentials.Keys;
using Credentials.Trust;

namespace Credentials.Issuer.Keys;

/// <summary>
/// Who this issuer is in W3C credentials: a did:web of its public host, whose document it serves; where the host is an address, which
/// did:web does not know, a did:key of its key, which cannot change then.
/// </summary>
internal sealed class IssuerIdentity
{
    private readonly bool _isWeb;
    private readonly Func<TrustStore> _ownTrust;
    private readonly Func<ControlledIdentifierDocument> _document;

    public IssuerIdentity(IssuerKeys keys, IssuerOptions options)
    {
        var web = DidWeb.Find(new Uri(options.PublicUrl));
        _isWeb = web is not null;
        Did = web ?? DidKey.Create(keys.Document.PublicKey);
        // A did:key is one key, so there is no place for a second.
        Ed25519Key = _isWeb && (options.VcApi || keys.HasEd25519Key) ? keys.Ed25519Key : null;
        _document = keys.Remember(() => ControlledIdentifierDocument.Create(Did, [.. keys.DocumentSigners.Select(signer => Method(signer.PublicKey)), .. Ed25519Key is { } key ? [Method(key.PublicKey)] : (ReadOnlySpan<(string, PublicKey, IReadOnlyList<VerificationRelationship>)>)[]]));
        _ownTrust = keys.Remember(() => TrustStore.Create(keys.DocumentSigners.Select(signer => TrustAnchor.ForKey(signer.PublicKey, TrustPurpose.CredentialIssuer, issuer: Did))));
    }

    /// <summary>The identifier that stands in credentials.</summary>
    public string Did { get; }

    /// <summary>The key of proofs with EdDSA, for the VC API; null where that was never on, or the identifier has place for one key only.</summary>
    public ISigningKey? Ed25519Key { get; }

    /// <summary>The document to be served, with every key that credentials are out of; null for a DID that is the key itself.</summary>
    public ControlledIdentifierDocument? Document => _isWeb ? _document() : null;

    /// <summary>What the issuer's own check of its output trusts: itself.</summary>
    public TrustStore OwnTrust => _ownTrust();

    /// <summary>The absolute identifier of a signer's key.</summary>
    public string VerificationMethodOf(Signer signer) => VerificationMethodOf(signer.PublicKey);

    /// <summary>The absolute identifier of one of its keys.</summary>
    public string VerificationMethodOf(PublicKey key) => _isWeb ? $"{Did}#{Jwk.Thumbprint(key)}" : DidKey.VerificationMethodOf(Did);

    private static (string Fragment, PublicKey Key, IReadOnlyList<VerificationRelationship> Uses) Method(PublicKey key) =>
        (Jwk.Thumbprint(key), key, [VerificationRelationship.AssertionMethod]);
}
