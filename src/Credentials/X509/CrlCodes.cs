namespace Credentials.X509;

/// <summary>Codes of revocation lists of certificates (CRLs, RFC 5280 §5). All but <see cref="Revoked"/> mean that nothing is known.</summary>
public static class CrlCodes
{
    /// <summary>A certificate of the chain, or its anchor, is on its authority's revocation list.</summary>
    public const string Revoked = "crl.revoked";

    /// <summary>The policy does not ask for revocation lists.</summary>
    public const string NotRequested = "crl.not_requested";

    /// <summary>The certificate names no revocation list: its authority publishes none.</summary>
    public const string NotPublished = "crl.not_published";

    /// <summary>The certificate names no revocation list that can be used: no URL, or one for some reasons only.</summary>
    public const string NoDistributionPoint = "crl.no_distribution_point";

    /// <summary>The revocation list is at a URL that is neither http nor https.</summary>
    public const string SchemeRefused = "crl.scheme_refused";

    /// <summary>The revocation list cannot be fetched, or is larger than the cap.</summary>
    public const string Unreachable = "crl.unreachable";

    /// <summary>No newer revocation list could be had, and a copy was used that has not run out.</summary>
    public const string CopyUsed = "crl.copy_used";

    /// <summary>Not exactly one revocation list in DER, or more entries than the cap.</summary>
    public const string Malformed = "crl.malformed";

    /// <summary>A delta or indirect list, one for some reasons only, or with a critical extension that is not understood (RFC 5280 §5.2).</summary>
    public const string NotSupported = "crl.not_supported";

    /// <summary>The revocation list is for other certificates than this one (RFC 5280 §5.2.5).</summary>
    public const string Scope = "crl.scope";

    /// <summary>The revocation list is another authority's than the certificate's, or this one may not sign lists.</summary>
    public const string Issuer = "crl.issuer";

    /// <summary>The signature of the revocation list is not by the authority's key, or its algorithm is below the floor.</summary>
    public const string SignatureInvalid = "crl.signature_invalid";

    /// <summary>A newer revocation list should have been published already.</summary>
    public const string Expired = "crl.expired";

    /// <summary>The revocation list is from the future.</summary>
    public const string NotYetValid = "crl.not_yet_valid";
}
