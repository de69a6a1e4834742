namespace Credentials;

/// <summary>Credential format identifiers as they stand on the wire (OpenID4VCI 1.0 Appendix A, OpenID4VP 1.0 Appendix B).</summary>
public static class CredentialFormat
{
    /// <summary>IETF SD-JWT VC.</summary>
    public const string SdJwtVc = "dc+sd-jwt";

    /// <summary>The identifier that SD-JWT VC had before it was renamed; accepted on verification only where policy says so.</summary>
    public const string LegacySdJwtVc = "vc+sd-jwt";

    /// <summary>ISO/IEC 18013-5 mdoc.</summary>
    public const string Mdoc = "mso_mdoc";

    /// <summary>The EU Digital COVID Certificate in a QR code (HCERT). No wallet protocol carries it.</summary>
    public const string Hcert = "hcert";

    /// <summary>A certificate of ours in a QR code (spec/profile/qr-documents.md). No wallet protocol carries it.</summary>
    public const string QrCwt = "qr+cwt";
}
