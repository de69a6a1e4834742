using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Credentials.Codecs;
using Credentials.Jose;
using Credentials.Keys;
using Credentials.Keys.Software;
using Credentials.Tests.X509;
using Credentials.Trust;
using Credentials.X509;
using static Credentials.Tests.X509.TestPki;
using PublicKey = Credentials.Keys.PublicKey;

namespace Credentials.Tests.Trust;

/// <summary>Signers that are trusted themselves, and the authorities above them.</summary>
public sealed class PinnedSignerTests : IDisposable
{
    private const TrustPurpose Issuing = TrustPurpose.CredentialIssuer;

    private static readonly TestPki s_root = Root(), s_leaf = s_root.Leaf(new Options { NotBefore = Now, NotAfter = Now.AddDays(1) });

    private readonly SoftwareSigningKey _key = SoftwareSigningKey.Generate(SignatureAlgorithm.Es256);

    public void Dispose() => _key.Dispose();

    private static PinnedSigner Pin(TrustAnchor anchor, byte[] keyId) => Assert.Single(TrustStore.Create([anchor]).PinnedSigners(keyId, Issuing));

    private static PinnedSigner Pin(X509Certificate2 certificate, params string[] types) =>
        Pin(TrustAnchor.ForCertificate(certificate, Issuing, types.Length > 0 ? types : null), PinnedSigner.KeyIdOf(certificate));

    // HCERT Appendix A.1 (the first eight bytes of SHA-256); RFC 7638.
    [Fact]
    public void A_signer_is_found_by_the_start_of_its_hash()
    {
        Assert.Equal(SHA256.HashData(s_leaf.Certificate.RawData)[..8], PinnedSigner.KeyIdOf(s_leaf.Certificate));
        Assert.Equal(StrictBase64Url.Decode(Jwk.Thumbprint(_key.PublicKey))[..8], PinnedSigner.KeyIdOf(_key.PublicKey));

        var store = TrustStore.Create([TrustAnchor.ForCertificate(s_leaf.Certificate, Issuing), TrustAnchor.ForKey(_key.PublicKey, Issuing | TrustPurpose.Verifier)]);
        var byCertificate = Assert.Single(store.PinnedSigners(PinnedSigner.KeyIdOf(s_leaf.Certificate), Issuing));
        Assert.Equal((s_leaf.Certificate, PublicKey.FromCertificate(s_leaf.Certificate), null), (byCertificate.Certificate, byCertificate.Key, byCertificate.RsaKey));
        Assert.Equal(PinnedSigner.KeyIdOf(s_leaf.Certificate), byCertificate.KeyId.ToArray());
        var byKey = Assert.Single(store.PinnedSigners(PinnedSigner.KeyIdOf(_key.PublicKey), TrustPurpose.Verifier));
        Assert.Equal((null, _key.PublicKey), (byKey.Certificate, byKey.Key));

        Assert.Empty(store.PinnedSigners(PinnedSigner.KeyIdOf(s_leaf.Certificate), TrustPurpose.Verifier));
        Assert.Empty(store.PinnedSigners(new byte[8], Issuing));
        Assert.Empty(store.PinnedSigners(PinnedSigner.KeyIdOf(_key.PublicKey).AsSpan(0, 7), Issuing));
        Assert.Empty(store.PinnedSigners([.. PinnedSigner.KeyIdOf(_key.PublicKey), 0], Issuing));
        Assert.Empty(store.PinnedSigners([], Issuing));
    }

    [Fact]
    public void Authorities_and_issuers_that_are_trusted_by_name_sign_no_document_themselves()
    {
        var store = TrustStore.Create([TrustAnchor.ForCertificate(s_root.Certificate, Issuing), TrustAnchor.ForIssuerUrl("https://a.example")]);
        Assert.Empty(store.PinnedSigners(PinnedSigner.KeyIdOf(s_root.Certificate), Issuing));
    }

    [Theory]
    [InlineData(-1, X509Codes.Validity)]
    [InlineData(0, null)]
    [InlineData(86400, null)]
    [InlineData(86401, X509Codes.Validity)]
    public void A_certificate_is_trusted_while_it_is_valid(int seconds, string? code) =>
        Assert.Equal(code, Pin(s_leaf.Certificate).FindProblem(null, Issuing, "urn:a", Now.AddSeconds(seconds)));

    [Fact]
    public void A_signer_is_trusted_for_its_issuer_its_purpose_and_its_types()
    {
        var typed = Pin(s_leaf.Certificate, "urn:a");
        Assert.Null(typed.FindProblem("https://any.example", Issuing, "urn:a", Now));
        Assert.Equal(TrustCodes.NotForType, typed.FindProblem(null, Issuing, "urn:b", Now));
        Assert.Equal(TrustCodes.NotForType, typed.FindProblem(null, TrustPurpose.StatusSigner, "urn:a", Now));

        var named = Pin(TrustAnchor.ForKey(_key.PublicKey, Issuing, issuer: "https://a.example"), PinnedSigner.KeyIdOf(_key.PublicKey));
        Assert.Null(named.FindProblem("https://a.example", Issuing, "urn:a", DateTimeOffset.MinValue));
        Assert.Equal(TrustCodes.UnknownIssuer, named.FindProblem("https://b.example", Issuing, "urn:a", Now));
        Assert.Equal(TrustCodes.UnknownIssuer, named.FindProblem(null, Issuing, "urn:a", Now));
    }

