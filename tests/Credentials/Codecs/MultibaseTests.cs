using Credentials.Codecs;
using FsCheck.Xunit;
using Base58 = SimpleBase.Base58;

namespace Credentials.Tests.Codecs;

public class MultibaseTests
{
    // draft-multiformats-multibase, test values: "yes mani !" and two that begin with zero bytes.
    [Theory]
    [InlineData("z7paNL19xttacUY", "796573206d616e692021")]
    [InlineData("ueWVzIG1hbmkgIQ", "796573206d616e692021")]
    [InlineData("z17paNL19xttacUY", "00796573206d616e692021")]
    [InlineData("z117paNL19xttacUY", "0000796573206d616e692021")]
    [InlineData("uAHllcyBtYW5pICE", "00796573206d616e692021")]
    [InlineData("z", "")]
    [InlineData("u", "")]
    public void Decode_reads_what_encode_writes(string text, string hex)
    {
        var bytes = Convert.FromHexString(hex);

        Assert.Equal(bytes, Multibase.Decode(text));
        Assert.Equal(text, text[0] == 'z' ? Multibase.EncodeBase58Btc(bytes) : Multibase.EncodeBase64Url(bytes));
    }

    // What writes is ours; what reads, and says here what is to be written, is not.
    [Property(MaxTest = 2000)]
    public bool Base58btc_is_written_as_others_write_it(byte[] bytes, byte zerosInFront)
    {
        byte[] value = [.. new byte[zerosInFront % 8], .. bytes];
        return Multibase.EncodeBase58Btc(value) == "z" + Base58.Bitcoin.Encode(value) && Multibase.DecodeBase58Btc(Multibase.EncodeBase58Btc(value)).SequenceEqual(value);
    }

    [Property(MaxTest = 2000)]
    public bool Signatures_are_written_in_base58btc_as_others_write_them(ulong a, ulong b, ulong c, ulong d, ulong e, ulong f, ulong g, ulong h)
    {
        var signature = new[] { a, b, c, d, e, f, g, h }.SelectMany(BitConverter.GetBytes).ToArray();
        return Multibase.EncodeBase58Btc(signature) == "z" + Base58.Bitcoin.Encode(signature);
    }

    [Fact]
    public void Base58btc_of_every_length_up_to_two_hundred_bytes_is_written_in_full()
    {
        for (var length = 0; length <= 200; length++)
        {
            foreach (byte filling in (byte[])[0, 1, 0x7f, 0xff])
            {
                var bytes = Enumerable.Repeat(filling, length).ToArray();
                Assert.Equal("z" + Base58.Bitcoin.Encode(bytes), Multibase.EncodeBase58Btc(bytes));
            }
        }
    }

    [Theory]
    [Trait("Row", "LDP-13")]
    [InlineData("")]
    [InlineData("7paNL19xttacUY")] // no base named: 7 is octal
    [InlineData("Z7paNL19xttacUY")] // base58flickr
    [InlineData("meWVzIG1hbmkgIQ")] // base64
    [InlineData("MeWVzIG1hbmkgIQ==")]
    [InlineData("f796573206d616e692021")]
    [InlineData("z7paNL19xttacU0")] // 0, O, I and l are not letters of base58btc
    [InlineData("z7paNL19xttacUl")]
    [InlineData("z7paNL19 xttacUY")]
    [InlineData("z7paNL19xttacUY ")]
    [InlineData("zéééé")]
    [InlineData("ueWVzIG1hbmkgIQ==")]
    [InlineData("ueWVzIG1hbmkgIR")] // the same bytes, with a spare bit set
    [InlineData("ueWVzIG1hbmkg/Q")]
    public void Decode_rejects_other_bases_letters_and_spellings(string text)
    {
        Assert.Equal(CodecCodes.MultibaseMalformed, Assert.Throws<MalformedDataException>(() => Multibase.Decode(text)).Code);
        Assert.NotEmpty(Multibase.Decode("ueWVzIG1hbmkgIQ"));
    }

    [Fact]
    public void Decode_of_one_base_rejects_the_other()
    {
        Assert.Throws<MalformedDataException>(() => Multibase.DecodeBase58Btc("ueWVzIG1hbmkgIQ"));
        Assert.Throws<MalformedDataException>(() => Multibase.DecodeBase64Url("z7paNL19xttacUY"));
        Assert.Equal(Multibase.DecodeBase58Btc("z7paNL19xttacUY"), Multibase.DecodeBase64Url("ueWVzIG1hbmkgIQ"));
    }

    [Fact]
    public void Base58btc_is_read_up_to_its_cap()
    {
        Assert.NotEmpty(Multibase.Decode("z" + new string('2', Multibase.MaxBase58Length - 1)));
        Assert.Throws<MalformedDataException>(() => Multibase.Decode("z" + new string('2', Multibase.MaxBase58Length)));
    }
}
