using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Credentials.Keys;
using Credentials.Keys.Software;
using Credentials.X509;
using static Credentials.Tests.X509.TestPki;

namespace Credentials.Tests.X509;

public class CertificatePathTests
{
    private static readonly TestPki s_root = Root();
    private static readonly CertificateProfile s_mdl = new("mDL", RequiredUsage: CertificateProfile.DocumentSignerUsage);

    private static string? Check(TestPki[] chain, TestPki[]? anchors = null, CertificateProfile? profile = null, DateTimeOffset? at = null) =>
        CertificatePath.Validate([.. chain.Select(c => c.Certificate)], [.. (anchors ?? [s_root]).Select(a => a.Certificate)], profile ?? CertificateProfile.SdJwtIssuer, at ?? Now).Code;

    [Fact]
    public void A_leaf_below_an_anchor_is_valid_also_through_intermediates()
    {
        TestPki sub = s_root.Intermediate();
        Assert.Null(Check([s_root.Leaf()]));
        Assert.Null(Check([sub.Leaf(), sub]));
        TestPki[] six = [sub];
        for (int i = 0; i < 4; i++) six = [six[0].Intermediate("I" + i), .. six];
        Assert.Null(Check([six[0].Leaf(), .. six]));
    }

    [Fact]
    [Trait("Row", "X5-01")]
    public void A_required_extended_key_usage_is_required()
    {
        Assert.Equal(X509Codes.ExtendedKeyUsage, Check([s_root.Leaf()], profile: s_mdl));
        Assert.Equal(X509Codes.ExtendedKeyUsage, Check([s_root.Leaf(new Options { ExtendedUsage = "1.3.6.1.5.5.7.3.1" })], profile: s_mdl));
        Assert.Null(Check([s_root.Leaf(new Options { ExtendedUsage = CertificateProfile.DocumentSignerUsage })], profile: s_mdl));
    }

    [Fact]
    [Trait("Row", "X5-02")]
    public void A_self_signed_leaf_is_no_anchor()
    {
        TestPki self = Make(null, "Self", null, new Options());
        Assert.Equal(X509Codes.SelfSigned, Check([self], [self]));
        TestPki below = Make(self, "Below", null, new Options());
        Assert.Equal(X509Codes.IssuerNotCa, Check([below], [self]));
        Assert.Null(Check([s_root.Leaf()], [self, s_root]));
    }

    [Fact]
    [Trait("Row", "X5-03")]
    public void Ca_leaves_issuers_that_are_no_ca_and_long_paths_are_refused()
    {
        Assert.Equal(X509Codes.LeafIsCa, Check([s_root.Leaf(new Options { Ca = true, Usage = X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.KeyCertSign })]));
        TestPki notCa = s_root.Intermediate(ca: false);
        Assert.Equal(X509Codes.IssuerNotCa, Check([notCa.Leaf(), notCa]));
        TestPki shortRoot = Root("Short", pathLength: 0);
        TestPki sub = shortRoot.Intermediate();
        Assert.NotNull(Check([sub.Leaf(), sub], [shortRoot]));
        Assert.Null(Check([shortRoot.Leaf()], [shortRoot]));
    }

    [Fact]
    [Trait("Row", "X5-04")]
    public void Key_usage_is_checked_on_leaf_and_ca()
    {
        Assert.Equal(X509Codes.KeyUsage, Check([s_root.Leaf(new Options { Usage = X509KeyUsageFlags.KeyAgreement })]));
        Assert.Equal(X509Codes.KeyUsage, Check([s_root.Leaf(new Options { Usage = X509KeyUsageFlags.None })]));
        TestPki crlOnly = s_root.Intermediate(usage: X509KeyUsageFlags.CrlSign);
        Assert.Equal(X509Codes.IssuerNotCa, Check([crlOnly.Leaf(), crlOnly]));
        TestPki root = Root("Weak", usage: X509KeyUsageFlags.CrlSign);
        Assert.Equal(X509Codes.IssuerNotCa, Check([root.Leaf()], [root]));
    }

    [Fact]
    [Trait("Row", "X5-05")]
    public void An_unknown_critical_extension_is_refused()
    {
        X509Extension Unknown(bool critical) => new(new Oid("1.2.3.4.5"), [5, 0], critical);
        Assert.Equal(X509Codes.Chain, Check([s_root.Leaf(new Options { Extra = Unknown(true) })]));
        TestPki sub = s_root.Intermediate(extra: Unknown(true));
        Assert.Equal(X509Codes.Chain, Check([sub.Leaf(), sub]));
        Assert.Null(Check([s_root.Leaf(new Options { Extra = Unknown(false) })]));
    }

