using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Credentials.Keys;
using Credentials.Keys.Software;
using Credentials.Trust;
using Credentials.X509;
using static Credentials.Tests.X509.IacaFactory;

namespace Credentials.Tests.X509;

/// <summary>ISO/IEC 18013-5 Annex B: the certificates of driving licences.</summary>
public class MdocProfileTests
{
    private static readonly TestPki s_root = Root();

    private static string? Check(TestPki signer, TestPki? root = null, CertificateProfile? profile = null) => Check([signer], [root ?? s_root], profile);

    private static string? Check(TestPki[] chain, TestPki[] roots, CertificateProfile? profile = null) => CertificatePath.Validate(
        [.. chain.Select(c => c.Certificate)], [.. roots.Select(r => r.Certificate)], profile ?? CertificateProfile.MdocDocumentSigner, Now).Code;

    [Fact]
    [Trait("Row", "MDI-17")]
    public void A_document_signer_of_driving_licences_has_its_usage()
    {
        Assert.Equal(X509Codes.ExtendedKeyUsage, Check(Signer(s_root, usage: null)));
        Assert.Equal(X509Codes.ExtendedKeyUsage, Check(Signer(s_root, usage: CertificateProfile.ReaderAuthenticationUsage)));
        Assert.Null(Check(Signer(s_root)));
        Assert.Null(Check(Signer(s_root, usage: null), profile: CertificateProfile.MdocIssuer)); // another document type
    }

    [Fact]
    [Trait("Row", "MDI-19")]
    public void A_document_signer_is_no_ca_and_may_sign()
    {
        Assert.Equal(X509Codes.LeafIsCa, Check(Signer(s_root, basicConstraints: new X509BasicConstraintsExtension(true, false, 0, true))));
        Assert.Null(Check(Signer(s_root, basicConstraints: new X509BasicConstraintsExtension(false, false, 0, true))));
        Assert.Equal(X509Codes.KeyUsage, Check(Signer(s_root, keyUsage: X509KeyUsageFlags.KeyAgreement)));
    }

    [Fact]
    [Trait("Row", "MDI-19")]
    [Trait("Row", "MDI-22")]
    public void A_document_signer_names_the_key_of_its_root()
    {
        Assert.Equal(X509Codes.KeyIdentifier, Check(Signer(s_root, keyIdentifier: false)));
        Assert.NotNull(Check(Signer(s_root, otherKeyIdentifier: new byte[20])));
        Assert.Null(Check(Signer(s_root, keyIdentifier: false), profile: CertificateProfile.MdocIssuer));
        Assert.Null(Check(Signer(s_root)));
    }

    [Fact]
    [Trait("Row", "MDI-19")]
    public void A_document_signer_is_valid_for_457_days_at_most()
    {
        Assert.Null(Check(Signer(s_root, days: 457)));
        Assert.Equal(X509Codes.ValidityTooLong, Check(Signer(s_root, days: 457, extraSeconds: 1)));
        Assert.Null(Check(Signer(s_root, days: 458), profile: CertificateProfile.MdocIssuer));
    }

    [Fact]
    [Trait("Row", "MDI-20")]
    public void An_iaca_root_has_nothing_between_itself_and_the_signer()
    {
        TestPki open = Root(pathLength: null), one = Root(pathLength: 1);
        Assert.Equal(X509Codes.NotIaca, Check(Signer(open), open));
        Assert.Equal(X509Codes.NotIaca, Check(Signer(one), one));
        TestPki between = Link(one, Root("C=KR, S=Seoul, CN=Between"));
        Assert.Equal(X509Codes.Intermediate, Check([Signer(between), between], [one]));
        Assert.Null(Check([Signer(between), between], [one], CertificateProfile.MdocIssuer));
        Assert.Null(Check(Signer(s_root)));
    }

    [Fact]
    [Trait("Row", "MDI-20")]
    public void An_iaca_root_signs_lists_and_lives_for_20_years_at_most()
    {
        TestPki noLists = Root(usage: X509KeyUsageFlags.KeyCertSign), old = Root(extraDays: 1);
        Assert.Equal(X509Codes.NotIaca, Check(Signer(noLists), noLists));
        Assert.Equal(X509Codes.ValidityTooLong, Check(Signer(old), old));
        Assert.Null(Check(Signer(s_root)));
    }

