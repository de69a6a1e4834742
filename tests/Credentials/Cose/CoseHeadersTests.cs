using Credentials.Codecs;
using Credentials.Cose;
using Credentials.Keys;
using Credentials.Keys.Software;

namespace Credentials.Tests.Cose;

public class CoseHeadersTests
{
    /// <summary>Headers with ES256 and what else is given, as CBOR in hex behind the map's first byte.</summary>
    private static async Task<CoseHeaders> ReadAsync(string protectedHex, string unprotectedHex = "a0")
    {
        using var key = SoftwareSigningKey.Generate(SignatureAlgorithm.Es256);
        return CoseSign1.Parse(CborValue.Decode(await CoseForge.Sign1Async(key, protectedHex, unprotectedHex), CoseCodes.Malformed)).Headers;
    }

    private static string[]? Certificates(CoseHeaders headers) => headers.X5Chain()?.Select(der => Convert.ToHexStringLower(der.Span)).ToArray();

    [Theory]
    [InlineData("a10126", "a0", null)]
    [InlineData("a2012618 21 41aa", "a0", "aa")]
    [InlineData("a10126", "a1 1821 41aa", "aa")]
    [InlineData("a10126", "a1 1821 8141aa", "aa")] // an array of one is read
    [InlineData("a10126", "a1 1821 8241aa41bb", "aa,bb")]
    [InlineData("a10126", "a1 1821 8641aa41bb41cc41dd41ee41ff", "aa,bb,cc,dd,ee,ff")]
    public async Task A_chain_is_read_from_either_header(string protectedHex, string unprotectedHex, string? certificates)
    {
        var headers = await ReadAsync(protectedHex.Replace(" ", "", StringComparison.Ordinal), unprotectedHex.Replace(" ", "", StringComparison.Ordinal));
        Assert.Equal(certificates?.Split(','), Certificates(headers));
    }

    [Theory]
    [InlineData("80")]
    [InlineData("8741aa41bb41cc41dd41ee41ff41aa")]
    [InlineData("8241aa6162")]
    [InlineData("816161")]
    [InlineData("6161")]
    [InlineData("a14100 41aa")]
    [InlineData("f6")]
    public async Task What_is_no_chain_is_refused(string chain)
    {
        var headers = await ReadAsync("a10126", $"a11821{chain.Replace(" ", "", StringComparison.Ordinal)}");
        Assert.Equal(CoseCodes.X5Chain, Assert.Throws<MalformedDataException>(() => headers.X5Chain()).Code);
    }

    // RFC 9360 §2: one certificate is a byte string, several are an array of them.
    [Theory]
    [InlineData("aa", "41aa")]
    [InlineData("aa,bb", "8241aa41bb")]
    [InlineData("aa,bb,cc", "8341aa41bb41cc")]
    public async Task A_chain_is_written_as_it_is_read(string certificates, string expected)
    {
        var header = CoseHeader.X5Chain([.. certificates.Split(',').Select(hex => (ReadOnlyMemory<byte>)Convert.FromHexString(hex))]);
        Assert.Equal(CoseNames.X5Chain, header.Label);
        Assert.Equal(expected, Convert.ToHexStringLower(header.Value.Span));
        Assert.Equal(certificates.Split(','), Certificates(await ReadAsync("a10126", $"a11821{expected}")));
    }

    [Theory]
    [InlineData("a10126", "a0", null)]
    [InlineData("a201260441aa", "a0", "aa")]
    [InlineData("a10126", "a10441bb", "bb")]
    public async Task A_key_identifier_is_read_from_either_header(string protectedHex, string unprotectedHex, string? expected)
    {
        var keyId = (await ReadAsync(protectedHex, unprotectedHex)).KeyId();
        Assert.Equal(expected, keyId is { } bytes ? Convert.ToHexStringLower(bytes.Span) : null);
    }

    [Theory]
    [InlineData("a20126 10 63612f62", true)] // typ: "a/b"
    [InlineData("a20126 10 63412f42", false)]
    [InlineData("a20126 10 183d", false)] // a CoAP content format
    [InlineData("a10126", false)]
    public async Task A_type_is_compared_to_the_letter(string protectedHex, bool isRight)
    {
        var headers = await ReadAsync(protectedHex.Replace(" ", "", StringComparison.Ordinal));
        var refused = Record.Exception(() => headers.RequireType("a/b"));
        Assert.Equal(isRight ? null : CoseCodes.Type, (refused as MalformedDataException)?.Code);
        Assert.Equal(isRight, refused is null);
    }

    [Fact]
    public async Task A_label_may_be_text_and_stands_in_one_header()
    {
        var headers = await ReadAsync("a20126617801", "a1617902");
        Assert.Equal(1, headers.Protected.Require("x"u8).GetInt64());
        Assert.Equal(2, headers.Unprotected.Require("y"u8).GetInt64());
        Assert.Equal(CoseCodes.Malformed, (await Assert.ThrowsAsync<MalformedDataException>(() => ReadAsync("a20126617801", "a1617801"))).Code);
    }

    [Fact]
    public async Task A_type_that_is_not_protected_is_none()
    {
        var headers = await ReadAsync("a10126", "a11063612f62");
        Assert.Null(headers.Type);
        Assert.Equal(CoseCodes.Type, Assert.Throws<MalformedDataException>(() => headers.RequireType("a/b")).Code);
    }

    [Theory]
    [InlineData("ES256", true)]
    [InlineData("ES384", false)]
    [InlineData("ES512", false)]
    [InlineData("EdDSA", false)]
    public void A_key_for_key_agreement_is_on_P_256(string algorithm, bool isTaken)
    {
        using var key = SoftwareSigningKey.Generate(SignatureAlgorithm.FromJose(algorithm)!);
        var written = CborWriting.Encode(writer => CoseKey.Write(writer, key.PublicKey));
        KeyAgreementPublicKey Parse() => CoseKey.ParseKeyAgreement(CborValue.Decode(written, CoseCodes.KeyMalformed));

        if (isTaken) Assert.Equal(written, CborWriting.Encode(writer => CoseKey.Write(writer, Parse())));
        else Assert.Equal(CoseCodes.KeyNotSupported, Assert.Throws<NotSupportedCredentialException>(Parse).Code);
    }
}