    [Fact]
    [Trait("Row", "X5-06")]
    public void Name_constraints_are_obeyed()
    {
        // permittedSubtrees: dNSName "good.example"
        byte[] constraint = Convert.FromHexString("3012A010300E820C676F6F642E6578616D706C65");
        TestPki sub = s_root.Intermediate(extra: new X509Extension(new Oid("2.5.29.30"), constraint, true));
        X509Extension San(string name)
        {
            SubjectAlternativeNameBuilder builder = new();
            builder.AddDnsName(name);
            return builder.Build();
        }
        Assert.Equal(X509Codes.Chain, Check([sub.Leaf(new Options { Extra = San("bad.example.com") }), sub]));
        Assert.Null(Check([sub.Leaf(new Options { Extra = San("a.good.example") }), sub]));
    }

    [Fact]
    [Trait("Row", "X5-07")]
    [Trait("Row", "B64-09")]
    public void Long_chains_and_many_candidates_are_bounded()
    {
        TestPki[] chain = [s_root.Intermediate("I0")];
        for (int i = 1; i < 6; i++) chain = [chain[0].Intermediate("I" + i), .. chain];
        Assert.Equal(X509Codes.TooMany, Check([chain[0].Leaf(), .. chain])); // 7
        TestPki[] sameName = [.. Enumerable.Range(0, 50).Select(_ => Root())];
        Assert.Null(Check([s_root.Leaf()], [.. sameName, s_root]));
        Assert.Equal(X509Codes.Untrusted, Check([Root("Elsewhere").Leaf()], [.. sameName, s_root]));
        // a loop: two CAs that certify each other, no anchor
        TestPki a = Root("A"), b = a.Intermediate("B");
        TestPki aAgain = Make(b, "A", a.Key, new Options { Ca = true, Usage = X509KeyUsageFlags.KeyCertSign });
        Assert.Equal(X509Codes.Untrusted, Check([b.Leaf(), b, aAgain]));
    }

    [Theory]
    [Trait("Row", "X5-08")]
    [InlineData(-1, X509Codes.Validity)]
    [InlineData(0, null)]
    [InlineData(86399, null)]
    [InlineData(86400, X509Codes.Validity)] // RFC 5280 §4.1.2.5 would still accept the last second; the platform's engine is a second stricter
    [InlineData(86401, X509Codes.Validity)]
    public void Validity_is_that_of_the_time_of_verification_to_the_second(int offset, string? code)
    {
        TestPki leaf = s_root.Leaf(new Options { NotBefore = Now, NotAfter = Now.AddDays(1) });
        Assert.Equal(code, Check([leaf], at: Now.AddSeconds(offset)));
    }

    [Fact]
    [Trait("Row", "X5-08")]
    public void An_expired_intermediate_or_anchor_is_refused()
    {
        TestPki sub = Make(s_root, "Old", null, new Options { Ca = true, Usage = X509KeyUsageFlags.KeyCertSign, NotBefore = Now.AddDays(-9), NotAfter = Now.AddDays(-1) });
        Assert.Equal(X509Codes.Validity, Check([sub.Leaf(new Options { NotBefore = Now.AddDays(-5) }), sub]));
        TestPki root = Make(null, "OldRoot", null, new Options { Ca = true, Usage = X509KeyUsageFlags.KeyCertSign, NotBefore = Now.AddDays(-9), NotAfter = Now.AddDays(-1) });
        Assert.Equal(X509Codes.Validity, Check([root.Leaf(new Options { NotBefore = Now.AddDays(-5) })], [root]));
        Assert.Null(Check([root.Leaf(new Options { NotBefore = Now.AddDays(-5) })], [root], at: Now.AddDays(-2)));
    }

    [Fact]
    [Trait("Row", "X5-09")]
    public void An_intermediate_as_anchor_is_a_clear_refusal()
    {
        TestPki sub = s_root.Intermediate();
        Assert.Equal(X509Codes.Untrusted, Check([sub.Leaf()], [sub]));
        Assert.Null(Check([sub.Leaf(), sub], [s_root]));
    }

