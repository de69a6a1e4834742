using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.Cose;
using Credentials.Keys.Software;
using Credentials.QrDocuments;
using Credentials.Tests.Cose;
using Credentials.Tests.Shared;
using Credentials.Tests.X509;
using Credentials.Trust;
using Credentials.X509;
using SignatureAlgorithm = Credentials.Keys.SignatureAlgorithm;

namespace Credentials.Tests.QrDocuments;

/// <summary>EU Digital COVID Certificates beyond the published test data: who may sign, how it is named, and what they may say.</summary>
public sealed class HcertTests : IDisposable
{
    private readonly TestClock _clock = new();
    private readonly QrAgency _agency;

    public HcertTests() => _agency = new QrAgency(_clock.Now);

    public void Dispose() => _agency.Dispose();

    private Task<VerificationReport> VerifyAsync(string text) => QrAgency.VerifyAsync(text, _agency.Expectations);

    [Fact]
    public async Task What_is_issued_is_accepted_where_its_signer_is_trusted()
    {
        var text = await _agency.IssueHcertAsync();
        Assert.StartsWith(QrDocumentNames.HcertPrefix, text, StringComparison.Ordinal);
        var report = await QrAgency.VerifyAsync(text, _agency.Trusting(_agency.SignerAnchor));
        Assert.True(JsonElement.DeepEquals(StrictJson.Parse(QrAgency.Vaccination), QrAgency.Claims(report)));
        Assert.True(report.TryGetVerified(out var verified));
        Assert.Equal((CredentialFormat.Hcert, QrDocumentNames.DccType, "AT"), (verified.Format, verified.Type, verified.Issuer));
        Assert.Equal(_clock.Now.AddDays(180), verified.ExpiresAt);
        // HCERT has no reference to a status.
        Assert.Equal(CheckOutcome.NotApplicable, report.Checks.Single(check => check.Id == QrDocumentChecks.Status).Outcome);
        Assert.Equal((QrDocumentChecks.IssuerKey, TrustCodes.UnknownIssuer), QrAgency.Fault(await QrAgency.VerifyAsync(text, _agency.Trusting(_agency.RootAnchor))));
    }

    [Fact]
    public async Task Nothing_is_issued_beyond_the_signers_certificate()
    {
        var content = _agency.Hcert;
        using var p384 = SoftwareSigningKey.Generate(SignatureAlgorithm.Es384);
        await Assert.ThrowsAsync<ArgumentException>(() => _agency.IssueHcertAsync(content with { IssuedAt = _agency.Certificate.NotBefore.AddSeconds(-1) }));
        await Assert.ThrowsAsync<ArgumentException>(() => _agency.IssueHcertAsync(content with { ExpiresAt = _agency.Certificate.NotAfter.AddSeconds(1) }));
        await Assert.ThrowsAsync<ArgumentException>(() => _agency.IssueHcertAsync(content with { Signer = _agency.Root }));
        await Assert.ThrowsAsync<ArgumentException>(async () => await QrDocumentIssuer.IssueHcertAsync(content, p384, TestContext.Current.CancellationToken));
        await _agency.IssueHcertAsync(content with { ExpiresAt = _agency.Certificate.NotAfter, Country = null });
    }

    [Theory]
    [InlineData(2048, true)]
    [InlineData(3072, true)]
    [InlineData(4096, true)]
    [InlineData(1024, false)]
    [InlineData(4104, false)]
    [Trait("Row", "JOS-19")]
    public async Task PS256_is_verified_with_RSA_keys_of_2048_to_4096_bits(int bits, bool isAccepted)
    {
        using var rsa = RSA.Create(bits);
        var certificate = RsaCertificate(rsa);
        var report = await QrAgency.VerifyAsync(Ps256(rsa, certificate, RSASignaturePadding.Pss), Trusting(certificate));
        if (isAccepted) QrAgency.Claims(report);
        else Assert.Equal((QrDocumentChecks.IssuerKey, X509Codes.Algorithm), QrAgency.Fault(report));
    }

