namespace Credentials.OpenId4Vp;

/// <summary>How a verifier is identified (OpenID4VP 1.0 §5.9.3), as far as supported.</summary>
public enum ClientIdPrefix
{
    /// <summary><c>redirect_uri</c>: nobody vouches for the verifier; it is the address that gets the answer. Never signed.</summary>
    RedirectUri,

    /// <summary><c>x509_san_dns</c>: a DNS name in the certificate that signs the request.</summary>
    X509SanDns,

    /// <summary><c>x509_hash</c>: the SHA-256 of the certificate that signs the request.</summary>
    X509Hash,

    /// <summary><c>decentralized_identifier</c>: a key in the document of the verifier's DID.</summary>
    DecentralizedIdentifier,

    /// <summary><c>verifier_attestation</c>: a key in an attestation from somebody whom the wallet trusts (§12).</summary>
    VerifierAttestation,
}
