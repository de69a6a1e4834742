using Credentials.Trust;
using Credentials.X509;
using static Credentials.Tests.X509.TestPki;

namespace Credentials.Tests.X509;

public class X5ChainTests
{
    private static readonly TestPki s_root = Root();
    private static readonly TestPki s_between = s_root.Intermediate();
    private static readonly TestPki s_leaf = s_between.Leaf();
    private static readonly TrustStore s_store = TrustStore.Create([TrustAnchor.ForCertificate(s_root.Certificate, TrustPurpose.CredentialIssuer)]);

    private static ReadOnlyMemory<byte>[] Der(params TestPki[] chain) => [.. chain.Select(c => c.Certificate.RawDataMemory)];

    private static string? Code(params ReadOnlyMemory<byte>[] chain) => s_store.EvaluateChain(chain, TrustPurpose.CredentialIssuer, null, Now).Code;

    [Fact]
    [Trait("Row", "CSE-09")]
    public void One_to_six_certificates_are_read_leaf_first()
    {
        Assert.Equal(s_leaf.Certificate.RawData, X5Chain.Parse(Der(s_leaf))[0].RawData);
        Assert.Equal([s_leaf.Certificate.RawData, s_between.Certificate.RawData], X5Chain.Parse(Der(s_leaf, s_between)).Select(c => c.RawData));
        Assert.Equal(6, X5Chain.Parse([.. Enumerable.Repeat(s_leaf.Certificate.RawDataMemory, 6)]).Count);
        foreach (int count in new[] { 7, 1000 })
        {
            ReadOnlyMemory<byte>[] many = [.. Enumerable.Repeat(s_leaf.Certificate.RawDataMemory, count)];
            Assert.Equal(X509Codes.TooMany, Assert.Throws<MalformedDataException>(() => X5Chain.Parse(many)).Code);
            Assert.Equal(X509Codes.TooMany, Code(many));
        }
        Assert.Equal(X509Codes.Malformed, Assert.Throws<MalformedDataException>(() => X5Chain.Parse([])).Code);
    }

    [Fact]
    [Trait("Row", "CSE-09")]
    public void A_wrong_order_the_anchor_and_none_are_refused()
    {
        Assert.Null(Code(Der(s_leaf, s_between)));
        Assert.Equal(X509Codes.LeafIsCa, Code(Der(s_between, s_leaf)));
        Assert.Equal(X509Codes.AnchorIncluded, Code(Der(s_leaf, s_between, s_root)));
        Assert.Equal(X509Codes.Malformed, Code());
    }

    [Fact]
    [Trait("Row", "X5-12")]
    public void Trailing_bytes_and_PEM_are_refused()
    {
        byte[] der = s_leaf.Certificate.RawData;
        foreach (byte[] wrong in new byte[][] { [.. der, 0], System.Text.Encoding.ASCII.GetBytes(s_leaf.Certificate.ExportCertificatePem()), [], new byte[20_000] })
        {
            Assert.Equal(X509Codes.Malformed, Assert.Throws<MalformedDataException>(() => X5Chain.Parse([wrong])).Code);
            Assert.Equal(X509Codes.Malformed, Code(wrong, s_between.Certificate.RawDataMemory));
        }
    }

    [Fact]
    [Trait("Row", "CSE-09")]
    public void A_signers_own_chain_is_written_without_its_root()
    {
        IReadOnlyList<ReadOnlyMemory<byte>> written = X5Chain.ForHeader([s_leaf.Certificate, s_between.Certificate, s_root.Certificate]);
        Assert.Equal([s_leaf.Certificate.RawData, s_between.Certificate.RawData], written.Select(d => d.ToArray()));
        Assert.Throws<ArgumentException>(() => X5Chain.ForHeader([s_root.Certificate]));
        Assert.Throws<ArgumentException>(() => X5Chain.ForHeader(Enumerable.Repeat(s_leaf.Certificate, 7)));
    }
}
