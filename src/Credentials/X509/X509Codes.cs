namespace Credentials.X509;

/// <summary>Error codes of certificates and chains.</summary>
public static class X509Codes
{
    /// <summary>Not exactly one DER certificate, or not a list of them as the header asks for.</summary>
    public const string Malformed = "x509.malformed";

    /// <summary>More certificates than the cap of six.</summary>
    public const string TooMany = "x509.too_many";

    /// <summary>No configured anchor stands above the chain.</summary>
    public const string Untrusted = "x509.untrusted";

    /// <summary>The chain has the anchor in it (HAIP §4.5.1, §5, §6.1).</summary>
    public const string AnchorIncluded = "x509.anchor_included";

    /// <summary>The signer's certificate is self-signed (HAIP §4.5.1, §5, §6.1).</summary>
    public const string SelfSigned = "x509.self_signed";

    /// <summary>A certificate of the chain is not valid at the time of verification.</summary>
    public const string Validity = "x509.validity";

    /// <summary>Order, signatures, names, path length, critical extensions or name constraints of the chain are wrong.</summary>
    public const string Chain = "x509.chain";

    /// <summary>The leaf is a CA certificate.</summary>
    public const string LeafIsCa = "x509.leaf_is_ca";

    /// <summary>A certificate above the leaf is no CA, or may not sign certificates.</summary>
    public const string IssuerNotCa = "x509.issuer_not_ca";

    /// <summary>The leaf's key usage lacks digital signature, or has certificate signing.</summary>
    public const string KeyUsage = "x509.key_usage";

    /// <summary>The leaf's extended key usage lacks the purpose.</summary>
    public const string ExtendedKeyUsage = "x509.extended_key_usage";

    /// <summary>A signature or key of the chain or its anchor is below the floor (SHA-256; P-256, P-384, P-521; above the leaf also Ed25519 and RSA of 2048 to 4096 bits).</summary>
    public const string Algorithm = "x509.algorithm";

    /// <summary>A certificate stands between signer and anchor where the profile has none (ISO/IEC 18013-5 Annex B).</summary>
    public const string Intermediate = "x509.intermediate";

    /// <summary>The certificate is valid for longer than its profile allows (ISO/IEC 18013-5 Annex B).</summary>
    public const string ValidityTooLong = "x509.validity_too_long";

    /// <summary>The certificate does not name its issuer's key, or another than the issuer's certificate (ISO/IEC 18013-5 Table B.3).</summary>
    public const string KeyIdentifier = "x509.key_identifier";

    /// <summary>The anchor is no IACA root: path length, or no right to sign revocation lists (ISO/IEC 18013-5 Table B.1).</summary>
    public const string NotIaca = "x509.not_iaca";

    /// <summary>The signer's certificate names no country, several, or another than its anchor (ISO/IEC 18013-5 Table B.3).</summary>
    public const string Country = "x509.country";

    /// <summary>The signer's certificate names another state or province than its anchor (ISO/IEC 18013-5 Table B.3).</summary>
    public const string State = "x509.state";
}