    [Fact]
    [Trait("Row", "JOS-19")]
    public async Task An_RSA_key_with_an_exponent_of_three_is_refused()
    {
        using var usual = RSA.Create(2048);
        var modulus = usual.ExportParameters(false).Modulus!;
        var key = new PublicKey(
            new Oid("1.2.840.113549.1.1.1"), new AsnEncodedData([5, 0]), new AsnEncodedData(RSA.Create(new RSAParameters { Modulus = modulus, Exponent = [3] }).ExportRSAPublicKey()));
        using var issuer = RSA.Create(2048);
        var certificate = new CertificateRequest(new X500DistinguishedName("CN=Signer"), key, HashAlgorithmName.SHA256).Create(
            new X500DistinguishedName("CN=CSCA"), X509SignatureGenerator.CreateForRSA(issuer, RSASignaturePadding.Pkcs1), _clock.Now.AddDays(-1), _clock.Now.AddDays(100), [1]);
        var report = await QrAgency.VerifyAsync(Ps256(usual, certificate, RSASignaturePadding.Pss), Trusting(certificate));
        Assert.Equal((QrDocumentChecks.IssuerKey, X509Codes.Algorithm), QrAgency.Fault(report));
    }

    [Fact]
    public async Task A_signature_of_another_kind_than_its_number_says_is_refused()
    {
        using var rsa = RSA.Create(2048);
        var certificate = RsaCertificate(rsa);
        // RSASSA-PKCS1-v1_5 under the number of PSS; then the signer's EC key under it; then an RSA signature under the number of ES256.
        Assert.Equal(
            (QrDocumentChecks.IssuerSignature, QrDocumentCodes.SignatureInvalid),
            QrAgency.Fault(await QrAgency.VerifyAsync(Ps256(rsa, certificate, RSASignaturePadding.Pkcs1), Trusting(certificate))));
        var payload = _agency.HcertClaims(QrAgency.Cbor(QrAgency.Vaccination));
        var header = Header(CoseNames.Ps256, PinnedSigner.KeyIdOf(_agency.Certificate));
        var signature = await _agency.Key.SignAsync(CoseForge.Structure("Signature1", header, [], payload), TestContext.Current.CancellationToken);
        Assert.Equal((QrDocumentChecks.IssuerSignature, QrDocumentCodes.SignatureInvalid), QrAgency.Fault(await VerifyAsync(Message(header, payload, signature))));
        header = Header(-7, PinnedSigner.KeyIdOf(certificate));
        signature = rsa.SignData(CoseForge.Structure("Signature1", header, [], payload), HashAlgorithmName.SHA256, RSASignaturePadding.Pss);
        Assert.Equal(
            (QrDocumentChecks.IssuerSignature, QrDocumentCodes.SignatureInvalid),
            QrAgency.Fault(await QrAgency.VerifyAsync(Message(header, payload, signature), Trusting(certificate))));
    }

    [Theory]
    [InlineData("ES384")]
    [InlineData("ES512")]
    [InlineData("EdDSA")]
    public async Task An_algorithm_that_HCERT_does_not_name_is_refused(string algorithm)
    {
        using var key = SoftwareSigningKey.Generate(SignatureAlgorithm.FromJose(algorithm)!);
        var text = await _agency.SignAsync(
            QrDocumentNames.HcertPrefix, _agency.HcertClaims(QrAgency.Cbor(QrAgency.Vaccination)), [CoseHeader.KeyId(PinnedSigner.KeyIdOf(key.PublicKey))], key: key);
        var report = await QrAgency.VerifyAsync(text, _agency.Trusting(TrustAnchor.ForKey(key.PublicKey, TrustPurpose.CredentialIssuer)));
        Assert.Equal((QrDocumentChecks.Format, CoseCodes.Algorithm), QrAgency.Fault(report));
    }