    [Fact]
    [Trait("Row", "X5-10")]
    public void No_address_in_a_certificate_is_ever_asked()
    {
        using System.Net.Sockets.TcpListener listener = new(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        string url = $"http://127.0.0.1:{((System.Net.IPEndPoint)listener.LocalEndpoint).Port}/ca.cer";
        TestPki sub = s_root.Intermediate();
        TestPki leaf = sub.Leaf(new Options { Extra = new X509AuthorityInformationAccessExtension(null, [url]) });
        TestPki crl = sub.Leaf(new Options { Extra = CertificateRevocationListBuilder.BuildCrlDistributionPointExtension([url]) });
        Assert.Equal(X509Codes.Untrusted, Check([leaf])); // the issuer could be had from the address
        Assert.Equal(X509Codes.Untrusted, Check([crl]));
        Assert.Null(Check([leaf, sub]));
        Assert.Null(Check([crl, sub]));
        Assert.False(listener.Pending());
    }

    [Fact]
    [Trait("Row", "X5-13")]
    public void A_wrong_signature_is_refused_though_the_names_fit()
    {
        TestPki twin = Root(); // same name, other key
        Assert.NotNull(Check([twin.Leaf()]));
        TestPki leaf = s_root.Leaf();
        byte[] der = leaf.Certificate.RawData;
        der[^1] ^= 1;
        Assert.Equal(X509Codes.Chain, Check([new TestPki(CertificateReader.FromDer(der), leaf.Key)]));
    }

    [Fact]
    [Trait("Row", "X5-16")]
    public void Of_two_roots_with_one_name_the_right_one_is_found()
    {
        TestPki old = Root("Rollover"), young = Root("Rollover");
        foreach (TestPki root in new[] { old, young })
        {
            CertificatePathResult result = CertificatePath.Validate([root.Leaf().Certificate], [old.Certificate, young.Certificate], CertificateProfile.SdJwtIssuer, Now);
            Assert.Equal(root.Certificate.Thumbprint, result.Anchor?.Thumbprint);
        }
    }

    [Fact]
    [Trait("Row", "X5-17")]
    public void Weak_hashes_and_other_curves_are_refused()
    {
        TestPki sha1 = s_root.Leaf(new Options { Hash = HashAlgorithmName.SHA1 });
        Assert.Equal(X509Codes.Algorithm, Check([sha1]));
        TestPki other = s_root.Leaf(key: ECDsa.Create(ECCurve.CreateFromValue("1.3.132.0.10"))); // secp256k1
        Assert.Equal(X509Codes.Algorithm, Check([other]));
        Assert.Null(Check([s_root.Leaf(new Options { Hash = HashAlgorithmName.SHA384 })]));
    }

    [Fact]
    [Trait("Row", "JOS-23")]
    public void The_anchor_in_the_chain_and_other_orders_are_refused()
    {
        TestPki sub = s_root.Intermediate();
        TestPki leaf = sub.Leaf();
        Assert.Equal(X509Codes.AnchorIncluded, Check([leaf, sub, s_root]));
        Assert.Equal(X509Codes.LeafIsCa, Check([sub, leaf]));
        TestPki other = s_root.Intermediate("Other");
        Assert.NotNull(Check([leaf, sub, other])); // a certificate that does not belong into the path
        TestPki deeper = sub.Intermediate("Deeper");
        Assert.NotNull(Check([deeper.Leaf(), sub, deeper]));
        Assert.Null(Check([leaf, sub]));
    }

    [Fact]
    public void The_demo_authority_makes_signers_that_pass()
    {
        using CertificateAuthority authority = CertificateAuthority.Create("Demo Root", "KR", Now);
        using SoftwareSigningKey key = SoftwareSigningKey.Generate(SignatureAlgorithm.Es256);
        X509Certificate2[] signers =
        [
            authority.IssueDocumentSigner("Signer", key, Now), authority.IssueStatusSigner("Status", key, Now),
            authority.IssueAccessCertificate("Verifier", key, ["localhost"], Now),
        ];
        Assert.All(signers, c => Assert.True(CertificatePath.Validate([c], [authority.Certificate], CertificateProfile.SdJwtIssuer, Now).IsValid));
        Assert.True(CertificatePath.Validate([signers[0]], [authority.Certificate], s_mdl, Now).IsValid);
        Assert.Equal(key.PublicKey, Credentials.Keys.PublicKey.FromCertificate(signers[0]));
    }
}
