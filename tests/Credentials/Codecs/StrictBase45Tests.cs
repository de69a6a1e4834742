using Credentials.Codecs;
using FsCheck.Xunit;

namespace Credentials.Tests.Codecs;

public class StrictBase45Tests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("AB", "BB8")]
    [InlineData("Hello!!", "%69 VD92EX0")]
    [InlineData("base-45", "UJCLQE7W581")]
    [InlineData("ietf!", "QED8WEX0")]
    public void The_examples_of_RFC_9285_are_written_and_read(string bytes, string text)
    {
        Assert.Equal(text, StrictBase45.Encode(System.Text.Encoding.ASCII.GetBytes(bytes)));
        Assert.Equal(bytes, System.Text.Encoding.ASCII.GetString(StrictBase45.Decode(text)));
    }

    [Theory]
    [InlineData("FGW", "ffff")]
    [InlineData("U5", "ff")]
    [InlineData("000", "0000")]
    [InlineData("00", "00")]
    public void The_largest_and_smallest_groups_are_read(string text, string hex) =>
        Assert.Equal(hex, Convert.ToHexStringLower(StrictBase45.Decode(text)));

    [Theory]
    [InlineData("GGW")] // 65536
    [InlineData(":::")]
    [InlineData("V5")] // 256
    [InlineData("::")]
    [InlineData("A")]
    [InlineData("ABCD")]
    [InlineData("bb8")]
    [InlineData("BB8 ")]
    [InlineData(" BB8")]
    [InlineData("BB8\n")]
    [InlineData("BB\t")]
    [InlineData("BB_")]
    [InlineData("BB=")]
    [InlineData("\0BB")]
    [InlineData("BB\uff18")] // a full-width 8
    [InlineData("한글뷁")]
    public void What_is_no_Base45_is_refused(string text)
    {
        Assert.False(StrictBase45.TryDecode(text, out var bytes));
        Assert.Empty(bytes);
        Assert.Equal(CodecCodes.Base45Malformed, Assert.Throws<MalformedDataException>(() => StrictBase45.Decode(text)).Code);
    }

    [Property]
    public bool What_is_encoded_decodes_to_the_same_bytes(byte[] bytes) =>
        StrictBase45.TryDecode(StrictBase45.Encode(bytes), out var back) && back.AsSpan().SequenceEqual(bytes);

    [Property]
    public bool What_decodes_has_one_spelling(string text) =>
        text is null || !StrictBase45.TryDecode(text.ToUpperInvariant(), out var bytes) || StrictBase45.Encode(bytes) == text.ToUpperInvariant();
}
