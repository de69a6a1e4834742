namespace Credentials.X509;

/// <summary>What a signer's certificate must be like beyond a valid chain. Equal when all rules are equal.</summary>
/// <param name="Name">For messages.</param>
/// <param name="RequiredUsage">The extended key usage OID the leaf must have; null: none is required.</param>
/// <param name="AllowedUsage">If the leaf has extended key usages at all, this one must be among them; null: any.</param>
public sealed record CertificateProfile(string Name, string? RequiredUsage = null, string? AllowedUsage = null)
{
    /// <summary>ISO/IEC 18013-5 reader authentication, also made for verifier access certificates.</summary>
    public const string ReaderAuthenticationUsage = "1.0.18013.5.1.6";

    /// <summary>ISO/IEC 18013-5 document signing.</summary>
    public const string DocumentSignerUsage = "1.0.18013.5.1.2";

    /// <summary>The signer of SD-JWT VCs: no extended key usage is required.</summary>
    public static CertificateProfile SdJwtIssuer { get; } = new("SD-JWT VC issuer");

    /// <summary>The signer of status lists. The usage of the Token Status List text §10 has no number assigned yet, so none is required.</summary>
    public static CertificateProfile StatusSigner { get; } = new("status list signer");

    /// <summary>A verifier's access certificate.</summary>
    public static CertificateProfile AccessCertificate { get; } = new("verifier access certificate");

    /// <summary>The signer of wallet and key attestations: HAIP §4.4.1 and §4.5.1 name no profile, so none is required beyond a valid chain.</summary>
    public static CertificateProfile AttestationSigner { get; } = new("attestation signer");

    /// <summary>The document signer of a driving licence under its IACA root (ISO/IEC 18013-5 Annex B, tables B.1 and B.3).</summary>
    public static CertificateProfile MdocDocumentSigner { get; } = new("mDL document signer", DocumentSignerUsage)
    {
        MaxValidity = TimeSpan.FromDays(457),
        AuthorityKeyIdentifierRequired = true,
        DirectlyUnderAnchor = true,
        SameCountryAsAnchor = true,
        AnchorIsIaca = true,
    };

    /// <summary>The signer of mdocs of another document type: no rule beyond a valid chain, unless its anchor has a profile.</summary>
    public static CertificateProfile MdocIssuer { get; } = new("mdoc issuer");

    /// <summary>The signer of printed documents of our own profile: no rule beyond a valid chain, unless its anchor has a profile.</summary>
    public static CertificateProfile QrDocumentSigner { get; } = new("signer of printed documents");

    /// <summary>The authentication certificate of an mdoc reader (ISO/IEC 18013-5 Annex B, table B.7). There are no rules for its root.</summary>
    public static CertificateProfile MdocReader { get; } = new("mdoc reader", ReaderAuthenticationUsage)
    {
        MaxValidity = TimeSpan.FromDays(1187),
        AuthorityKeyIdentifierRequired = true,
    };

    /// <summary>The longest time from notBefore to notAfter of the leaf; null: any.</summary>
    public TimeSpan? MaxValidity { get; init; }

    /// <summary>The leaf names its issuer's key, and it is the key identifier that the issuer's certificate has.</summary>
    public bool AuthorityKeyIdentifierRequired { get; init; }

    /// <summary>No certificate stands between leaf and anchor.</summary>
    public bool DirectlyUnderAnchor { get; init; }

    /// <summary>The subject names exactly one country, the anchor's; and the anchor's state or province where both name one.</summary>
    public bool SameCountryAsAnchor { get; init; }

    /// <summary>The anchor is an IACA root: path length zero, may sign certificates and revocation lists, valid for 20 years at most.</summary>
    public bool AnchorIsIaca { get; init; }
}
