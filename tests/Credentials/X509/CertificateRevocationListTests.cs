using System.Formats.Asn1;
using System.Numerics;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Credentials.Keys.Software;
using Credentials.X509;
using static Credentials.Tests.X509.IacaFactory;

namespace Credentials.Tests.X509;

public class CertificateRevocationListTests
{
    private const string IssuingDistributionPoint = "2.5.29.28";
    private const string Uri = "https://iaca.example/list.crl";

    private static readonly TestPki s_root = Root();
    private static readonly TestPki s_signer = Signer(s_root);
    private static readonly TestCrl s_good = new(s_root) { Serials = [[1], Serial(s_signer)] };

    private static byte[] Serial(TestPki of) => [.. of.Certificate.SerialNumberBytes.Span];

    private static string? Problem(TestCrl list, TestPki? authority = null, DateTimeOffset? now = null)
    {
        try
        {
            return CertificateRevocationList.Parse(list.Encode()).FindProblem((authority ?? s_root).Certificate, now ?? Now);
        }
        catch (CredentialException e)
        {
            return e.Code;
        }
    }

    private static TestCrl With(string oid, bool critical, byte[] value) => s_good with { Extensions = [new(oid, critical, value)] };

    private static byte[] Scope(Action<AsnWriter> members) => TestCrl.Element(writer =>
    {
        using (writer.PushSequence()) members(writer);
    });

    [Fact]
    [Trait("Row", "X5-15")]
    public void A_list_says_who_is_revoked()
    {
        CertificateRevocationList list = CertificateRevocationList.Parse(s_good.Encode());
        Assert.Null(list.FindProblem(s_root.Certificate, Now));
        Assert.True(list.Contains(s_signer.Certificate));
        Assert.False(list.Contains(Signer(s_root).Certificate));
        Assert.Equal((2, s_good.ThisUpdate, s_good.NextUpdate), (list.Count, list.ThisUpdate, list.NextUpdate));
        CertificateRevocationList none = CertificateRevocationList.Parse((s_good with { Serials = [] }).Encode());
        Assert.Null(none.FindProblem(s_root.Certificate, Now));
        Assert.False(none.Contains(s_signer.Certificate));
    }

    [Theory]
    [Trait("Row", "X5-15")]
    [Trait("Row", "MDI-24")]
    [InlineData(0, null)]
    [InlineData(7 * 86400, null)]
    [InlineData((7 * 86400) + 1, CrlCodes.Expired)]
    [InlineData(-3600 - 60, null)]
    [InlineData(-3600 - 61, CrlCodes.NotYetValid)]
    public void A_list_is_used_in_its_time(int seconds, string? code) => Assert.Equal(code, Problem(s_good, now: Now.AddSeconds(seconds)));

    [Fact]
    [Trait("Row", "X5-15")]
    [Trait("Row", "MDI-24")]
    public void A_list_is_its_authoritys_own()
    {
        TestPki twin = Root(), other = Root("C=KR, CN=Other"), noLists = Root(usage: X509KeyUsageFlags.KeyCertSign, key: s_root.Key);
        Assert.Equal(CrlCodes.SignatureInvalid, Problem(s_good with { SignedBy = twin }));
        Assert.Equal(CrlCodes.SignatureInvalid, Problem(s_good, twin)); // the same name, another key
        Assert.Equal(CrlCodes.Issuer, Problem(s_good, other));
        Assert.Equal(CrlCodes.Issuer, Problem(s_good with { IssuerName = other.Certificate.SubjectName.RawData }));
        Assert.Equal(CrlCodes.Issuer, Problem(s_good, noLists));
        Assert.Null(Problem(s_good));
    }

    [Fact]
    [Trait("Row", "X5-15")]
    public void Delta_indirect_and_partial_lists_are_no_use()
    {
        Assert.Equal(CrlCodes.NotSupported, Problem(With("2.5.29.27", true, [2, 1, 1])));
        Assert.Equal(CrlCodes.NotSupported, Problem(With("2.5.29.27", false, [2, 1, 1])));
        foreach (int member in new[] { 2, 4, 5 }) // onlyContainsCACerts, indirectCRL, onlyContainsAttributeCerts
        {
            byte[] scope = Scope(writer => writer.WriteBoolean(true, new Asn1Tag(TagClass.ContextSpecific, member)));
            Assert.Equal(CrlCodes.NotSupported, Problem(With(IssuingDistributionPoint, true, scope)));
            Assert.Equal(CrlCodes.NotSupported, Problem(With(IssuingDistributionPoint, false, scope)));
        }
        byte[] someReasons = Scope(writer => writer.WriteBitString([0x40], 6, new Asn1Tag(TagClass.ContextSpecific, 3)));
        Assert.Equal(CrlCodes.NotSupported, Problem(With(IssuingDistributionPoint, true, someReasons)));
    }

