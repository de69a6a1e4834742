using Credentials.Codecs;
using Credentials.StatusLists;

namespace Credentials.Tests.StatusLists;

public class StatusReferenceTests
{
    private static StatusReference? Read(string status) => StatusReference.FromClaims(StrictJson.Parse($$"""{"sub":"x"{{status}}}"""));

    private static string Status(string index, string uri = "https://a.example/1") =>
        $$""","status":{"status_list":{"uri":"{{uri}}","idx":{{index}} } }""";

    [Theory]
    [Trait("Row", "TSL-06")]
    [Trait("Row", "JSN-09")]
    [InlineData("-1")]
    [InlineData("-0")]
    [InlineData("3.0")]
    [InlineData("3.9")]
    [InlineData("1e3")]
    [InlineData("\"3\"")]
    [InlineData("9007199254740993")]
    [InlineData("18446744073709551616")]
    [InlineData("true")]
    [InlineData("null")]
    [InlineData("[3]")]
    public void An_index_that_is_no_plain_number_is_refused(string index)
    {
        var refused = Assert.Throws<MalformedDataException>(() => Read(Status(index)));
        Assert.Equal(StatusListCodes.MalformedReference, refused.Code);
    }

    [Theory]
    [Trait("Row", "TSL-06")]
    [InlineData("0", 0)]
    [InlineData("3", 3)]
    [InlineData("2147483648", 2147483648)]
    [InlineData("9007199254740991", 9007199254740991)]
    public void A_plain_number_is_an_index(string index, long value) => Assert.Equal(
        new StatusReference("https://a.example/1", value),
        Read(Status(index)));

    [Theory]
    [Trait("Row", "SVC-12")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("\"https://a.example/1\"")]
    [InlineData("""{"status_list":null}""")]
    [InlineData("""{"status_list":{}}""")]
    [InlineData("""{"status_list":[]}""")]
    [InlineData("""{"status_list":{"idx":1}}""")]
    [InlineData("""{"status_list":{"uri":"https://a.example/1"}}""")]
    [InlineData("""{"status_list":{"idx":1,"uri":null}}""")]
    [InlineData("""{"status_list":{"idx":1,"uri":1}}""")]
    [InlineData("""{"status_list":{"idx":1,"uri":""}}""")]
    [InlineData("""{"status_list":{"idx":1,"uri":"relative"}}""")]
    [InlineData("""{"status_list":{},"other":{"x":1}}""")]
    public void A_partial_reference_is_malformed_and_never_no_status(string status)
    {
        var refused = Assert.Throws<MalformedDataException>(() => Read($""","status":{status}"""));
        Assert.Equal(StatusListCodes.MalformedReference, refused.Code);
    }

    [Fact]
    [Trait("Row", "SVC-12")]
    public void A_long_uri_is_refused_and_a_shorter_one_read()
    {
        string Uri(int length) => "https://a.example/" + new string('x', length - 18);
        Assert.Equal(Uri(2048), Read(Status("1", Uri(2048)))!.Uri);
        Assert.Throws<MalformedDataException>(() => Read(Status("1", Uri(2049))));
    }

    [Fact]
    [Trait("Row", "SVC-12")]
    public void Another_mechanism_alone_is_not_supported_and_beside_a_status_list_ignored()
    {
        var refused = Assert.Throws<NotSupportedCredentialException>(() => Read(""","status":{"other":{"x":1}}"""));
        Assert.Equal(StatusListCodes.UnsupportedMechanism, refused.Code);
        Assert.Equal(7, Read(""","status":{"other":{},"status_list":{"idx":7,"uri":"https://a.example/1"}}""")!.Index);
    }

    [Fact]
    public void No_status_claim_is_no_reference() => Assert.Null(Read(""));

    [Fact]
    public void What_is_written_is_read_again()
    {
        var reference = new StatusReference("https://a.example/1", 42);
        var claims = StrictJson.ToElement(new System.Text.Json.Nodes.JsonObject { ["status"] = reference.ToJson() });
        Assert.Equal(reference, StatusReference.FromClaims(claims));
    }
}
