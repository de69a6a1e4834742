using System.Formats.Cbor;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Credentials.Codecs;
using Credentials.Cose;
using Credentials.Keys;
using Credentials.Keys.Software;
using Credentials.QrDocuments;
using Credentials.StatusLists;
using Credentials.Trust;
using Credentials.X509;

namespace Credentials.Tests.QrDocuments;

/// <summary>An authority that prints certificates, and the means to sign whatever a test wants.</summary>
internal sealed class QrAgency : IDisposable
{
    public const string Type = "urn:credentials:kr:resident-certificate:1";

    public const string Resident = """
        { "family_name": "김", "given_name": "민", "birth_date": "1990-05-01", "certificate_number": "2026-00017",
          "address": { "region": "서울특별시", "city": "종로구" }, "household_members": [ { "name": "김서연", "relationship": "자녀" } ], "copies": 2, "final": true }
        """;

    public const string Vaccination = """
        { "ver": "1.3.0", "dob": "1964-08-12", "nam": { "fn": "Mustermann", "fnt": "MUSTERMANN", "gn": "Erika", "gnt": "ERIKA" },
          "v": [ { "tg": "840539006", "vp": "1119349007", "mp": "EU/1/20/1528", "ma": "ORG-100030215", "dn": 2, "sd": 2, "dt": "2026-02-18",
                   "co": "AT", "is": "Ministry of Health", "ci": "URN:UVCI:01:AT:10807843F94AEE0EE5093FBC254BD813#B" } ] }
        """;

    private readonly CertificateAuthority _authority;

    public QrAgency(DateTimeOffset now)
    {
        Now = now;
        _authority = CertificateAuthority.Create("Agency", "KR", now);
        Certificate = _authority.IssueDocumentSigner("Signer", Key, now);
        StatusCertificate = _authority.IssueStatusSigner("Status", StatusKey, now);
    }

    public DateTimeOffset Now { get; }

    public SoftwareSigningKey Key { get; } = SoftwareSigningKey.Generate(SignatureAlgorithm.Es256);

    public SoftwareSigningKey StatusKey { get; } = SoftwareSigningKey.Generate(SignatureAlgorithm.Es256);

    public X509Certificate2 Certificate { get; }

    public X509Certificate2 StatusCertificate { get; }

    public X509Certificate2 Root => _authority.Certificate;

    public TrustAnchor RootAnchor => TrustAnchor.ForCertificate(Root, TrustPurpose.CredentialIssuer | TrustPurpose.StatusSigner);

    public TrustAnchor SignerAnchor => TrustAnchor.ForCertificate(Certificate, TrustPurpose.CredentialIssuer | TrustPurpose.StatusSigner);

    public QrDocumentContent Content => new()
    {
        Type = Type,
        Claims = StrictJson.Parse(Resident),
        IssuedAt = Now,
        ExpiresAt = Now.AddDays(90),
        Certificates = [Certificate],
    };

    public HcertContent Hcert => new()
    {
        Dcc = StrictJson.Parse(Vaccination),
        Country = "AT",
        IssuedAt = Now,
        ExpiresAt = Now.AddDays(180),
        Signer = Certificate,
    };

    /// <summary>What is expected where the root and its signer are both trusted.</summary>
    public QrDocumentExpectations Expectations => Trusting(RootAnchor, SignerAnchor);

    public QrDocumentExpectations Trusting(params TrustAnchor[] anchors) => new()
    {
        Trust = TrustStore.Create(anchors),
        Now = Now,
        Status = new StatusPolicy(StatusMode.Offline),
        IsHolderBindingRequired = false,
    };

    public async Task<string> IssueAsync(QrDocumentContent? content = null, ISigningKey? key = null) =>
        await QrDocumentIssuer.IssueAsync(content ?? Content, key ?? Key, TestContext.Current.CancellationToken);

    public async Task<string> IssueHcertAsync(HcertContent? content = null) =>
        await QrDocumentIssuer.IssueHcertAsync(content ?? Hcert, Key, TestContext.Current.CancellationToken);

    public static Task<VerificationReport> VerifyAsync(string text, QrDocumentExpectations expected) =>
        QrDocumentVerifier.VerifyAsync(text, expected, TestContext.Current.CancellationToken);

    /// <summary>The claims set of an HCERT: times, and whatever stands in the health certificate claim.</summary>
    public byte[] HcertClaims(byte[] dcc, Action<CborWriter>? more = null, int members = 3) => CborWriting.Encode(writer =>
    {
        writer.WriteStartMap(members);
        writer.WriteInt64(CwtNames.ExpiresAt);
        writer.WriteInt64(Now.AddDays(1).ToUnixTimeSeconds());
        writer.WriteInt64(CwtNames.IssuedAt);
        writer.WriteInt64(Now.ToUnixTimeSeconds());
        more?.Invoke(writer);
        writer.WriteInt64(QrDocumentNames.HealthCertificate);
        writer.WriteStartMap(1);
        writer.WriteInt64(QrDocumentNames.DccVersion1);
        writer.WriteEncodedValue(dcc);
        writer.WriteEndMap();
        writer.WriteEndMap();
    });

    public static byte[] Cbor(string json) => CborWriting.Encode(writer => writer.WriteJson(StrictJson.Parse(json)));

    /// <summary>Signs a payload with these headers and prints it.</summary>
    public async Task<string> SignAsync(
        string prefix, byte[] payload, IReadOnlyList<CoseHeader> protectedHeaders, IReadOnlyList<CoseHeader>? unprotectedHeaders = null, ISigningKey? key = null) =>
        Print(prefix, await CoseSign1.SignAsync(payload, key ?? Key, protectedHeaders, unprotectedHeaders, ct: TestContext.Current.CancellationToken));

    /// <summary>The text of an untagged message, with the tags that a CWT has.</summary>
    public static string Print(string prefix, byte[] message, params ulong[] tags) => QrDocumentText.Encode(prefix, CborWriting.Encode(writer =>
    {
        foreach (var tag in tags.Length > 0 ? tags : [CoseNames.Sign1Tag]) writer.WriteTag((CborTag)tag);
        writer.WriteEncodedValue(message);
    }));

    public CoseHeader KeyId => CoseHeader.KeyId(PinnedSigner.KeyIdOf(Certificate));

    public static JsonElement Claims(VerificationReport report)
    {
        Assert.True(report.IsAccepted, StrictJson.ToText(report.ToJson()));
        Assert.True(report.TryGetVerified(out var verified));
        return verified.Claims;
    }

    /// <summary>The one check that failed or could not be decided, with its code.</summary>
    public static (string Check, string? Code) Fault(VerificationReport report)
    {
        Assert.False(report.IsAccepted);
        Assert.False(report.TryGetVerified(out _));
        var fault = Assert.Single(report.Checks, check => check.Outcome is CheckOutcome.Failed or CheckOutcome.Indeterminate);
        return (fault.Id, fault.Code);
    }

    public void Dispose()
    {
        _authority.Dispose();
        Certificate.Dispose();
        StatusCertificate.Dispose();
        Key.Dispose();
        StatusKey.Dispose();
    }
}
