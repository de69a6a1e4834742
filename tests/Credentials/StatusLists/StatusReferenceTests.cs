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

    private static CredentialStatus ReadCbor(string hex) => Assert.Single(CredentialStatus.FromCbor(CborValue.Decode(Convert.FromHexString(hex))));

    // {"status_list": {"idx": …, "uri": "https://a.example/1"}}
    private static string Cbor(string index, string uri = "7368747470733a2f2f612e6578616d706c652f31") =>
        $"a16b7374617475735f6c697374a263696478{index}63757269{uri}";

    [Theory]
    [Trait("Row", "TSL-06")]
    [InlineData("00", 0)]
    [InlineData("1800", 0)]
    [InlineData("1a80000000", 2147483648)]
    [InlineData("1b7fffffffffffffff", long.MaxValue)]
    public void An_unsigned_integer_is_an_index_in_CBOR(string index, long value) =>
        Assert.Equal(new StatusReference("https://a.example/1", value), ReadCbor(Cbor(index)));

    [Theory]
    [Trait("Row", "TSL-06")]
    [InlineData("20")]
    [InlineData("1b8000000000000000")]
    [InlineData("1bffffffffffffffff")]
    [InlineData("f93c00")]
    [InlineData("6131")]
    [InlineData("c24101")]
    [InlineData("f5")]
    [InlineData("f6")]
    [InlineData("8101")]
    public void Anything_else_is_no_index_in_CBOR(string index) =>
        Assert.Equal(StatusListCodes.MalformedReference, Assert.Throws<MalformedDataException>(() => ReadCbor(Cbor(index))).Code);

    [Theory]
    [InlineData("f6")]
    [InlineData("a0")]
    [InlineData("80")]
    [InlineData("a16b7374617475735f6c697374f6")]
    [InlineData("a16b7374617475735f6c697374a0")]
    [InlineData("a16b7374617475735f6c69737480")]
    [InlineData("a16b7374617475735f6c697374a16369647801")]
    [InlineData("a16b7374617475735f6c697374a1637572697368747470733a2f2f612e6578616d706c652f31")]
    [InlineData("a26b7374617475735f6c697374a0656f74686572a0")]
    public void A_partial_reference_in_CBOR_is_malformed_and_never_no_status(string hex) =>
        Assert.Equal(StatusListCodes.MalformedReference, Assert.Throws<MalformedDataException>(() => ReadCbor(hex)).Code);

    [Theory]
    [InlineData("4a68747470733a2f2f612e")]
    [InlineData("60")]
    [InlineData("6872656c6174697665")]
    public void Only_an_absolute_URI_as_text_is_read_from_CBOR(string uri) =>
        Assert.Equal(StatusListCodes.MalformedReference, Assert.Throws<MalformedDataException>(() => ReadCbor(Cbor("01", uri))).Code);

    [Fact]
    public void Another_mechanism_alone_is_not_supported_in_CBOR_either()
    {
        var refused = Assert.Throws<NotSupportedCredentialException>(() => ReadCbor("a1656f74686572a0"));
        Assert.Equal(StatusListCodes.UnsupportedMechanism, refused.Code);
        Assert.IsType<StatusReference>(ReadCbor("a2656f74686572a06b7374617475735f6c697374a2636964780163757269" + "7368747470733a2f2f612e6578616d706c652f31"));
    }

    [Fact]
    public void What_is_written_as_CBOR_is_read_again()
    {
        var reference = new StatusReference("https://a.example/1", 412);
        Assert.Equal(Cbor("19019c"), Written(reference));
        Assert.Equal(reference, ReadCbor(Written(reference)));
        var certified = reference with { Certificate = new byte[] { 1, 2 } };
        Assert.Equal(certified, ReadCbor(Written(certified)));
        Assert.NotEqual<CredentialStatus>(reference, certified);
    }

    [Fact]
    public void References_are_equal_where_list_place_and_certificate_are()
    {
        var one = new StatusReference("https://a.example/1", 412) { Certificate = new byte[] { 1, 2 } };
        Assert.Equal(one, one with { Certificate = new byte[] { 1, 2 } });
        foreach (var other in new[] { one with { Uri = "https://a.example/2" }, one with { Index = 413 }, one with { Certificate = new byte[] { 1, 3 } }, one with { Certificate = null } })
            Assert.NotEqual(one, other);
        CredentialStatus own = new IdentifierReference("https://a.example/1", new byte[] { 1 });
        Assert.False(own.Equals(one) || own.Equals(null) || own.Equals((CredentialStatus)new IdentifierReference("https://a.example/2", new byte[] { 1 })));
    }

    [Fact]
    public void A_status_names_one_list_of_each_mechanism_at_most()
    {
        var place = new StatusReference("https://a.example/1", 412);
        var own = new IdentifierReference("https://a.example/2", new byte[] { 1, 2, 3 });
        Assert.Equal([place, own], CredentialStatus.FromCbor(CborValue.Decode(Convert.FromHexString(Written(place, own)))));
        Assert.NotEqual<CredentialStatus>(own, own with { Id = new byte[] { 1, 2 } });
        Assert.Equal<CredentialStatus>(own, own with { Id = new byte[] { 1, 2, 3 } });
        Assert.Equal(own.GetHashCode(), (own with { Id = new byte[] { 1, 2, 3 } }).GetHashCode());
        Assert.Throws<ArgumentException>(() => Written(place, place));
        Assert.Throws<ArgumentException>(() => Written());
    }

    [Theory]
    [InlineData("a16f6964656e7469666965725f6c697374f6")]
    [InlineData("a16f6964656e7469666965725f6c697374a0")]
    [InlineData("a16f6964656e7469666965725f6c697374a162696441 01")]
    [InlineData("a16f6964656e7469666965725f6c697374a163757269 7368747470733a2f2f612e6578616d706c652f31")]
    [InlineData("a16f6964656e7469666965725f6c697374a262696461 31637572697368747470733a2f2f612e6578616d706c652f31")]
    [InlineData("a16f6964656e7469666965725f6c697374a36269644101637572697368747470733a2f2f612e6578616d706c652f316b6365727469666963617465f6")]
    public void A_partial_reference_to_an_identifier_list_is_malformed(string hex) => Assert.Equal(
        StatusListCodes.MalformedReference, Assert.Throws<MalformedDataException>(() => ReadCbor(hex.Replace(" ", "", StringComparison.Ordinal))).Code);

    [Fact]
    public void A_damaged_reference_beside_a_good_one_is_malformed()
    {
        // A status list with its index, and an identifier list without its identifier.
        const string Half = "6f6964656e7469666965725f6c697374a0";
        Assert.Equal(StatusListCodes.MalformedReference, Assert.Throws<MalformedDataException>(() => ReadCbor("a2" + Cbor("01")[2..] + Half)).Code);
        Assert.IsType<StatusReference>(ReadCbor("a1" + Cbor("01")[2..]));
    }

    private static string Written(params CredentialStatus[] references) => Convert.ToHexStringLower(CborWriting.Encode(writer => CredentialStatus.Write(writer, references)));
}
