using System.Security.Cryptography.X509Certificates;
using Credentials.Tests.X509;
using Credentials.Trust;
using Credentials.X509;
using static Credentials.Tests.X509.TestPki;

namespace Credentials.Tests.Trust;

/// <summary>A store remembers the chains that it found valid, and is no less strict for it.</summary>
public class TrustedChainCacheTests
{
    private const string Type = "urn:a";

    private readonly TestPki _root = Root();
    private readonly TrustStore _store;

    public TrustedChainCacheTests() => _store = TrustStore.Create([TrustAnchor.ForCertificate(
        _root.Certificate, TrustPurpose.CredentialIssuer | TrustPurpose.StatusSigner, [Type])]);

    private TrustDecision Decide(TestPki leaf, TrustPurpose purpose = TrustPurpose.CredentialIssuer, string? type = Type, DateTimeOffset? at = null, CertificateProfile? profile = null) =>
        _store.EvaluateChain([leaf.Certificate.RawDataMemory], purpose, type, at ?? Now, profile);

    [Fact]
    public void A_known_chain_gives_the_same_key_again_and_a_certificate_object_is_the_same_as_its_bytes()
    {
        TestPki leaf = _root.Leaf();
        TrustDecision first = Decide(leaf), second = Decide(leaf);
        TrustDecision third = _store.EvaluateChain([leaf.Certificate], TrustPurpose.CredentialIssuer, Type, Now);
        Assert.True(first.IsTrusted);
        Assert.Same(first.Key, second.Key);
        Assert.Same(first.Key, third.Key);
        Assert.Equal(leaf.Certificate.RawData, second.Certificate?.RawData);
        Assert.Same(_store.Anchors[0], second.Anchor);
        Assert.Equal(1, _store.KnownChains);
    }

    [Theory]
    [Trait("Row", "X5-08")]
    [InlineData(-1, X509Codes.Validity)]
    [InlineData(0, null)]
    [InlineData(86399, null)]
    [InlineData(86400, X509Codes.Validity)]
    public void Validity_is_to_the_second_for_a_known_chain_too(int offset, string? code)
    {
        TestPki leaf = _root.Leaf(new Options { NotBefore = Now, NotAfter = Now.AddDays(1) });
        Assert.True(Decide(leaf, at: Now.AddHours(1)).IsTrusted);
        Assert.Equal(code, Decide(leaf, at: Now.AddSeconds(offset)).Code);
        Assert.True(Decide(leaf, at: Now.AddHours(2)).IsTrusted);
    }

    [Fact]
    [Trait("Row", "X5-08")]
    public void An_expired_anchor_or_intermediate_ends_a_known_chain()
    {
        TestPki root = Make(null, "Old", null, new Options { Ca = true, Usage = X509KeyUsageFlags.KeyCertSign, NotAfter = Now.AddDays(2) });
        TestPki between = Make(root, "Between", null, new Options { Ca = true, Usage = X509KeyUsageFlags.KeyCertSign, NotAfter = Now.AddDays(1) });
        TestPki leaf = between.Leaf(), direct = root.Leaf();
        TrustStore store = TrustStore.Create([TrustAnchor.ForCertificate(root.Certificate, TrustPurpose.CredentialIssuer)]);
        string? Code(DateTimeOffset at, params X509Certificate2[] chain) => store.EvaluateChain(chain, TrustPurpose.CredentialIssuer, null, at).Code;
        Assert.Null(Code(Now, leaf.Certificate, between.Certificate));
        Assert.Null(Code(Now, direct.Certificate));
        Assert.Equal(X509Codes.Validity, Code(Now.AddDays(1), leaf.Certificate, between.Certificate));
        Assert.Null(Code(Now.AddDays(1), direct.Certificate));
        Assert.Equal(X509Codes.Validity, Code(Now.AddDays(2), direct.Certificate));
    }

    [Fact]
    public void Another_type_purpose_or_profile_is_decided_anew()
    {
        TestPki leaf = _root.Leaf();
        for (int i = 0; i < 2; i++)
        {
            Assert.True(Decide(leaf).IsTrusted);
            Assert.Equal(TrustCodes.NotForType, Decide(leaf, type: "urn:b").Code);
            Assert.Equal(TrustCodes.NoAnchors, Decide(leaf, TrustPurpose.Verifier).Code);
            Assert.Equal(X509Codes.ExtendedKeyUsage, Decide(leaf, profile: CertificateProfile.MdocDocumentSigner).Code);
            Assert.True(Decide(leaf, TrustPurpose.StatusSigner).IsTrusted);
        }
        Assert.Throws<ArgumentOutOfRangeException>(() => Decide(leaf, TrustPurpose.CredentialIssuer | TrustPurpose.StatusSigner));
    }

