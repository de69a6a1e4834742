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

    /// <summary>A credential of W3C data model 1.1 as a JWT (OpenID4VCI 1.0 A.1.1, OpenID4VP 1.0 B.1.3.1).</summary>
    public const string JwtVcJson = "jwt_vc_json";

    /// <summary>A credential of W3C data model 1.1 with Data Integrity proofs (OpenID4VCI 1.0 A.1.2, OpenID4VP 1.0 B.1.3.2).</summary>
    public const string LdpVc = "ldp_vc";

    /// <summary>A credential of W3C data model 2.0 as a JWT, in our own profile of the protocols (spec/profile/openid4vc-w3c.md).</summary>
    public const string VcJwt = "vc+jwt";

    /// <summary>A credential of W3C data model 2.0 with Data Integrity proofs, in the same profile.</summary>
    public const string VcDataIntegrity = "vc";

    /// <summary>A credential of W3C data model 2.0 in COSE. No wallet protocol carries it.</summary>
    public const string VcCose = "vc+cose";

    /// <summary>True for the formats of W3C credentials that wallets keep.</summary>
    public static bool IsW3c(string format) => format is JwtVcJson or LdpVc or VcJwt or VcDataIntegrity;

    /// <summary>The EU Digital COVID Certificate in a QR code (HCERT). No wallet protocol carries it.</summary>
    public const string Hcert = "hcert";

    /// <summary>A certificate of ours in a QR code (spec/profile/qr-documents.md). No wallet protocol carries it.</summary>
    public const string QrCwt = "qr+cwt";
}