    [Fact]
    public void A_certificate_that_is_not_for_signing_or_whose_key_cannot_be_used_is_not_trusted()
    {
        string? Problem(X509Certificate2 certificate) => Pin(certificate).FindProblem(null, Issuing, null, Now);
        Assert.Null(Problem(s_root.Leaf().Certificate));
        Assert.Equal(X509Codes.KeyUsage, Problem(s_root.Leaf(new Options { Usage = X509KeyUsageFlags.KeyEncipherment }).Certificate));
        Assert.Equal(X509Codes.LeafIsCa, Problem(s_root.Leaf(new Options { Ca = true }).Certificate));
        // An extension that cannot be read.
        Assert.Equal(X509Codes.Malformed, Problem(s_root.Leaf(new Options { Usage = X509KeyUsageFlags.None, Extra = new X509Extension("2.5.29.15", [0xff], true) }).Certificate));
        Assert.Equal(X509Codes.Malformed, Problem(s_root.Leaf(new Options { Ca = null, Extra = new X509Extension("2.5.29.19", [0xff], true) }).Certificate));
        // A curve that nothing else here takes.
        using var odd = ECDsa.Create(ECCurve.NamedCurves.brainpoolP256r1);
        Assert.Equal(X509Codes.Algorithm, Problem(s_root.Leaf(key: odd).Certificate));
    }

    [Theory]
    [InlineData(2048, null)]
    [InlineData(1024, X509Codes.Algorithm)]
    public void An_RSA_key_signs_for_itself_if_it_is_long_enough(int bits, string? code)
    {
        using var rsa = RSA.Create(bits);
        var request = new CertificateRequest("CN=Signer", rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pss);
        using var certificate = request.CreateSelfSigned(Now.AddDays(-1), Now.AddDays(1));
        var signer = Pin(certificate);
        Assert.Equal(code, signer.FindProblem(null, Issuing, null, Now));
        Assert.Equal((null, code is null), (signer.Key, signer.RsaKey is not null));
    }

    // RFC 8017 §3.1 allows an exponent of 3, which invites mistakes of others; the certificate is fine otherwise.
    [Theory]
    [InlineData(65537, null)]
    [InlineData(3, X509Codes.Algorithm)]
    public void An_RSA_key_with_an_unusual_exponent_signs_nothing(int exponent, string? code)
    {
        using var made = RSA.Create(2048);
        using var rsa = RSA.Create(made.ExportParameters(false) with { Exponent = exponent == 3 ? [3] : [1, 0, 1] });
        var request = new CertificateRequest(new X500DistinguishedName("CN=Signer"), new System.Security.Cryptography.X509Certificates.PublicKey(rsa), HashAlgorithmName.SHA256);
        using var certificate = request.Create(
            s_root.Certificate.SubjectName, X509SignatureGenerator.CreateForECDsa(s_root.Key), Now.AddDays(-1), Now.AddDays(1), [1]);
        Assert.Equal(code, Pin(certificate).FindProblem(null, Issuing, null, Now));
    }

    [Fact]
    public void What_a_certificate_is_for_is_asked_before_how_long()
    {
        var signer = Pin(s_root.Leaf(new Options { Usage = X509KeyUsageFlags.KeyEncipherment, NotBefore = Now, NotAfter = Now.AddDays(1) }).Certificate);
        Assert.Equal(X509Codes.KeyUsage, signer.FindProblem(null, Issuing, null, Now.AddDays(2)));
    }

    [Fact]
    public void The_authority_above_a_signer_counts_where_it_is_trusted_for_the_same()
    {
        var own = TrustAnchor.ForCertificate(s_leaf.Certificate, Issuing);
        var key = TrustAnchor.ForKey(_key.PublicKey, Issuing);
        var authority = TrustAnchor.ForCertificate(s_root.Certificate, Issuing, ["urn:a"]);
        var store = TrustStore.Create([own, key, authority]);
        var (signer, bare) = (store.PinnedSigners(PinnedSigner.KeyIdOf(s_leaf.Certificate), Issuing)[0], store.PinnedSigners(PinnedSigner.KeyIdOf(_key.PublicKey), Issuing)[0]);

        Assert.Same(authority, store.AuthorityOf(signer, Issuing, "urn:a", Now));
        Assert.Same(own, store.AuthorityOf(signer, Issuing, "urn:b", Now));
        Assert.Same(own, store.AuthorityOf(signer, TrustPurpose.StatusSigner, "urn:a", Now));
        Assert.Same(own, store.AuthorityOf(signer, Issuing, "urn:a", Now.AddDays(2)));
        Assert.Same(key, store.AuthorityOf(bare, Issuing, "urn:a", Now));
        Assert.Same(own, TrustStore.Create([own]).AuthorityOf(signer, Issuing, "urn:a", Now));
    }

