using System.Text;
using System.Text.Json;
using Credentials.Codecs;

namespace Credentials.Tests.Codecs;

public class JsonMembersTests
{
    private static JsonElement Json(string json) => StrictJson.Parse(Encoding.UTF8.GetBytes(json));

    [Theory]
    [Trait("Row", "JSN-08")]
    [InlineData("1e18")]
    [InlineData("-1")]
    [InlineData("1e400")]
    [InlineData("253402300800")]
    [InlineData("\"1700000000\"")]
    [InlineData("null")]
    [InlineData("true")]
    [InlineData("[]")]
    [InlineData("{}")]
    public void A_time_that_is_no_NumericDate_is_refused(string value)
    {
        JsonElement json = Json($$"""{"exp":{{value}}}""");
        Assert.Equal(CodecCodes.TimeMalformed, Assert.Throws<MalformedDataException>(() => json.OptionalNumericDate("exp")).Code);
    }

    [Theory]
    [Trait("Row", "JSN-08")]
    [InlineData("1.5", 1500)]
    [InlineData("1.7e9", 1_700_000_000_000)]
    [InlineData("0", 0)]
    [InlineData("253402300799", 253_402_300_799_000)]
    public void A_NumericDate_may_have_a_fraction_or_an_exponent(string value, long milliseconds) =>
        Assert.Equal(milliseconds, Json($$"""{"exp":{{value}}}""").OptionalNumericDate("exp")!.Value.ToUnixTimeMilliseconds());

    [Theory]
    [Trait("Row", "JSN-09")]
    [InlineData("3.9")]
    [InlineData("3.0")]
    [InlineData("\"3\"")]
    [InlineData("9007199254740993")]
    [InlineData("9007199254740992")]
    [InlineData("-0")]
    [InlineData("-1")]
    [InlineData("1e3")]
    [InlineData("99999999999999999999")]
    [InlineData("null")]
    public void An_index_is_a_plain_non_negative_integer(string value)
    {
        JsonElement json = Json($$"""{"idx":{{value}}}""");
        Assert.Throws<MalformedDataException>(() => json.OptionalIndex("idx"));
        Assert.Equal(9007199254740991, Json("""{"idx":9007199254740991}""").RequireIndex("idx"));
    }

    [Fact]
    public void A_member_of_another_type_is_refused_with_the_callers_code()
    {
        JsonElement json = Json("""{"n":1,"s":"x","a":["x",1],"o":{},"b":true,"z":null}""");
        Assert.Equal("my.code", Assert.Throws<MalformedDataException>(() => json.OptionalString("n", "my.code")).Code);
        Assert.Throws<MalformedDataException>(() => json.RequireString("absent"));
        Assert.Throws<MalformedDataException>(() => json.OptionalString("z"));
        Assert.Throws<MalformedDataException>(() => json.OptionalStringArray("a"));
        Assert.Throws<MalformedDataException>(() => json.OptionalBoolean("s"));
        Assert.Throws<MalformedDataException>(() => json.RequireArray("o"));
        Assert.Throws<MalformedDataException>(() => json.RequireObjectMember("a"));
        Assert.Equal("x", json.RequireString("s"));
        Assert.True(json.OptionalBoolean("b"));
        Assert.Null(json.OptionalObject("absent"));
    }
}
