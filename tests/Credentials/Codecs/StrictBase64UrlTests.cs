using Credentials.Codecs;
using FsCheck.Xunit;

namespace Credentials.Tests.Codecs;

public class StrictBase64UrlTests
{
    [Theory]
    [Trait("Row", "B64-01")]
    [InlineData("QU JD")]
    [InlineData("QUJD\n")]
    [InlineData("\tQUJD")]
    [InlineData("QUJD\r\n")]
    [InlineData("QUJD\u00a0")]
    public void White_space_is_refused(string text) => Refused(text);

    [Theory]
    [Trait("Row", "B64-02")]
    [InlineData("QUI=")]
    [InlineData("QQ==")]
    [InlineData("QUJD====")]
    [InlineData("=")]
    public void Padding_is_refused(string text) => Refused(text);

    [Theory]
    [Trait("Row", "B64-03")]
    [InlineData("-+-_")]
    [InlineData("__/_")]
    public void The_standard_alphabet_is_refused(string text) => Refused(text);

    [Theory]
    [Trait("Row", "B64-04")]
    [InlineData("QUJ", "QUI")]
    [InlineData("QUK", "QUI")]
    [InlineData("QUL", "QUI")]
    [InlineData("QR", "QQ")]
    [InlineData("Qf", "QQ")]
    [InlineData("Q_", "QQ")]
    public void Spare_bits_must_be_zero(string second, string only)
    {
        Refused(second);
        Assert.True(StrictBase64Url.TryDecode(only, out _));
    }

    [Theory]
    [InlineData("A")]
    [InlineData("AAAAA")]
    [InlineData("한글")]
    [InlineData("QUJ\0")]
    public void Impossible_lengths_and_other_characters_are_refused(string text) => Refused(text);

    [Property]
    public bool What_is_encoded_decodes_to_the_same_bytes(byte[] bytes) =>
        StrictBase64Url.TryDecode(StrictBase64Url.Encode(bytes), out byte[] back) && back.AsSpan().SequenceEqual(bytes);

    [Property]
    public bool What_decodes_has_one_spelling(string text) =>
        text is null || !StrictBase64Url.TryDecode(text, out byte[] bytes) || StrictBase64Url.Encode(bytes) == text;

    [Theory]
    [InlineData("QUI")]
    [InlineData("QUJ=")]
    [InlineData("QU I=")]
    [InlineData("QUI=\n")]
    [InlineData("QUI=QUI=")]
    public void Standard_base64_is_as_strict(string text)
    {
        Assert.Throws<MalformedDataException>(() => StrictBase64.Decode(text));
        Assert.Equal("AB"u8.ToArray(), StrictBase64.Decode("QUI="));
    }

    private static void Refused(string text)
    {
        Assert.False(StrictBase64Url.TryDecode(text, out byte[] bytes));
        Assert.Empty(bytes);
        Assert.Equal(CodecCodes.Base64Malformed, Assert.Throws<MalformedDataException>(() => StrictBase64Url.Decode(text)).Code);
    }
}