    [Fact]
    public void Refusals_are_not_kept_and_other_bytes_are_other_chains()
    {
        TestPki leaf = _root.Leaf();
        Assert.True(Decide(leaf).IsTrusted);
        byte[] changed = leaf.Certificate.RawData;
        changed[^1] ^= 1;
        ReadOnlyMemory<byte>[][] refused =
        [
            [changed], [leaf.Certificate.RawDataMemory, changed], [], [new byte[3]], [(byte[])[.. leaf.Certificate.RawData, 0]],
            [.. Enumerable.Repeat(leaf.Certificate.RawDataMemory, 7)],
        ];
        Assert.All(refused, chain => Assert.False(_store.EvaluateChain(chain, TrustPurpose.CredentialIssuer, Type, Now).IsTrusted));
        // The same bytes, cut elsewhere.
        ReadOnlyMemory<byte> der = leaf.Certificate.RawDataMemory;
        Assert.Equal(X509Codes.Malformed, _store.EvaluateChain([der[..100], der[100..]], TrustPurpose.CredentialIssuer, Type, Now).Code);
        Assert.Equal(1, _store.KnownChains);
    }

    [Fact]
    public void The_same_bytes_in_other_parts_are_another_chain()
    {
        TrustedChain chain = new([_root.Leaf().Certificate], _root.Certificate, _store.Anchors);
        TrustedChainCache cache = new();
        TrustedChain? Find(params ReadOnlyMemory<byte>[] der) => cache.Find(der, TrustPurpose.CredentialIssuer, CertificateProfile.SdJwtIssuer, Now);
        cache.Add([new byte[] { 1, 0, 0, 0, 0, 2 }], TrustPurpose.CredentialIssuer, CertificateProfile.SdJwtIssuer, chain);
        Assert.Same(chain, Find(new byte[] { 1, 0, 0, 0, 0, 2 }));
        Assert.Null(Find(new byte[] { 1 }, new byte[] { 2 }));
        Assert.Null(Find(new byte[] { 1, 0, 0 }, new byte[] { 0, 0, 2 }));
    }

    [Fact]
    public void Ten_thousand_chains_are_not_all_kept()
    {
        TestPki[] leaves = [.. Enumerable.Range(0, 300).Select(_ => _root.Leaf(key: _root.Key))];
        TrustedChain chain = new([leaves[0].Certificate], _root.Certificate, _store.Anchors);
        TrustedChainCache cache = new();
        for (int i = 0; i < 10_000; i++) cache.Add([BitConverter.GetBytes(i)], TrustPurpose.CredentialIssuer, CertificateProfile.SdJwtIssuer, chain);
        Assert.Equal(TrustedChainCache.Capacity, cache.Count);
        Assert.Null(cache.Find([BitConverter.GetBytes(0)], TrustPurpose.CredentialIssuer, CertificateProfile.SdJwtIssuer, Now));
        Assert.Same(chain, cache.Find([BitConverter.GetBytes(9_999)], TrustPurpose.CredentialIssuer, CertificateProfile.SdJwtIssuer, Now));
        Assert.All(leaves, leaf => Assert.True(Decide(leaf).IsTrusted));
        Assert.Equal(TrustedChainCache.Capacity, _store.KnownChains);
        Assert.True(Decide(leaves[0]).IsTrusted);
    }

    [Fact]
    public void Many_threads_get_the_right_answers()
    {
        TestPki other = Root("Elsewhere");
        TestPki[] good = [.. Enumerable.Range(0, 20).Select(_ => _root.Leaf())];
        TestPki bad = other.Leaf();
        Parallel.For(0, 2_000, i =>
        {
            TestPki leaf = good[i % good.Length];
            TrustDecision decision = Decide(leaf);
            Assert.Equal(Credentials.Keys.PublicKey.FromCertificate(leaf.Certificate), decision.Key);
            if (i % 100 == 0) Assert.Equal(X509Codes.Untrusted, Decide(bad).Code);
            Assert.Equal(TrustCodes.NotForType, i % 50 == 0 ? Decide(leaf, type: "urn:b").Code : TrustCodes.NotForType);
        });
        Assert.Equal(good.Length, _store.KnownChains);
    }
}
