namespace Credentials.X509;

/// <summary>What a signer's certificate must be like beyond a valid chain.</summary>
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
}