    [Fact]
    [Trait("Row", "X5-15")]
    public void Critical_extensions_that_are_not_understood_make_a_list_useless()
    {
        Assert.Equal(CrlCodes.NotSupported, Problem(With("1.2.3.4.5", true, [5, 0])));
        Assert.Null(Problem(With("1.2.3.4.5", false, [5, 0])));
        Assert.Null(Problem(With("2.5.29.20", true, [2, 1, 1])));
        TestCrl Entries(string oid, bool critical, byte[] value) => s_good with { EntryExtensions = [new(oid, critical, value)] };
        Assert.Equal(CrlCodes.NotSupported, Problem(Entries("2.5.29.29", true, [0x30, 0]))); // certificateIssuer
        Assert.Equal(CrlCodes.NotSupported, Problem(Entries("1.2.3.4.5", true, [5, 0])));
        Assert.Null(Problem(Entries("2.5.29.24", false, [5, 0])));
    }

    [Fact]
    [Trait("Row", "X5-15")]
    public void An_entry_that_is_removed_belongs_into_a_delta_list()
    {
        TestCrl Reason(params byte[] value) => s_good with { EntryExtensions = [new("2.5.29.21", false, value)] };
        Assert.Equal(CrlCodes.NotSupported, Problem(Reason(0x0a, 1, 8)));
        Assert.Null(Problem(Reason(0x0a, 1, 1)));
        Assert.True(CertificateRevocationList.Parse(Reason(0x0a, 1, 6).Encode()).Contains(s_signer.Certificate)); // on hold
        Assert.Equal(CrlCodes.Malformed, Problem(Reason(0x02, 1, 1)));
        Assert.Equal(CrlCodes.Malformed, Problem(Reason(0x0a, 1, 1, 0)));
    }

    [Fact]
    [Trait("Row", "X5-15")]
    public void A_list_of_another_place_or_for_end_entities_says_nothing_about_the_rest()
    {
        byte[] place = Scope(writer =>
        {
            Asn1Tag zero = new(TagClass.ContextSpecific, 0);
            using (writer.PushSequence(zero))
            using (writer.PushSequence(zero))
                writer.WriteCharacterString(UniversalTagNumber.IA5String, Uri, new Asn1Tag(TagClass.ContextSpecific, 6));
        });
        CertificateRevocationList here = CertificateRevocationList.Parse(With(IssuingDistributionPoint, true, place).Encode());
        Assert.True(here.Covers(s_signer.Certificate, Uri));
        Assert.False(here.Covers(s_signer.Certificate, Uri + "2"));
        byte[] leaves = Scope(writer => writer.WriteBoolean(true, new Asn1Tag(TagClass.ContextSpecific, 1)));
        CertificateRevocationList leavesOnly = CertificateRevocationList.Parse(With(IssuingDistributionPoint, true, leaves).Encode());
        Assert.True(leavesOnly.Covers(s_signer.Certificate, Uri));
        Assert.False(leavesOnly.Covers(s_root.Certificate, Uri));
    }

    [Fact]
    [Trait("Row", "X5-15")]
    public void Other_versions_algorithms_and_missing_times_are_refused()
    {
        Assert.Equal(CrlCodes.Malformed, Problem(s_good with { Version = null }));
        Assert.Equal(CrlCodes.Malformed, Problem(s_good with { Version = 2 }));
        Assert.Equal(CrlCodes.Malformed, Problem(s_good with { NextUpdate = null }));
        Assert.Equal(CrlCodes.Malformed, Problem(s_good with { OuterAlgorithm = "1.2.840.10045.4.3.3" }));
        Assert.Equal(CrlCodes.NotSupported, Problem(s_good with { Algorithm = "1.2.840.10045.4.1" })); // SHA-1
        Assert.Equal(CrlCodes.SignatureInvalid, Problem(s_good with { Algorithm = "1.2.840.113549.1.1.11" })); // RSA, and an EC key
        Assert.Equal(CrlCodes.Malformed, Problem(s_good with { Extensions = [new("2.5.29.20", false, [2, 1, 1]), new("2.5.29.20", false, [2, 1, 1])] }));
    }

    [Fact]
    [Trait("Row", "X5-15")]
    public void Serial_numbers_are_positive_and_of_20_bytes_at_most()
    {
        byte[] twenty = [0, .. Enumerable.Repeat((byte)0xff, 20)];
        CertificateRevocationList list = CertificateRevocationList.Parse((s_good with { Serials = [twenty, [0, 0x80], [0]] }).Encode());
        Assert.Equal(3, list.Count);
        Assert.Equal(CrlCodes.Malformed, Problem(s_good with { Serials = [[0xff]] }));
        Assert.Equal(CrlCodes.Malformed, Problem(s_good with { Serials = [[1, .. new byte[20]]] }));
    }