    [Theory]
    [InlineData("protected", true)]
    [InlineData("unprotected", true)]
    [InlineData("both, protected right", true)]
    [InlineData("both, unprotected right", false)]
    public async Task The_key_identifier_of_the_protected_header_counts_first(string where, bool isAccepted)
    {
        CoseHeader right = _agency.KeyId, wrong = CoseHeader.KeyId("someone!"u8.ToArray());
        var text = await _agency.SignAsync(
            QrDocumentNames.HcertPrefix, _agency.HcertClaims(QrAgency.Cbor(QrAgency.Vaccination)),
            where switch { "unprotected" => [], "both, unprotected right" => [wrong], _ => [right] },
            where switch { "protected" => [], "both, protected right" => [wrong], _ => [right] });
        if (isAccepted) QrAgency.Claims(await VerifyAsync(text));
        else Assert.Equal((QrDocumentChecks.IssuerKey, TrustCodes.UnknownIssuer), QrAgency.Fault(await VerifyAsync(text)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(9)]
    public async Task A_key_identifier_of_another_length_names_nobody(int length)
    {
        var digest = SHA256.HashData(_agency.Certificate.RawData);
        var text = await _agency.SignAsync(
            QrDocumentNames.HcertPrefix, _agency.HcertClaims(QrAgency.Cbor(QrAgency.Vaccination)), [CoseHeader.KeyId(digest[..length])]);
        Assert.Equal((QrDocumentChecks.IssuerKey, TrustCodes.UnknownIssuer), QrAgency.Fault(await VerifyAsync(text)));
    }

    [Fact]
    public async Task Without_a_key_identifier_nobody_is_looked_for()
    {
        var payload = _agency.HcertClaims(QrAgency.Cbor(QrAgency.Vaccination));
        Assert.Equal(
            (QrDocumentChecks.IssuerKey, QrDocumentCodes.SignerMissing),
            QrAgency.Fault(await VerifyAsync(await _agency.SignAsync(QrDocumentNames.HcertPrefix, payload, []))));
        // A chain is not what HCERT names a signer by.
        Assert.Equal(
            (QrDocumentChecks.IssuerKey, QrDocumentCodes.SignerMissing),
            QrAgency.Fault(await VerifyAsync(await _agency.SignAsync(
                QrDocumentNames.HcertPrefix, payload, [], [CoseHeader.X5Chain([_agency.Certificate.RawDataMemory])]))));
    }

    [Theory]
    [InlineData(new ulong[] { 18 }, true)]
    [InlineData(new ulong[] { 61, 18 }, true)]
    [InlineData(new ulong[] { 61, 61, 18 }, false)]
    [InlineData(new ulong[] { 17 }, false)]
    [InlineData(new ulong[] { 18, 61 }, false)]
    public async Task The_tags_of_a_CWT_are_taken_and_no_others(ulong[] tags, bool isAccepted)
    {
        var message = await CoseSign1.SignAsync(
            _agency.HcertClaims(QrAgency.Cbor(QrAgency.Vaccination)), _agency.Key, [_agency.KeyId], ct: TestContext.Current.CancellationToken);
        var report = await VerifyAsync(QrAgency.Print(QrDocumentNames.HcertPrefix, message, tags));
        if (isAccepted) QrAgency.Claims(report);
        else Assert.Equal((QrDocumentChecks.Format, QrDocumentCodes.Malformed), QrAgency.Fault(report));
        QrAgency.Claims(await VerifyAsync(QrDocumentText.Encode(QrDocumentNames.HcertPrefix, message)));
    }

    [Fact]
    public async Task A_document_under_the_prefix_of_the_other_format_is_refused()
    {
        var (ours, hcert) = (await _agency.IssueAsync(), await _agency.IssueHcertAsync());
        Assert.Equal(
            (QrDocumentChecks.Format, QrDocumentCodes.Malformed),
            QrAgency.Fault(await VerifyAsync(QrDocumentNames.HcertPrefix + ours[QrDocumentNames.QrCwtPrefix.Length..])));
        Assert.Equal(
            (QrDocumentChecks.Format, QrDocumentCodes.Malformed),
            QrAgency.Fault(await VerifyAsync(QrDocumentNames.QrCwtPrefix + hcert[QrDocumentNames.HcertPrefix.Length..])));
        // Not even one that says all that both need: its header names its type.
        var both = await _agency.SignAsync(
            QrDocumentNames.HcertPrefix, _agency.HcertClaims(QrAgency.Cbor(QrAgency.Vaccination)), [_agency.KeyId, CoseHeader.Type(QrDocumentNames.QrCwtMediaType)]);
        Assert.Equal((QrDocumentChecks.Format, QrDocumentCodes.Malformed), QrAgency.Fault(await VerifyAsync(both)));
    }

    [Theory]
    [InlineData("1.3.6.1.4.1.1847.2021.1.2", true)]
    [InlineData("1.3.6.1.4.1.0.1847.2021.1.2", true)]
    [InlineData("1.3.6.1.4.1.1847.2021.1.1", false)]
    [InlineData("1.3.6.1.4.1.0.1847.2021.1.3", false)]
    [InlineData("1.3.6.1.5.5.7.3.2", true)]
    [InlineData(null, true)]
    public async Task The_usages_of_the_signer_say_which_kinds_it_signs(string? usage, bool maySignVaccinations)
    {
        using var key = SoftwareSigningKey.Generate(SignatureAlgorithm.Es256);
        var signer = Signer(key, usage);
        var text = await _agency.SignAsync(
            QrDocumentNames.HcertPrefix, _agency.HcertClaims(QrAgency.Cbor(QrAgency.Vaccination)), [CoseHeader.KeyId(PinnedSigner.KeyIdOf(signer))], key: key);
        var report = await QrAgency.VerifyAsync(text, Trusting(signer));
        if (maySignVaccinations) QrAgency.Claims(report);
        else Assert.Equal((QrDocumentChecks.IssuerKey, X509Codes.ExtendedKeyUsage), QrAgency.Fault(report));

        var issue = async () => await QrDocumentIssuer.IssueHcertAsync(_agency.Hcert with { Signer = signer, ExpiresAt = _clock.Now.AddDays(1) }, key, TestContext.Current.CancellationToken);
        if (maySignVaccinations) await issue();
        else await Assert.ThrowsAsync<ArgumentException>(issue);
    }

    [Theory]
    [InlineData("1.3.6.1.4.1.1847.2021.1.2", false)]
    [InlineData("1.3.6.1.5.5.7.3.2", true)]
    public async Task A_signer_certified_for_DCCs_signs_no_document_of_ours(string usage, bool isAccepted)
    {
        using var key = SoftwareSigningKey.Generate(SignatureAlgorithm.Es256);
        var signer = Signer(key, usage);
        var text = await _agency.IssueAsync(_agency.Content with { Certificates = [signer], CarriesCertificates = false }, key);
        var report = await QrAgency.VerifyAsync(text, Trusting(signer));
        if (isAccepted) QrAgency.Claims(report);
        else Assert.Equal((QrDocumentChecks.IssuerKey, X509Codes.ExtendedKeyUsage), QrAgency.Fault(report));
    }

    [Theory]
    [InlineData(true, X509KeyUsageFlags.DigitalSignature, TrustCodes.UnknownIssuer)] // an authority signs certificates, and no documents
    [InlineData(false, X509KeyUsageFlags.KeyEncipherment, X509Codes.KeyUsage)]
    [InlineData(false, X509KeyUsageFlags.DigitalSignature, null)]
    [InlineData(false, X509KeyUsageFlags.None, null)]
    public async Task A_certificate_that_is_not_for_signing_documents_is_refused(bool isAuthority, X509KeyUsageFlags usage, string? code)
    {
        var made = TestPki.Make(null, "Signer", null, new TestPki.Options { Ca = isAuthority, Usage = isAuthority ? usage | X509KeyUsageFlags.KeyCertSign : usage });
        using var key = SoftwareSigningKey.FromPkcs8Pem(made.Key.ExportPkcs8PrivateKeyPem());
        var text = await _agency.SignAsync(
            QrDocumentNames.HcertPrefix, _agency.HcertClaims(QrAgency.Cbor(QrAgency.Vaccination)), [CoseHeader.KeyId(PinnedSigner.KeyIdOf(made.Certificate))], key: key);
        var report = await QrAgency.VerifyAsync(text, Trusting(made.Certificate));
        if (code is null) QrAgency.Claims(report);
        else Assert.Equal((QrDocumentChecks.IssuerKey, code), QrAgency.Fault(report));
    }

    [Theory]
    [InlineData("exp")]
    [InlineData("iat")]
    public async Task A_certificate_without_its_times_is_refused(string missing)
    {
        var payload = CborWriting.Encode(writer =>
        {
            writer.WriteStartMap(2);
            writer.WriteInt64(missing == "exp" ? CwtNames.IssuedAt : CwtNames.ExpiresAt);
            writer.WriteInt64(_clock.Now.ToUnixTimeSeconds());
            writer.WriteInt64(QrDocumentNames.HealthCertificate);
            writer.WriteStartMap(1);
            writer.WriteInt64(QrDocumentNames.DccVersion1);
            writer.WriteEncodedValue(QrAgency.Cbor(QrAgency.Vaccination));
            writer.WriteEndMap();
            writer.WriteEndMap();
        });
        var text = await _agency.SignAsync(QrDocumentNames.HcertPrefix, payload, [_agency.KeyId]);
        Assert.Equal((QrDocumentChecks.Validity, QrDocumentCodes.ValidityMissing), QrAgency.Fault(await VerifyAsync(text)));
    }

    // Each changes one member of the vaccination, or takes it away (null); a second one stands for "not at all".
    [Theory]
    [InlineData("ver", "\"1.3.0\"", "\"2.0.0\"")]
    [InlineData("ver", "\"1.0.0\"", "\"1.3\"")]
    [InlineData("ver", "\"1.2.1\"", "1.3")]
    [InlineData("dob", "\"\"", "\"1815-08-24\"")]
    [InlineData("dob", "\"1964\"", "\"64-08-12\"")]
    [InlineData("dob", "\"1964-08\"", "null")]
    [InlineData("dob", "\"1978-01-26T00:00:00\"", "\"1978-01-26T10:00:00\"")]
    [InlineData("nam", """{"fnt":"A<B"}""", """{"fn":"A"}""")]
    [InlineData("nam", """{"gnt":""}""", """{"gnt":"É"}""")]
    [InlineData("nam", """{"gnt":"A","fn":null}""", """{"gnt":"A","fn":1}""")]
    [InlineData("nam", """{"gnt":"A","x":1}""", "[]")]
    [InlineData("r", "null", "[]")]
    [InlineData("t", "null", "{}")]
    [InlineData("v", null, "[]")]
    [InlineData("v", null, "null")]
    [InlineData("v", null, "[1]")]
    [InlineData("v/dn", "0", "-1")]
    [InlineData("v/sd", "9", "\"2\"")]
    [InlineData("v/dt", "\"2026-02-18T00:00:00\"", "\"2026-02-30\"")]
    [InlineData("v/dt", "\"2026-02-18\"", "\"18.02.2026\"")]
    [InlineData("v/is", "\"\"", "null")]
    [InlineData("v/is", "100", "101")]
    [InlineData("v/more", "{\"x\":[1]}", null)]
    public async Task The_content_has_the_form_of_the_schema_and_no_other(string path, string? accepted, string? refused)
    {
        if (accepted is not null) QrAgency.Claims(await VerifyAsync(await SignedAsync(Changed(path, accepted))));
        if (refused is null) return;
        Assert.Equal((QrDocumentChecks.Format, QrDocumentCodes.Content), QrAgency.Fault(await VerifyAsync(await SignedAsync(Changed(path, refused)))));
        Assert.Equal(
            QrDocumentCodes.Content,
            (await Assert.ThrowsAsync<MalformedDataException>(() => _agency.IssueHcertAsync(_agency.Hcert with { Dcc = StrictJson.Parse(Changed(path, refused)) }))).Code);
    }

    [Theory]
    [InlineData("t", """{"tg":"840539006","tt":"LP6464-4","sc":"2026-02-20T12:34:56Z","tr":"260415000","co":"AT","is":"A","ci":"B"}""", "sc")]
    [InlineData("r", """{"tg":"840539006","fr":"2026-02-20","df":"2026-04-04","du":"2026-10-04","co":"AT","is":"A","ci":"B"}""", "du")]
    public async Task Tests_and_recoveries_have_forms_of_their_own(string group, string entry, string required)
    {
        string With(string content) => Changed("v", "null").Replace("\"v\":null", $"\"{group}\":[{content}]", StringComparison.Ordinal);
        QrAgency.Claims(await VerifyAsync(await SignedAsync(With(entry))));
        var less = JsonNode.Parse(entry)!.AsObject();
        less.Remove(required);
        Assert.Equal((QrDocumentChecks.Format, QrDocumentCodes.Content), QrAgency.Fault(await VerifyAsync(await SignedAsync(With(less.ToJsonString())))));
    }

    [Fact]
    public async Task A_certificate_of_two_kinds_is_refused()
    {
        var both = Changed("r", """[{"tg":"840539006","fr":"2026-02-20","df":"2026-04-04","du":"2026-10-04","co":"AT","is":"A","ci":"B"}]""");
        Assert.Equal((QrDocumentChecks.Format, QrDocumentCodes.Content), QrAgency.Fault(await VerifyAsync(await SignedAsync(both))));
    }

    private Task<string> SignedAsync(string dcc) => _agency.SignAsync(QrDocumentNames.HcertPrefix, _agency.HcertClaims(QrAgency.Cbor(dcc)), [_agency.KeyId]);

    /// <summary>The vaccination with one member changed; a number for a text stands for that many letters.</summary>
    private static string Changed(string path, string value)
    {
        var dcc = JsonNode.Parse(QrAgency.Vaccination)!.AsObject();
        var (parent, name) = path.Split('/') is [var group, var member] ? (dcc[group]![0]!.AsObject(), member) : (dcc, path);
        parent[name] = name == "is" && int.TryParse(value, out var length) ? new string('x', length) : JsonNode.Parse(value);
        return dcc.ToJsonString();
    }

    private QrDocumentExpectations Trusting(X509Certificate2 signer) => _agency.Trusting(TrustAnchor.ForCertificate(signer, TrustPurpose.CredentialIssuer));

    private X509Certificate2 Signer(SoftwareSigningKey key, string? usage)
    {
        using var ecdsa = ECDsa.Create();
        ecdsa.ImportFromPem(key.ExportPkcs8Pem());
        return TestPki.Make(null, "Signer", ecdsa, new TestPki.Options { Ca = null, ExtendedUsage = usage }).Certificate;
    }

    private X509Certificate2 RsaCertificate(RSA key) =>
        new CertificateRequest(new X500DistinguishedName("CN=Signer"), key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).CreateSelfSigned(_clock.Now.AddDays(-1), _clock.Now.AddDays(100));

    private string Ps256(RSA key, X509Certificate2 certificate, RSASignaturePadding padding)
    {
        var payload = _agency.HcertClaims(QrAgency.Cbor(QrAgency.Vaccination));
        var header = Header(CoseNames.Ps256, PinnedSigner.KeyIdOf(certificate));
        return Message(header, payload, key.SignData(CoseForge.Structure("Signature1", header, [], payload), HashAlgorithmName.SHA256, padding));
    }

    private static byte[] Header(long algorithm, byte[] keyId) => CborWriting.Encode(writer =>
    {
        writer.WriteStartMap(2);
        writer.WriteInt64(CoseNames.Algorithm);
        writer.WriteInt64(algorithm);
        writer.WriteInt64(CoseNames.KeyId);
        writer.WriteByteString(keyId);
        writer.WriteEndMap();
    });

    private static string Message(byte[] header, byte[] payload, byte[] signature) => QrAgency.Print(
        QrDocumentNames.HcertPrefix, CoseForge.Message(header, "a0", CoseForge.Hex(writer => writer.WriteByteString(payload)), signature));
}