    [Theory]
    [Trait("Row", "MDI-21")]
    [InlineData("C=KR, S=Seoul, CN=DS", null)]
    [InlineData("C=KR, CN=DS", null)] // a state is compared where both name one
    [InlineData("C=JP, S=Seoul, CN=DS", X509Codes.Country)]
    [InlineData("C=kr, S=Seoul, CN=DS", X509Codes.Country)]
    [InlineData("S=Seoul, CN=DS", X509Codes.Country)]
    [InlineData("C=KR, C=JP, S=Seoul, CN=DS", X509Codes.Country)]
    [InlineData("C=KR, S=Busan, CN=DS", X509Codes.State)]
    public void The_signer_is_where_its_root_is(string subject, string? code)
    {
        Assert.Equal(code, Check(Signer(s_root, subject)));
        Assert.Null(Check(Signer(s_root, subject), profile: CertificateProfile.MdocIssuer));
    }

    [Fact]
    [Trait("Row", "MDI-21")]
    public void A_root_without_a_country_vouches_for_no_driving_licence()
    {
        TestPki nowhere = Root("CN=Nowhere"), stateless = Root("C=KR, CN=Stateless");
        Assert.Equal(X509Codes.Country, Check(Signer(nowhere), nowhere));
        Assert.Equal(X509Codes.Country, Check(Signer(nowhere, "CN=DS"), nowhere));
        Assert.Null(Check(Signer(stateless), stateless));
    }

    [Fact]
    [Trait("Row", "MDI-22")]
    public void The_issuers_name_is_the_roots_byte_for_byte()
    {
        X500DistinguishedNameBuilder builder = new();
        builder.AddCommonName("Test IACA");
        builder.AddStateOrProvinceName("Seoul");
        builder.AddCountryOrRegion("KR");
        // The same words in other encodings (Printable and UTF8 strings), which RFC 5280 §7.1 would take for the same name.
        X500DistinguishedName other = new(builder.Build().RawData);
        TestPki root = Root("C=KR, S=Seoul, CN=Test IACA");
        Assert.NotEqual(root.Certificate.SubjectName.RawData, other.RawData);
        Assert.Equal(X509Codes.Untrusted, Check(Signer(root, issuerName: other), root));
        Assert.Equal(X509Codes.Untrusted, Check(Signer(root, issuerName: new X500DistinguishedName("C=KR, S=Seoul, CN=test iaca")), root));
        Assert.Null(Check(Signer(root), root));
    }

    [Fact]
    [Trait("Row", "MDI-23")]
    public void A_self_signed_signer_is_refused()
    {
        ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        TestPki self = Root("C=KR, CN=Self", key: key);
        TestPki signer = Signer(self, "C=KR, CN=Self");
        Assert.Equal(X509Codes.SelfSigned, Check(signer));
        Assert.Equal(X509Codes.SelfSigned, Check(signer, self));
        Assert.Equal(X509Codes.SelfSigned, Check(signer, signer));
        Assert.Null(Check(Signer(self, "C=KR, CN=Signer"), self));
    }

    [Fact]
    [Trait("Row", "X5-16")]
    public void Of_two_roots_with_one_name_the_one_that_signed_is_found()
    {
        TestPki old = Root(), young = Root();
        foreach (TestPki[] roots in new[] { new[] { old, young }, [young, old] })
        {
            foreach (TestPki root in roots)
            {
                X509Certificate2[] anchors = [.. roots.Select(r => r.Certificate)];
                CertificatePathResult result = CertificatePath.Validate([Signer(root).Certificate], anchors, CertificateProfile.MdocDocumentSigner, Now);
                Assert.Equal(root.Certificate.RawData, result.Anchor?.RawData);
            }
        }
        Assert.NotNull(Check(Signer(young), old));
    }

    [Fact]
    [Trait("Row", "X5-16")]
    public void A_link_certificate_carries_the_old_roots_trust_where_intermediates_may_stand()
    {
        TestPki old = Root(), young = Root();
        TestPki link = Link(old, young);
        TestPki signer = Signer(young);
        Assert.Null(Check([signer, link], [old], CertificateProfile.MdocIssuer));
        Assert.Equal(X509Codes.Intermediate, Check([signer, link], [old])); // Annex B: the new root is configured instead
        Assert.Null(Check([signer], [old, young]));
        Assert.NotNull(Check([signer], [link])); // no root
        TestPki stranger = Root();
        Assert.NotNull(Check([signer, Link(stranger, young)], [old], CertificateProfile.MdocIssuer));
    }

