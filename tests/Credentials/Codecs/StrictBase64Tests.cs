using System.Text;
using Credentials.Codecs;
using FsCheck.Xunit;

namespace Credentials.Tests.Codecs;

public sealed class StrictBase64Tests
{
    [Property]
    public bool What_is_encoded_is_decoded(byte[] bytes) =>
        StrictBase64.Decode(StrictBase64.Encode(bytes)).AsSpan().SequenceEqual(bytes)
        && StrictBase64.Decode(Encoding.ASCII.GetBytes(StrictBase64.Encode(bytes))).AsSpan().SequenceEqual(bytes);

    [Theory]
    [InlineData("AA")]
    [InlineData("AAA")]
    [InlineData("AAAAA")]
    [InlineData("AB==")]
    [InlineData("AAB=")]
    [InlineData("====")]
    [InlineData("A===")]
    [InlineData("AA==AAAA")]
    [InlineData("AA =")]
    [InlineData("AAAA\n")]
    [InlineData("AAAA    ")]
    [InlineData("AA-_")]
    [InlineData("AAA\u00e4")]
    [InlineData("AA\u00e4")]
    public void There_is_one_spelling(string text)
    {
        Assert.Throws<MalformedDataException>(() => StrictBase64.Decode(text));
        Assert.Throws<MalformedDataException>(() => StrictBase64.Decode(Encoding.UTF8.GetBytes(text)));
    }
}
