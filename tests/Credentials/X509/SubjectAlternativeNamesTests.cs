using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Credentials.X509;
using static Credentials.Tests.X509.TestPki;

namespace Credentials.Tests.X509;

public class SubjectAlternativeNamesTests
{
    private static readonly TestPki s_root = Root();

    /// <summary>A SAN extension with these entries, each a tag and its bytes, that the platform's builder would not write.</summary>
    internal static X509Extension San(params (int Tag, byte[] Value)[] names) => Raw(
        [0x30, (byte)names.Sum(n => 2 + n.Value.Length), .. names.SelectMany(n => (byte[])[(byte)(0x80 | n.Tag), (byte)n.Value.Length, .. n.Value])]);

    internal static X509Extension Dns(string name) => San((2, Encoding.Latin1.GetBytes(name)));

    internal static X509Extension Raw(byte[] value) => new(new Oid("2.5.29.17"), value, false);

    /// <summary>Bytes that are no SAN extension.</summary>
    internal static IReadOnlyList<byte[]> Malformed { get; } =
    [
        [], [0x30], [0x30, 5, 0x82, 1], [0x04, 0], [0x30, 0x80, 0x82, 1, 0x61, 0, 0], [0x30, 3, 0x82, 1, 0x61, 0], [0x30, 3, 0x82, 1, 0xff],
        [0x30, 0x84, 0xff, 0xff, 0xff, 0xff, 0x82], [0x30, 3, 0x82, 0x81, 0x61],
    ];

    private static X509Certificate2 With(X509Extension? names, string commonName = "Leaf") =>
        s_root.Leaf(new Options { Extra = names }, name: commonName).Certificate;

    [Theory]
    [Trait("Row", "X5-14")]
    [InlineData("*.example.com", "verifier.example.com")]
    [InlineData("*.example.com", "*.example.com")]
    [InlineData("example.com", "verifier.example.com")]
    [InlineData("verifier.example.com", "example.com")]
    [InlineData("verifier.example.com.", "verifier.example.com")]
    [InlineData("verifier.example.com.", "verifier.example.com.")]
    [InlineData("verifier.example.com", "verifier.example.com.")]
    [InlineData(".example.com", ".example.com")]
    [InlineData("verifier.example.com\0.evil.example", "verifier.example.com")]
    [InlineData("verifier.example.com\0", "verifier.example.com")]
    [InlineData("verifier.example.com ", "verifier.example.com")]
    [InlineData("xn--mnchen-3ya.example", "münchen.example")]
    [InlineData("127.0.0.1", "127.0.0.1")]
    [InlineData("::1", "::1")]
    [InlineData("", "")]
    public void A_name_that_nearly_matches_is_another(string inCertificate, string host) =>
        Assert.False(SubjectAlternativeNames.Of(With(Dns(inCertificate))).NamesHost(host));

    [Theory]
    [InlineData("verifier.example.com", "verifier.example.com")]
    [InlineData("Verifier.EXAMPLE.com", "verifier.example.com")] // RFC 5280 §7.2: without regard to case
    [InlineData("xn--mnchen-3ya.example", "xn--mnchen-3ya.example")]
    [InlineData("localhost", "localhost")]
    public void The_same_name_matches(string inCertificate, string host) =>
        Assert.True(SubjectAlternativeNames.Of(With(Dns(inCertificate))).NamesHost(host));

    [Fact]
    [Trait("Row", "X5-14")]
    public void Addresses_other_kinds_of_names_and_the_common_name_name_no_host()
    {
        var other = With(San((7, [127, 0, 0, 1]), (1, "verifier.example.com"u8.ToArray()), (6, "https://verifier.example.com"u8.ToArray())), "verifier.example.com");

        Assert.False(SubjectAlternativeNames.Of(other).NamesHost("verifier.example.com"));
        Assert.False(SubjectAlternativeNames.Of(other).NamesHost("127.0.0.1"));
        Assert.False(SubjectAlternativeNames.Of(With(null, "verifier.example.com")).NamesHost("verifier.example.com"));
        Assert.Equal(["https://verifier.example.com"], SubjectAlternativeNames.Of(other).Uris);
    }

    [Fact]
    [Trait("Row", "X5-14")]
    public void A_malformed_extension_is_a_typed_refusal()
    {
        foreach (var value in Malformed)
            Assert.Equal(X509Codes.Malformed, Assert.Throws<MalformedDataException>(() => SubjectAlternativeNames.Of(With(Raw(value)))).Code);
    }
}
