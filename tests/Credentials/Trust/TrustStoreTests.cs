using System.Security.Cryptography.X509Certificates;
using Credentials.Jose;
using Credentials.Keys;
using Credentials.Keys.Software;
using Credentials.Tests.X509;
using Credentials.Trust;
using static Credentials.Tests.X509.TestPki;
using PublicKey = Credentials.Keys.PublicKey;

namespace Credentials.Tests.Trust;

public class TrustStoreTests
{
    private static readonly TestPki s_root = Root();
    private static readonly X509Certificate2[] s_chain = [s_root.Leaf().Certificate];

    private static TrustStore Store(TrustPurpose purposes, params string[] types) =>
        TrustStore.Create([TrustAnchor.ForCertificate(s_root.Certificate, purposes, types.Length > 0 ? types : null)]);

    [Fact]
    [Trait("Row", "DID-09")]
    public void An_empty_store_trusts_nobody()
    {
        TrustDecision decision = TrustStore.Empty.EvaluateChain(s_chain, TrustPurpose.CredentialIssuer, "urn:a", Now);
        Assert.False(decision.IsTrusted);
        Assert.Null(decision.Key);
        Assert.Equal(TrustCodes.NoAnchors, decision.Code);
        Assert.Empty(TrustStore.Empty.PinnedKeys(null, null, TrustPurpose.CredentialIssuer, null));
    }

    [Fact]
    [Trait("Row", "TRU-01")]
    public void Roles_are_typed()
    {
        Assert.Equal(TrustCodes.NoAnchors, Store(TrustPurpose.Verifier).EvaluateChain(s_chain, TrustPurpose.CredentialIssuer, "urn:a", Now).Code);
        Assert.Equal(TrustCodes.NoAnchors, Store(TrustPurpose.CredentialIssuer | TrustPurpose.StatusSigner).EvaluateChain(s_chain, TrustPurpose.Verifier, null, Now).Code);
        Assert.True(Store(TrustPurpose.CredentialIssuer).EvaluateChain(s_chain, TrustPurpose.CredentialIssuer, "urn:a", Now).IsTrusted);
    }

    [Fact]
    [Trait("Row", "TRU-01")]
    [Trait("Row", "SVC-02")]
    public void Trust_is_for_an_issuer_and_a_type()
    {
        TrustStore store = Store(TrustPurpose.CredentialIssuer, "urn:diploma");
        Assert.Equal(TrustCodes.NotForType, store.EvaluateChain(s_chain, TrustPurpose.CredentialIssuer, "urn:pid", Now).Code);
        TrustDecision good = store.EvaluateChain(s_chain, TrustPurpose.CredentialIssuer, "urn:diploma", Now);
        Assert.Equal(PublicKey.FromCertificate(s_chain[0]), good.Key);
        Assert.Same(store.Anchors[0], good.Anchor);
    }

    [Fact]
    public void Two_anchors_of_one_certificate_add_up()
    {
        TrustStore store = Store(TrustPurpose.CredentialIssuer, "urn:a").With(Store(TrustPurpose.CredentialIssuer, "urn:b"));
        Assert.True(store.EvaluateChain(s_chain, TrustPurpose.CredentialIssuer, "urn:b", Now).IsTrusted);
        Assert.Equal(TrustCodes.NotForType, store.EvaluateChain(s_chain, TrustPurpose.CredentialIssuer, "urn:c", Now).Code);
    }

    [Fact]
    public void Pinned_keys_are_found_by_issuer_and_thumbprint()
    {
        using SoftwareSigningKey one = SoftwareSigningKey.Generate(SignatureAlgorithm.Es256), two = SoftwareSigningKey.Generate(SignatureAlgorithm.EdDsa);
        TrustStore store = TrustStore.Create(
        [
            TrustAnchor.ForKey(one.PublicKey, TrustPurpose.CredentialIssuer, issuer: "https://a.example"),
            TrustAnchor.ForKey(two.PublicKey, TrustPurpose.CredentialIssuer, types: ["urn:t"]),
        ]);
        Assert.Equal(2, store.PinnedKeys("https://a.example", null, TrustPurpose.CredentialIssuer, "urn:t").Count);
        Assert.Single(store.PinnedKeys("https://b.example", null, TrustPurpose.CredentialIssuer, "urn:t"));
        Assert.Single(store.PinnedKeys("https://a.example", Jwk.Thumbprint(one.PublicKey), TrustPurpose.CredentialIssuer, "urn:t"));
        Assert.Empty(store.PinnedKeys("https://b.example", null, TrustPurpose.CredentialIssuer, "urn:other"));
        Assert.Empty(store.PinnedKeys("https://a.example", null, TrustPurpose.Verifier, null));
    }

    [Fact]
    public void An_issuer_is_trusted_by_its_url_exactly_as_written_and_for_its_types()
    {
        TrustStore store = TrustStore.Create([TrustAnchor.ForIssuerUrl("https://a.example/tenant/1", ["urn:t"])]);

        Assert.Equal("https://a.example/tenant/1", store.IssuerUrl("https://a.example/tenant/1", "urn:t")!.Id);
        Assert.NotNull(store.IssuerUrl("https://a.example/tenant/1", null));
        Assert.Null(store.IssuerUrl("https://a.example/tenant/1", "urn:other"));
        Assert.Null(store.IssuerUrl("https://a.example/tenant/1/", "urn:t"));
        Assert.Null(store.IssuerUrl("https://A.example/tenant/1", "urn:t"));
        Assert.Null(store.IssuerUrl(null, "urn:t"));
        Assert.Empty(store.PinnedKeys("https://a.example/tenant/1", null, TrustPurpose.CredentialIssuer, "urn:t"));
        Assert.Equal(TrustCodes.NoAnchors, store.EvaluateChain(s_chain, TrustPurpose.CredentialIssuer, "urn:t", Now).Code);
    }

    [Theory]
    [InlineData("http://a.example")]
    [InlineData("https://a.example?x=1")]
    [InlineData("https://a.example#x")]
    [InlineData("https://user@a.example")]
    [InlineData("urn:issuer")]
    [InlineData("")]
    public void An_issuer_url_is_https_without_query_and_fragment(string issuer)
    {
        Assert.NotNull(TrustAnchor.ForIssuerUrl("https://a.example"));
        Assert.Throws<ArgumentException>(() => TrustAnchor.ForIssuerUrl(issuer));
    }
}
