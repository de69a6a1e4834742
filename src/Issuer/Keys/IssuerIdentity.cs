using Credentials.Dids;
using Credentials.Jose;
using Credentials.Trust;

namespace Credentials.Issuer.Keys;

/// <summary>
/// Who this issuer is in W3C credentials: a did:web of its public host, whose document it serves; where the host is an address, which
/// did:web does not know, a did:jwk of its key.
/// </summary>
internal sealed class IssuerIdentity
{
    public IssuerIdentity(IssuerKeys keys, IssuerOptions options)
    {
        var url = new Uri(options.PublicUrl);
        var key = keys.CredentialKey.PublicKey;
        if (DidWeb.Find(url) is { } did)
        {
            var fragment = Jwk.Thumbprint(key);
            Did = did;
            VerificationMethod = $"{did}#{fragment}";
            Document = ControlledIdentifierDocument.Create(did, [(fragment, key, [VerificationRelationship.AssertionMethod])]);
        }
        else
        {
            Did = DidJwk.Create(key);
            VerificationMethod = DidJwk.VerificationMethodOf(Did);
        }

        OwnTrust = TrustStore.Create([TrustAnchor.ForKey(key, TrustPurpose.CredentialIssuer, issuer: Did)]);
    }

    /// <summary>The identifier that stands in credentials.</summary>
    public string Did { get; }

    /// <summary>The absolute identifier of the credential key.</summary>
    public string VerificationMethod { get; }

    /// <summary>The document to be served; null for a DID that is the key itself.</summary>
    public ControlledIdentifierDocument? Document { get; }

    /// <summary>What the issuer's own check of its output trusts: itself.</summary>
    public TrustStore OwnTrust { get; }
}
