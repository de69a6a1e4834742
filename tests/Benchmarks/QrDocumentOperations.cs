using Credentials.Codecs;
using Credentials.QrDocuments;
using Credentials.StatusLists;
using Credentials.Trust;

namespace Credentials.Benchmarks;

/// <summary>Certificates in QR codes: issued, and verified from the text of the code.</summary>
internal static class QrDocumentOperations
{
    private const string Dcc = """
        { "ver": "1.3.0", "dob": "1964-08-12", "nam": { "fn": "Mustermann", "fnt": "MUSTERMANN", "gn": "Erika", "gnt": "ERIKA" },
          "v": [ { "tg": "840539006", "vp": "1119349007", "mp": "EU/1/20/1528", "ma": "ORG-100030215", "dn": 2, "sd": 2, "dt": "2026-02-18",
                   "co": "AT", "is": "Ministry of Health", "ci": "URN:UVCI:01:AT:10807843F94AEE0EE5093FBC254BD813#B" } ] }
        """;

    private const string Resident = """
        { "family_name": "김", "given_name": "민", "birth_date": "1990-05-01", "certificate_number": "2026-00017", "issue_date": "2026-11-02",
          "address": { "region": "서울특별시", "city": "종로구", "street": "세종대로 175", "postal_code": "03172" } }
        """;

    public static IReadOnlyList<Operation> All(Parties parties)
    {
        var content = new QrDocumentContent
        {
            Type = "urn:credentials:kr:resident-certificate:1",
            Claims = StrictJson.Parse(Resident),
            IssuedAt = parties.Now,
            ExpiresAt = parties.Now.AddDays(90),
            Certificates = [parties.Certificate],
        };
        var hcert = new HcertContent { Dcc = StrictJson.Parse(Dcc), IssuedAt = parties.Now, ExpiresAt = parties.Now.AddDays(90), Signer = parties.Certificate };
        var expected = new QrDocumentExpectations
        {
            Trust = parties.Trust.With(TrustStore.Create([TrustAnchor.ForCertificate(parties.Certificate, TrustPurpose.CredentialIssuer)])),
            Now = parties.Now,
            Status = new StatusPolicy(StatusMode.Skip),
            IsHolderBindingRequired = false,
        };
        string Issue() => QrDocumentIssuer.IssueAsync(content, parties.Agency).AsTask().Result;
        var printed = Issue();
        var dcc = QrDocumentIssuer.IssueHcertAsync(hcert, parties.Agency).AsTask().Result;
        return
        [
            new("printed document issue, with its certificate", () => Issue()) { Limit = [Signatures.Sign] },
            new("printed document verify from text, chain known", () => SdJwtOperations.Require(QrDocumentVerifier.VerifyAsync(printed, expected).Result)) { Limit = [Signatures.Verify] },
            new("EU DCC verify from text", () => SdJwtOperations.Require(QrDocumentVerifier.VerifyAsync(dcc, expected).Result)) { Limit = [Signatures.Verify] },
        ];
    }
}
