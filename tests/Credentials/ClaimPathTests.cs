using System.Text;
using System.Text.Json;
using Credentials.Codecs;

namespace Credentials.Tests;

public class ClaimPathTests
{
    private static JsonElement Json(string json) => StrictJson.Parse(Encoding.UTF8.GetBytes(json));

    [Theory]
    [InlineData("[]")]
    [InlineData("\"name\"")]
    [InlineData("[-1]")]
    [InlineData("[1.0]")]
    [InlineData("[1e1]")]
    [InlineData("[true]")]
    [InlineData("[[\"a\"]]")]
    [InlineData("[{}]")]
    [InlineData("[99999999999]")]
    public void Parse_refuses_what_is_no_pointer(string json) =>
        Assert.Equal(CodecCodes.PathMalformed, Assert.Throws<MalformedDataException>(() => ClaimPath.Parse(Json(json))).Code);

    [Theory]
    [InlineData("address.city", """["address","city"]""")]
    [InlineData("list.0.name", """["list",0,"name"]""")]
    [InlineData("list.*", """["list",null]""")]
    [InlineData("""["a.b"]""", """["a.b"]""")]
    public void ParseText_reads_json_and_dotted_form(string text, string json) => Assert.Equal(json, ClaimPath.ParseText(text).ToString());

    [Theory]
    [InlineData("")]
    [InlineData("a..b")]
    [InlineData(".a")]
    [InlineData("[\"a\"")]
    public void ParseText_refuses_the_rest(string text) => Assert.Throws<MalformedDataException>(() => ClaimPath.ParseText(text));

    [Theory]
    [InlineData("""["degrees",null,"type"]""", """["Bachelor","Master"]""")]
    [InlineData("""["degrees",1,"type"]""", """["Master"]""")]
    [InlineData("""["degrees",2]""", "[]")]
    [InlineData("""["degrees","type"]""", "[]")]
    [InlineData("""["name",0]""", "[]")]
    [InlineData("""["name",null]""", "[]")]
    [InlineData("""["Name"]""", "[]")]
    public void Select_follows_the_pointer(string path, string expected)
    {
        JsonElement root = Json("""{"name":"A","degrees":[{"type":"Bachelor"},{"type":"Master"}]}""");
        string selected = "[" + string.Join(',', ClaimPath.Parse(Json(path)).Select(root).Select(e => e.GetRawText())) + "]";
        Assert.Equal(expected, selected);
    }

    [Fact]
    public void Paths_are_equal_by_their_steps()
    {
        Assert.Equal(ClaimPath.Of("a", "b"), ClaimPath.ParseText("a.b"));
        Assert.NotEqual(ClaimPath.Of("a", "0"), ClaimPath.ParseText("a.0"));
    }
}
