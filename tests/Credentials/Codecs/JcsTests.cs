using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Credentials.Codecs;
using FsCheck.Xunit;

namespace Credentials.Tests.Codecs;

public class JcsTests
{
    private static string Canonical(string json) => Encoding.UTF8.GetString(Jcs.Canonicalize(StrictJson.Parse(json)));

    [Theory]
    [InlineData("[ 1 , 2 ]", "[1,2]")]
    [InlineData("""{ "b" : 1, "a" : { "d" : [], "c" : {} } }""", """{"a":{"c":{},"d":[]},"b":1}""")]
    [InlineData("""[true,false,null,""]""", """[true,false,null,""]""")]
    [InlineData("""{"10":1,"9":2,"":3}""", """{"":3,"10":1,"9":2}""")]
    [InlineData("""["\u0000\u001f\b\t\n\f\r\u0022\\\/\u007f\u2028<é"]""", "[\"\\u0000\\u001f\\b\\t\\n\\f\\r\\\"\\\\/\u007f\u2028<é\"]")]
    [InlineData("[0,-0,-0.0,0e5,1.0,10e-1,-1E2,100000000000000000000,1e21,1e-6,1e-7,-1.5e-9]", "[0,0,0,0,1,1,-100,100000000000000000000,1e+21,0.000001,1e-7,-1.5e-9]")]
    public void Canonicalize_writes_the_one_spelling(string json, string canonical) => Assert.Equal(canonical, Canonical(json));

    [Fact]
    public void Names_are_sorted_by_utf16_code_units_and_not_by_code_points() =>
        // U+1F600 is above U+FB33, but its first code unit is below.
        Assert.Equal("{\"\U0001F600\":1,\"\uFB33\":2}", Canonical("{\"\uFB33\":2,\"\U0001F600\":1}"));

    [Theory]
    [InlineData("1e309")]
    [InlineData("-1e309")]
    [InlineData("[{\"a\":1e400}]")]
    public void Canonicalize_refuses_a_number_that_no_double_is_near(string json) =>
        Assert.Equal(CodecCodes.JsonMalformed, Assert.Throws<MalformedDataException>(() => Canonical(json)).Code);

    [Theory]
    [InlineData("1.7976931348623157e308", "1.7976931348623157e+308")]
    [InlineData("5e-324", "5e-324")]
    [InlineData("9007199254740993", "9007199254740992")]
    public void Canonicalize_rounds_digits_that_a_double_does_not_hold(string json, string canonical) => Assert.Equal(canonical, Canonical(json));

    [Theory]
    [InlineData("{\"a\":1,\"a\":2}")]
    [InlineData("{\"a\":1,\"\\u0061\":2}")]
    [InlineData("[\"\\ud800\"]")]
    [InlineData("{\"\\udc00\":1}")]
    public void Canonicalize_refuses_what_the_platform_lets_through(string json)
    {
        var element = JsonElement.Parse(json);
        Assert.Equal(CodecCodes.JsonMalformed, Assert.Throws<MalformedDataException>(() => Jcs.Canonicalize(element)).Code);
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void FormatNumber_refuses_what_JSON_cannot_say(double value) =>
        Assert.Equal(CodecCodes.JsonMalformed, Assert.Throws<MalformedDataException>(() => Jcs.FormatNumber(value)).Code);

    [Property(MaxTest = 1000)]
    public void A_number_reads_back_as_the_same_double(long bits)
    {
        var value = BitConverter.Int64BitsToDouble(bits);
        if (double.IsFinite(value))
            Assert.Equal(value + 0.0, double.Parse(Jcs.FormatNumber(value), CultureInfo.InvariantCulture));
    }

    private static bool IsWellFormed(string text) => text.EnumerateRunes().All(rune => rune.Value != 0xFFFD);

    [Property(MaxTest = 300)]
    public void The_canonical_form_is_its_own_canonical_form_and_the_same_value(int number, double other, string? text)
    {
        if (text is not null && !IsWellFormed(text))
            return;
        var node = new JsonObject
        {
            ["z"] = number,
            [text ?? "y"] = double.IsFinite(other) ? other + 0.0 : 0,
            ["list"] = new JsonArray(text, true, null, new JsonObject { ["b"] = 1, ["a"] = text }),
        };
        var canonical = Jcs.Canonicalize(node);
        Assert.Equal(canonical, Jcs.Canonicalize(StrictJson.Parse(canonical)));
        Assert.True(JsonElement.DeepEquals(StrictJson.ToElement(node), StrictJson.Parse(canonical)));
    }
}