    // HAIP 1.0 §6.1.1: the anchor is not in the chain, so a signer that is trusted itself is none for one.
    [Fact]
    public void A_signer_that_is_trusted_itself_stands_above_no_chain()
    {
        var (own, authority) = (TrustAnchor.ForCertificate(s_leaf.Certificate, Issuing), TrustAnchor.ForCertificate(s_root.Certificate, Issuing));
        string? Code(params TrustAnchor[] anchors) => TrustStore.Create(anchors).EvaluateChain([s_leaf.Certificate], Issuing, null, Now).Code;
        Assert.Null(Code(authority));
        Assert.Null(Code(own, authority));
        Assert.Equal(X509Codes.AnchorIncluded, Code(own));
        Assert.Equal(X509Codes.AnchorIncluded, Code(own, TrustAnchor.ForCertificate(s_root.Certificate, TrustPurpose.Verifier)));
    }

    [Fact]
    public void An_anchor_s_profile_binds_the_signers_below_it_and_other_anchors_of_its_certificate_do_not_lift_it()
    {
        var strict = TrustAnchor.ForCertificate(s_root.Certificate, Issuing, ["urn:a"], new CertificateProfile("strict", "1.2.3.4"));
        var plain = TrustAnchor.ForCertificate(s_root.Certificate, Issuing, ["urn:b"]);
        var marked = s_root.Leaf(new Options { ExtendedUsage = "1.2.3.4" });
        TrustDecision Decide(TestPki leaf, string? type, params TrustAnchor[] anchors) => TrustStore.Create(anchors).EvaluateChain([leaf.Certificate], Issuing, type, Now);

        Assert.Same(strict, Decide(marked, "urn:a", strict, plain).Anchor);
        Assert.Equal(X509Codes.ExtendedKeyUsage, Decide(s_leaf, "urn:a", strict, plain).Code);
        Assert.Equal(X509Codes.ExtendedKeyUsage, Decide(s_leaf, "urn:a", strict).Code);
        Assert.Same(plain, Decide(s_leaf, "urn:b", strict, plain).Anchor);
        Assert.Equal(TrustCodes.NotForType, Decide(s_leaf, "urn:c", strict, plain).Code);
        Assert.Same(plain, Decide(s_leaf, null, strict, plain).Anchor);

        // A refusal is not kept.
        var store = TrustStore.Create([strict]);
        Assert.Equal(X509Codes.ExtendedKeyUsage, store.EvaluateChain([s_leaf.Certificate], Issuing, "urn:a", Now).Code);
        Assert.Equal(0, store.KnownChains);
    }

    [Fact]
    public void The_profile_that_is_asked_for_binds_certificates_as_it_binds_their_bytes()
    {
        var store = TrustStore.Create([TrustAnchor.ForCertificate(s_root.Certificate, Issuing)]);
        var strict = new CertificateProfile("strict", "1.2.3.4");
        Assert.Equal(X509Codes.ExtendedKeyUsage, store.EvaluateChain([s_leaf.Certificate], Issuing, null, Now, strict).Code);
        Assert.Equal(X509Codes.ExtendedKeyUsage, store.EvaluateChain([s_leaf.Certificate.RawDataMemory], Issuing, null, Now, strict).Code);
        Assert.Null(store.EvaluateChain([s_leaf.Certificate], Issuing, null, Now).Code);
    }

    [Theory]
    [InlineData(TrustPurpose.CredentialIssuer)]
    [InlineData(TrustPurpose.StatusSigner)]
    [InlineData(TrustPurpose.Verifier)]
    [InlineData(TrustPurpose.WalletProvider)]
    [InlineData(TrustPurpose.KeyAttester)]
    public void Each_role_has_chains_of_its_own(TrustPurpose purpose)
    {
        var store = TrustStore.FromPem(s_root.Certificate.ExportCertificatePem(), purpose);
        foreach (var asked in Enum.GetValues<TrustPurpose>().Where(one => one != TrustPurpose.None))
            Assert.Equal(asked == purpose ? null : TrustCodes.NoAnchors, store.EvaluateChain([s_leaf.Certificate], asked, null, Now).Code);
        Assert.Throws<ArgumentOutOfRangeException>(() => store.EvaluateChain([s_leaf.Certificate], TrustPurpose.None, null, Now));
    }

    [Fact]
    public void Chains_of_no_certificate_or_too_many_are_refused_as_such()
    {
        var store = TrustStore.Create([TrustAnchor.ForCertificate(s_root.Certificate, Issuing)]);
        string? Code(int count) => store.EvaluateChain([.. Enumerable.Repeat(s_leaf.Certificate, count)], Issuing, null, Now).Code;
        Assert.Equal(X509Codes.Malformed, Code(0));
        Assert.Equal(X509Codes.TooMany, Code(X5Chain.MaxCertificates + 1));
        Assert.NotEqual(X509Codes.TooMany, Code(X5Chain.MaxCertificates));
        Assert.Null(Code(1));
    }
}
