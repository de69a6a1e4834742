using Credentials.Codecs;

namespace Credentials.Tests.Codecs;

public class CborJsonTests
{
    private static string Json(string hex) => CborJson.ToJson(CborValue.Decode(Convert.FromHexString(hex))).GetRawText();

    [Theory]
    [InlineData("00", "0")]
    [InlineData("1bffffffffffffffff", "18446744073709551615")]
    [InlineData("20", "-1")]
    [InlineData("3bffffffffffffffff", "-18446744073709551616")]
    [InlineData("43010203", "\"AQID\"")]
    [InlineData("41ff", "\"_w\"")]
    [InlineData("5f41ffff", "\"_w\"")]
    [InlineData("6161", "\"a\"")]
    [InlineData("c074323032362d31312d32335431343a30333a30305a", "\"2026-11-23T14:03:00Z\"")]
    [InlineData("d903ec6a323032342d30322d3239", "\"2024-02-29\"")]
    [InlineData("d81841f6", "\"9g\"")]
    [InlineData("d54101", "\"AQ\"")]
    [InlineData("d6420102", "\"AQI=\"")]
    [InlineData("d7420aff", "\"0aff\"")]
    [InlineData("d78241ff8141fe", "[\"ff\",[\"fe\"]]")]
    [InlineData("c2420100", "\"AQA\"")]
    [InlineData("c3420100", "\"~AQA\"")]
    [InlineData("80", "[]")]
    [InlineData("830102820304", "[1,2,[3,4]]")]
    [InlineData("a0", "{}")]
    [InlineData("a26161016162f5", "{\"a\":1,\"b\":true}")]
    [InlineData("a201f42003", "{\"1\":false,\"-1\":3}")]
    [InlineData("a141ff01", "{\"_w\":1}")]
    [InlineData("f6", "null")]
    [InlineData("f7", "null")]
    [InlineData("f820", "null")]
    [InlineData("f97e00", "null")]
    [InlineData("f97c00", "null")]
    [InlineData("f9fc00", "null")]
    [InlineData("f93e00", "1.5")]
    [InlineData("fb3ff199999999999a", "1.1")]
    public void A_value_becomes_JSON_as_RFC_8949_6_1_says(string hex, string json) => Assert.Equal(json, Json(hex));

    [Theory]
    [InlineData("a20101613102")]
    [InlineData("a241010162415102")]
    public void Keys_that_become_one_name_are_refused(string hex) =>
        Assert.Throws<MalformedDataException>(() => Json(hex));

    [Theory]
    [InlineData("a1f501")]
    [InlineData("a1f601")]
    [InlineData("a1f701")]
    [InlineData("a11bffffffffffffffff01")]
    public void Keys_that_have_no_text_are_refused(string hex) => Assert.Throws<MalformedDataException>(() => Json(hex));

    [Fact]
    public void Everything_that_decodes_within_the_caps_can_be_written()
    {
        Assert.Equal(15, Json(string.Concat(Enumerable.Repeat("81", 15)) + "00").Count(c => c == '['));
        Assert.Equal(1000, CborJson.ToJson(CborValue.Decode(CborWriting.Encode(writer =>
        {
            writer.WriteStartMap(1000);
            for (var i = 0; i < 1000; i++)
            {
                writer.WriteInt32(i);
                writer.WriteNull();
            }

            writer.WriteEndMap();
        }))).EnumerateObject().Count());
        Assert.Equal("\"\\u0000\\u0022\"", Json("620022"));
    }
}
