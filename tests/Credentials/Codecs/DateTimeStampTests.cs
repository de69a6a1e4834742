using Credentials.Codecs;

namespace Credentials.Tests.Codecs;

public class DateTimeStampTests
{
    [Theory]
    [InlineData("2023-02-25T19:10:39-06:00", "2023-02-26T01:10:39.0000000+00:00")]
    [InlineData("2023-02-26T01:20:18.477Z", "2023-02-26T01:20:18.4770000+00:00")]
    [InlineData("2023-02-26T01:20:18.12345678901234567890Z", "2023-02-26T01:20:18.1234567+00:00")]
    [InlineData("2024-02-29T24:00:00Z", "2024-03-01T00:00:00.0000000+00:00")]
    [InlineData("2024-02-29T24:00:00.000Z", "2024-03-01T00:00:00.0000000+00:00")]
    [InlineData("2000-02-29T00:00:00+14:00", "2000-02-28T10:00:00.0000000+00:00")]
    [InlineData("0001-01-01T00:00:00Z", "0001-01-01T00:00:00.0000000+00:00")]
    [InlineData("9999-12-31T23:59:59.9999999Z", "9999-12-31T23:59:59.9999999+00:00")]
    public void Parse_gives_the_moment(string text, string expected) =>
        Assert.Equal(expected, DateTimeStamp.Parse(text).ToString("o"));

    [Theory]
    [InlineData("10000-01-01T00:00:00Z")]
    [InlineData("99999999999999999999-01-01T00:00:00Z")]
    [InlineData("9999-12-31T23:59:59-14:00")]
    [InlineData("9999-12-31T24:00:00Z")]
    public void Times_after_the_last_one_become_it(string text) => Assert.Equal(DateTimeOffset.MaxValue, DateTimeStamp.Parse(text));

    [Theory]
    [InlineData("0000-02-29T00:00:00Z")]
    [InlineData("-0001-01-01T00:00:00Z")]
    [InlineData("-99999999999999999999-12-31T00:00:00Z")]
    [InlineData("0001-01-01T00:00:00+14:00")]
    public void Times_before_the_first_one_become_it(string text) => Assert.Equal(DateTimeOffset.MinValue, DateTimeStamp.Parse(text));

    [Theory]
    [Trait("Row", "LDP-10")]
    [InlineData("2023-02-26T01:20:18")] // no zone
    [InlineData("2023-02-26")]
    [InlineData("2023-02-26 01:20:18Z")]
    [InlineData("2023-02-26t01:20:18z")]
    [InlineData("2023-02-29T00:00:00Z")]
    [InlineData("1900-02-29T00:00:00Z")]
    [InlineData("-0001-02-29T00:00:00Z")]
    [InlineData("2023-04-31T00:00:00Z")]
    [InlineData("2023-13-01T00:00:00Z")]
    [InlineData("2023-00-01T00:00:00Z")]
    [InlineData("2023-01-01T25:00:00Z")]
    [InlineData("2023-01-01T24:00:01Z")]
    [InlineData("2023-01-01T23:60:00Z")]
    [InlineData("2023-01-01T23:59:60Z")]
    [InlineData("2023-01-01T23:59:59.Z")]
    [InlineData("2023-01-01T23:59:59+14:01")]
    [InlineData("2023-01-01T23:59:59+1:00")]
    [InlineData("+2023-01-01T23:59:59Z")]
    [InlineData("23-01-01T23:59:59Z")]
    [InlineData("02023-01-01T23:59:59Z")]
    [InlineData("2023-01-01T23:59:59Z\n")]
    [InlineData(" 2023-01-01T23:59:59Z")]
    [InlineData("٢٠٢٣-01-01T23:59:59Z")]
    [InlineData("Sat 25 Feb 2023 07:16:31 PM CST")]
    [InlineData("")]
    public void What_is_no_dateTimeStamp_is_refused(string text)
    {
        Assert.Equal(CodecCodes.TimeMalformed, Assert.Throws<MalformedDataException>(() => DateTimeStamp.Parse(text)).Code);
        Assert.Equal("2023-01-01T23:59:59Z", DateTimeStamp.Write(DateTimeStamp.Parse("2023-01-01T23:59:59Z")));
    }

    [Fact]
    public void A_text_of_any_length_is_refused_before_it_is_read() =>
        Assert.Throws<MalformedDataException>(() => DateTimeStamp.Parse($"2023-01-01T00:00:00.{new string('0', 1_000_000)}Z"));

    [Fact]
    public void Where_no_zone_is_required_its_absence_means_UTC()
    {
        Assert.Equal(DateTimeStamp.Parse("2010-01-01T19:23:24Z"), DateTimeStamp.Parse("2010-01-01T19:23:24", zoneRequired: false));
        Assert.Equal(DateTimeStamp.Parse("2010-01-01T19:23:24Z"), DateTimeStamp.Parse("2010-01-01T20:23:24+01:00", zoneRequired: false));
    }

    [Fact]
    public void Write_gives_whole_seconds_in_UTC() =>
        Assert.Equal("2026-11-02T00:00:00Z", DateTimeStamp.Write(new DateTimeOffset(2026, 11, 2, 9, 0, 0, 999, TimeSpan.FromHours(9))));
}
