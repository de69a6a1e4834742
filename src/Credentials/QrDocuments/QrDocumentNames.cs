using Credentials.Cose;

namespace Credentials.QrDocuments;

/// <summary>What printed documents have on the wire: HCERT (Electronic Health Certificate Specification 1.0.8) and our own (spec/profile/qr-documents.md).</summary>
public static class QrDocumentNames
{
    /// <summary>Context identifier of HCERT version 1 (HCERT §4.2.2).</summary>
    public const string HcertPrefix = "HC1:";

    /// <summary>Context identifier of our own profile, version 1.</summary>
    public const string QrCwtPrefix = "QD1:";

    /// <summary>The only content of an HCERT that is known: the EU Digital COVID Certificate, version 1 (HCERT §3.3.1). Its type in reports and trust anchors.</summary>
    public const string DccType = "eu_dcc_v1";

    /// <summary>Media type of a message of our own profile, which its header names (RFC 9596).</summary>
    public const string QrCwtMediaType = "application/qr+cwt";

    /// <summary>Claim: health certificate (HCERT §3.3.7).</summary>
    public const long HealthCertificate = -260;

    /// <summary>Key of the DCC in the health certificate claim (HCERT §3.3.1).</summary>
    public const long DccVersion1 = 1;

    /// <summary>Claim: type of credential (<c>vct</c>, draft-ietf-spice-sd-cwt).</summary>
    public const long Type = 11;

    /// <summary>Claim: status (Token Status List §6.3).</summary>
    public const long Status = 65535;

    /// <summary>Claim of our own profile: what the document says. RFC 8392 §9.1 leaves keys below −65536 to private use.</summary>
    public const long Content = -65600;

    /// <summary>What HCERT allows beyond the common rules: PS256 (§3.3.2), and a key identifier in both headers (§3.3.3).</summary>
    internal static CoseAllowances HcertAllowances { get; } = new([CoseNames.Ps256], KeyIdInBothHeaders: true);
}