    [Fact]
    [Trait("Row", "X5-15")]
    public void Every_changed_bit_and_every_cut_is_refused()
    {
        byte[] good = s_good.Encode();
        string? Try(byte[] der)
        {
            try
            {
                return CertificateRevocationList.Parse(der).FindProblem(s_root.Certificate, Now);
            }
            catch (CredentialException e)
            {
                return e.Code;
            }
        }
        Assert.Null(Try(good));
        for (int i = 0; i < good.Length; i++)
        {
            for (int bit = 0; bit < 8; bit++)
            {
                byte[] changed = [.. good];
                changed[i] ^= (byte)(1 << bit);
                Assert.NotNull(Try(changed));
            }
            Assert.Equal(CrlCodes.Malformed, Try(good[..i]));
        }
        Assert.Equal(CrlCodes.Malformed, Try([.. good, 0]));
        Assert.Equal(CrlCodes.Malformed, Try(System.Text.Encoding.ASCII.GetBytes(PemEncoding.WriteString("X509 CRL", good))));
    }

    [Fact]
    [Trait("Row", "X5-15")]
    public void Half_a_million_entries_are_read_and_not_one_more()
    {
        byte[] NewSerial(int i)
        {
            byte[] serial = new byte[20];
            BitConverter.TryWriteBytes(serial.AsSpan(10), i);
            serial[0] = 0x40;
            return serial;
        }
        byte[][] serials = [.. Enumerable.Range(0, CertificateRevocationList.MaxEntries - 1).Select(NewSerial), Serial(s_signer)];
        byte[] der = (s_good with { Serials = serials }).Encode();
        CertificateRevocationList list = CertificateRevocationList.Parse(der);
        Assert.Null(list.FindProblem(s_root.Certificate, Now));
        Assert.Equal(CertificateRevocationList.MaxEntries, list.Count);
        Assert.True(list.Contains(s_signer.Certificate));
        Assert.False(list.Contains(Signer(s_root).Certificate));
        Assert.Equal(CrlCodes.Malformed, Problem(s_good with { Serials = [.. serials, [1]] }));
        Assert.Equal(CrlCodes.Malformed, Assert.Throws<MalformedDataException>(
            () => CertificateRevocationList.Parse(new byte[CertificateRevocationList.MaxBytes + 1])).Code);
    }

    [Fact]
    public void The_demo_authority_publishes_lists_that_are_used()
    {
        using CertificateAuthority authority = CertificateAuthority.Create("Demo Root", "KR", Now);
        using SoftwareSigningKey key = SoftwareSigningKey.Generate(Credentials.Keys.SignatureAlgorithm.Es256);
        X509Certificate2 revoked = authority.IssueDocumentSigner("Old", key, Now), good = authority.IssueDocumentSigner("Young", key, Now);
        byte[] der = authority.IssueCrl(
            [new RevokedCertificate(revoked.SerialNumberBytes, Now, X509RevocationReason.KeyCompromise)], new BigInteger(7), Now, Now.AddDays(7));
        CertificateRevocationList list = CertificateRevocationList.Parse(der);
        Assert.Null(list.FindProblem(authority.Certificate, Now));
        Assert.True(list.Contains(revoked));
        Assert.False(list.Contains(good));
        Assert.Equal(0, CertificateRevocationList.Parse(authority.IssueCrl([], 8, Now, Now.AddDays(7))).Count);
    }

    [Fact]
    public void Distribution_points_are_read_strictly()
    {
        static X509Certificate2 With(byte[] extension) =>
            TestPki.Root().Leaf(new TestPki.Options { Extra = new X509Extension(new Oid("2.5.29.31"), extension, false) }).Certificate;
        X509Extension two = CertificateRevocationListBuilder.BuildCrlDistributionPointExtension([Uri, "http://b.example/"], false);
        Assert.Equal([Uri, "http://b.example/"], CrlDistributionPoints.Of(With(two.RawData)));
        Assert.Empty(CrlDistributionPoints.Of(TestPki.Root().Leaf().Certificate));
        byte[] full = [0x30, 0x0f, 0x30, 0x0d, 0xa0, 0x07, 0xa0, 0x05, 0x86, 0x03, .. "a:b"u8, 0x81, 0x02, 0x06, 0x40]; // with reasons
        Assert.Empty(CrlDistributionPoints.Of(With(full)));
        byte[] plain = [0x30, 0x0b, 0x30, 0x09, 0xa0, 0x07, 0xa0, 0x05, 0x86, 0x03, .. "a:b"u8];
        Assert.Equal(["a:b"], CrlDistributionPoints.Of(With(plain)));
        foreach (byte[] wrong in new byte[][] { [.. plain, 0], plain[..^1], [5, 0], [] })
            Assert.Equal(X509Codes.Malformed, Assert.Throws<MalformedDataException>(() => CrlDistributionPoints.Of(With(wrong))).Code);
    }
}
