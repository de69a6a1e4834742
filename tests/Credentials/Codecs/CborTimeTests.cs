using System.Text;
using Credentials.Codecs;

namespace Credentials.Tests.Codecs;

public class CborTimeTests
{
    private static CborValue Tagged(ulong tag, string text) => CborValue.Decode(CborWriting.Encode(writer =>
    {
        writer.WriteTag((System.Formats.Cbor.CborTag)tag);
        writer.WriteTextString(text);
    }));

    [Theory]
    [InlineData("2026-11-23T14:03:00Z", 1795442580)]
    [InlineData("1970-01-01T00:00:00Z", 0)]
    [InlineData("2024-02-29T23:59:59Z", 1709251199)]
    [InlineData("9999-12-31T23:59:59Z", 253402300799)]
    [InlineData("0001-01-01T00:00:00Z", -62135596800)]
    public void A_tdate_in_UTC_to_the_second_is_read_and_written(string text, long seconds)
    {
        var time = Tagged(0, text).GetDateTime();
        Assert.Equal((seconds, TimeSpan.Zero), (time.ToUnixTimeSeconds(), time.Offset));
        Assert.Equal(text, CborValue.Decode(CborWriting.Encode(writer => writer.WriteDateTime(time.ToOffset(TimeSpan.FromHours(time.Year is 1 or 9999 ? 0 : 9))))).GetTagged(0).GetText());
    }

    [Theory]
    [Trait("Row", "CBR-15")]
    [InlineData("2026-11-23T14:03:00.5Z")]
    [InlineData("2026-11-23T14:03:00.000Z")]
    [InlineData("2026-11-23T14:03:00+01:00")]
    [InlineData("2026-11-23T14:03:00+00:00")]
    [InlineData("2026-11-23T14:03:00z")]
    [InlineData("2026-11-23t14:03:00Z")]
    [InlineData("2026-11-23 14:03:00Z")]
    [InlineData("2026-11-23T14:03:60Z")]
    [InlineData("2016-12-31T23:59:60Z")]
    [InlineData("10000-01-01T00:00:00Z")]
    [InlineData("0000-01-01T00:00:00Z")]
    [InlineData("2026-11-23T24:00:00Z")]
    [InlineData("2026-02-29T00:00:00Z")]
    [InlineData("2026-13-01T00:00:00Z")]
    [InlineData("2026-00-01T00:00:00Z")]
    [InlineData("2026-11-23T14:03Z")]
    [InlineData("2026-11-23T14:03:00")]
    [InlineData("2026-11-23")]
    [InlineData("20261123T140300Z")]
    [InlineData(" 2026-11-23T14:03:00Z")]
    [InlineData("2026-11-23T14:03:00Z ")]
    [InlineData("2026-11-23T14:03:00Z\0")]
    [InlineData("+026-11-23T14:03:00Z")]
    [InlineData("\u0662026-11-23T14:03:00")]
    [InlineData("")]
    public void Any_other_text_is_no_tdate(string text) => Assert.Throws<MalformedDataException>(() => Tagged(0, text).GetDateTime());

    [Theory]
    [Trait("Row", "CBR-13")]
    [Trait("Row", "CBR-14")]
    [InlineData("c1f97e00")]
    [InlineData("c1f97c00")]
    [InlineData("c1fb7ff8000000000001")]
    [InlineData("c1f98000")]
    [InlineData("c1f93c00")]
    [InlineData("c11a6b0d2b14")]
    [InlineData("c0f97e00")]
    [InlineData("c0f98000")]
    [InlineData("c01a6b0d2b14")]
    [InlineData("f97e00")]
    [InlineData("d903ecf97e00")]
    [InlineData("d903ec1a6b0d2b14")]
    [InlineData("d864193a00")]
    [InlineData("f6")]
    public void A_number_is_no_date(string hex)
    {
        var value = CborValue.Decode(Convert.FromHexString(hex));
        Assert.Throws<MalformedDataException>(() => value.GetDateTime());
        Assert.Throws<MalformedDataException>(() => value.GetFullDate());
    }

    [Fact]
    public void A_full_date_is_read_and_written()
    {
        Assert.Equal(new DateOnly(2024, 2, 29), Tagged(1004, "2024-02-29").GetFullDate());
        Assert.Equal("d903ec6a323032342d30322d3239", Convert.ToHexStringLower(CborWriting.Encode(writer => writer.WriteFullDate(new DateOnly(2024, 2, 29)))));
        Assert.Equal(new DateOnly(812, 1, 2), CborValue.Decode(CborWriting.Encode(writer => writer.WriteFullDate(new DateOnly(812, 1, 2)))).GetFullDate());
    }

    [Theory]
    [Trait("Row", "CBR-15")]
    [InlineData("2023-02-29")]
    [InlineData("2024-2-29")]
    [InlineData("2024-02-29Z")]
    [InlineData("2024-02-29T00:00:00Z")]
    [InlineData("10000-01-01")]
    [InlineData("0000-01-01")]
    [InlineData("24-02-29")]
    [InlineData(" 2024-02-29")]
    [InlineData("2024/02/29")]
    [InlineData("")]
    public void Any_other_text_is_no_full_date(string text) => Assert.Throws<MalformedDataException>(() => Tagged(1004, text).GetFullDate());

    [Fact]
    public void Dates_need_their_own_tag()
    {
        Assert.Throws<MalformedDataException>(() => Tagged(0, "2024-02-29").GetFullDate());
        Assert.Throws<MalformedDataException>(() => Tagged(1004, "2024-02-29T00:00:00Z").GetDateTime());
        Assert.Throws<MalformedDataException>(() => CborValue.Decode(Encoding.ASCII.GetBytes("t2024-02-29T00:00:00Z")).GetDateTime());
    }
}