    [Fact]
    public void A_reader_has_its_usage_its_issuers_key_and_1187_days_at_most()
    {
        const string Usage = CertificateProfile.ReaderAuthenticationUsage;
        TestPki plain = Root("CN=Reader root", pathLength: null);
        string? Reader(TestPki reader) => Check(reader, plain, CertificateProfile.MdocReader);
        Assert.Null(Reader(Signer(plain, "CN=Reader", Usage, days: 1187)));
        Assert.Equal(X509Codes.ValidityTooLong, Reader(Signer(plain, "CN=Reader", Usage, days: 1188)));
        Assert.Equal(X509Codes.ExtendedKeyUsage, Reader(Signer(plain, "CN=Reader")));
        Assert.Equal(X509Codes.KeyIdentifier, Reader(Signer(plain, "CN=Reader", Usage, keyIdentifier: false)));
    }

    [Fact]
    public void An_anchors_profile_adds_to_what_the_role_asks()
    {
        TrustStore Store(params (string[] Types, CertificateProfile? Profile)[] anchors) => TrustStore.Create(anchors.Select(a =>
            TrustAnchor.ForCertificate(s_root.Certificate, TrustPurpose.CredentialIssuer, a.Types, a.Profile)));
        TrustStore store = Store((["org.iso.18013.5.1.mDL"], CertificateProfile.MdocDocumentSigner), (["org.example.card"], null));
        X509Certificate2[] plain = [Signer(s_root, usage: null).Certificate], good = [Signer(s_root).Certificate];
        string? Decide(X509Certificate2[] chain, string type, CertificateProfile? profile = null) =>
            store.EvaluateChain(chain, TrustPurpose.CredentialIssuer, type, Now, profile ?? CertificateProfile.MdocIssuer).Code;
        for (int i = 0; i < 2; i++) // the second time from the cache
        {
            Assert.Equal(X509Codes.ExtendedKeyUsage, Decide(plain, "org.iso.18013.5.1.mDL"));
            Assert.Null(Decide(plain, "org.example.card"));
            Assert.Equal(X509Codes.ExtendedKeyUsage, Decide(plain, "org.example.card", CertificateProfile.MdocDocumentSigner));
            Assert.Null(Decide(good, "org.iso.18013.5.1.mDL"));
            Assert.Equal(TrustCodes.NotForType, Decide(good, "org.example.other"));
        }
        Assert.NotEqual(Store(([], null)).Anchors[0], Store(([], CertificateProfile.MdocDocumentSigner)).Anchors[0]);
    }

    [Fact]
    public void The_demo_authority_makes_certificates_of_annex_b()
    {
        CertificateContacts contacts = new(new Uri("https://agency.example/"), new Uri("https://agency.example/iaca.crl"));
        using CertificateAuthority authority = CertificateAuthority.Create("Demo Root", "KR", Now, contacts);
        using CertificateAuthority reloaded = CertificateAuthority.Load(authority.Certificate, authority.Key);
        using SoftwareSigningKey key = SoftwareSigningKey.Generate(SignatureAlgorithm.Es256);
        foreach (CertificateAuthority each in new[] { authority, reloaded })
        {
            X509Certificate2 signer = each.IssueDocumentSigner("Signer", key, Now);
            Assert.Null(CertificatePath.Validate([signer], [each.Certificate], CertificateProfile.MdocDocumentSigner, Now).Code);
            X509Certificate2 reader = each.IssueAccessCertificate("Reader", key, ["localhost"], Now);
            Assert.Null(CertificatePath.Validate([reader], [each.Certificate], CertificateProfile.MdocReader, Now).Code);
            foreach (X509Certificate2 certificate in new[] { each.Certificate, signer, reader })
            {
                Assert.Contains("agency.example/", Extension(certificate, "2.5.29.18"), StringComparison.Ordinal);
                Assert.Contains("https://agency.example/iaca.crl", Extension(certificate, "2.5.29.31"), StringComparison.Ordinal);
                // Readers refuse critical extensions that the tables do not list.
                Assert.All(certificate.Extensions.Where(e => e.Critical), e => Assert.Contains(e.Oid!.Value, certificate == each.Certificate ? ["2.5.29.19", "2.5.29.15"] : new[] { "2.5.29.15", "2.5.29.37" }));
            }
        }
    }

    [Fact]
    public void A_mailbox_is_an_issuer_alternative_name_too()
    {
        using CertificateAuthority authority = CertificateAuthority.Create("Demo Root", "KR", Now, new CertificateContacts(new Uri("mailto:pki@agency.example")));
        Assert.Equal("301481" + "12" + Convert.ToHexString("pki@agency.example"u8), Convert.ToHexString(authority.Certificate.Extensions.First(e => e.Oid!.Value == "2.5.29.18").RawData));
    }

    private static string Extension(X509Certificate2 certificate, string oid) =>
        System.Text.Encoding.Latin1.GetString(certificate.Extensions.First(e => e.Oid!.Value == oid).RawData);
}
