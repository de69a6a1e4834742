namespace Credentials.W3c;

/// <summary>How a W3C credential is secured, as reports name it: the subtype of its media type, or the format of OpenID4VCI for data model 1.1.</summary>
public static class W3cFormats
{
    /// <summary>Data model 2.0 as a JWT (VC-JOSE-COSE §3.1).</summary>
    public const string Jwt = CredentialFormat.VcJwt;

    /// <summary>Data model 2.0 as an SD-JWT (VC-JOSE-COSE §3.2).</summary>
    public const string SdJwt = "vc+sd-jwt";

    /// <summary>Data model 2.0 in COSE_Sign1 (VC-JOSE-COSE §3.3).</summary>
    public const string Cose = CredentialFormat.VcCose;

    /// <summary>Data model 2.0 with embedded proofs (Data Integrity 1.0).</summary>
    public const string DataIntegrity = CredentialFormat.VcDataIntegrity;

    /// <summary>Data model 1.1 as a JWT (Data Model 1.1 §6.3.1; OpenID4VCI 1.0 A.1.1).</summary>
    public const string JwtV1 = CredentialFormat.JwtVcJson;

    /// <summary>Data model 1.1 with embedded proofs (OpenID4VCI 1.0 A.1.2).</summary>
    public const string DataIntegrityV1 = CredentialFormat.LdpVc;
}
