using System.Text;
using Credentials.OpenId4Vp;
using static Credentials.Tests.OpenId4Vp.PresentationParties;

namespace Credentials.Tests.OpenId4Vp;

public sealed class RequestUriTests : IDisposable
{
    private const string Reference =
        "openid4vp://?client_id=x509_san_dns%3Averifier.example&request_uri=https%3A%2F%2Fverifier.example%2Frequest%2F1";

    private readonly PresentationParties _parties = new();

    public void Dispose() => _parties.Dispose();

    [Theory]
    [InlineData("openid4vp://?", "openid4vp://?")]
    [InlineData("openid4vp://?", "openid4vp://authorize?")]
    [InlineData("openid4vp://?", "haip-vp://?")]
    [InlineData("openid4vp://?", "OPENID4VP:?")]
    public void A_link_by_reference_is_read(string standard, string asWritten)
    {
        var link = RequestUri.Parse(Reference.Replace(standard, asWritten, StringComparison.Ordinal));

        Assert.Equal(("x509_san_dns:verifier.example", "https://verifier.example/request/1", false), (link.ClientId.Full, link.Location!.OriginalString, link.UsePost));
        Assert.Null(link.RequestObject);
        Assert.Null(link.Unsigned);
    }

    [Fact]
    public void Each_kind_of_link_is_written_and_read_again()
    {
        var request = _parties.Request();
        var unsigned = request with { ClientId = ClientIdentifier.ForResponseUri(request.ResponseUri) };
        var byPost = RequestUri.ByReference(request.ClientId, new Uri("https://verifier.example/request/1"), usePost: true);
        var byValue = RequestUri.ByValue(request.ClientId, "a.b.c");

        Assert.Equal(byPost, RequestUri.Parse(byPost.ToString()));
        Assert.Equal(byValue, RequestUri.Parse(byValue.ToString()));
        Assert.Equal(unsigned.ToJson().ToJsonString(), RequestUri.Parse(RequestUri.Plain(unsigned).ToString()).Unsigned!.ToJson().ToJsonString());
    }

    public static TheoryData<string> BadLinks =>
    [
        "", "x", "?", "openid4vp://", "openid4vp://?", "openid4vp:", "http://verifier.example/?client_id=x509_san_dns%3Aa&request_uri=https%3A%2F%2Fa",
        "openid-credential-offer://?credential_offer_uri=https%3A%2F%2Fa", "javascript:alert(1)//?client_id=x", "file:///etc/passwd?client_id=x",
        "openid4vp://openid4vp://?client_id=x509_san_dns%3Aa&request_uri=https%3A%2F%2Fa",
        "openid4vp://user@host?client_id=x509_san_dns%3Aa&request_uri=https%3A%2F%2Fa",
        With("request_uri", "javascript:alert(1)"), With("request_uri", "http://verifier.example/request/1"), With("request_uri", "file:///etc/passwd"),
        With("request_uri", "data:text/plain,x"), With("request_uri", "//verifier.example/x"), With("request_uri", "https://user:pass@verifier.example/x"),
        With("request_uri", "https://verifier.example/x#y"), With("request_uri", "https://verifier.example\\@evil.example"), With("request_uri", ""),
        With("request_uri", "https://verifier.example/\u202Etxt"), With("request_uri", "https://verifier.example/\0"),
        Reference + "#fragment", Reference + " ", Reference + "\0", Reference + "\n", Reference + "\u202E", Reference + "\u0085",
        Reference + "&client_id=x509_san_dns%3Averifier.example", Reference + "&x=%zz", Reference + "&x=%ff", Reference + "&x=%00",
        Reference + "&x=" + new string('a', RequestUri.MaxLength),
    ];

    private static string With(string name, string value) =>
        $"openid4vp://?client_id=x509_san_dns%3Averifier.example&{name}={Uri.EscapeDataString(value)}";

    [Theory]
    [Trait("Row", "QRC-01")]
    [MemberData(nameof(BadLinks))]
    public void A_link_that_is_no_request_is_refused_before_anything_is_fetched(string text)
    {
        Assert.Equal(OpenId4VpCodes.LinkMalformed, Assert.Throws<MalformedDataException>(() => RequestUri.Parse(text)).Code);
        Assert.NotNull(RequestUri.Parse(Reference));
    }

    [Fact]
    [Trait("Row", "QRC-01")]
    public void A_link_is_read_up_to_four_kilobytes()
    {
        var padding = RequestUri.MaxLength - Reference.Length - "&x=".Length;

        Assert.NotNull(RequestUri.Parse($"{Reference}&x={new string('a', padding - 1)}"));
        Assert.NotNull(RequestUri.Parse($"{Reference}&x={new string('a', padding)}"));
        Assert.Throws<MalformedDataException>(() => RequestUri.Parse($"{Reference}&x={new string('a', padding + 1)}"));
    }

    [Fact]
    [Trait("Row", "QRC-01")]
    public void Random_bytes_from_a_scanner_are_refused_with_a_typed_error()
    {
        var random = new byte[4096];
        for (var i = 0; i < random.Length; i++) random[i] = (byte)(i * 167 + (i >> 3));

        Assert.Throws<MalformedDataException>(() => RequestUri.Parse(Encoding.Latin1.GetString(random)));
        Assert.Throws<MalformedDataException>(() => RequestUri.Parse("openid4vp://?" + Encoding.Latin1.GetString(random, 0, 1000)));
    }

    [Theory]
    [InlineData("&request_uri_method=POST", OpenId4VpErrors.InvalidRequestUriMethod)]
    [InlineData("&request_uri_method=put", OpenId4VpErrors.InvalidRequestUriMethod)]
    [InlineData("&request=a.b.c", OpenId4VpErrors.InvalidRequest)]
    [InlineData("&request_uri_method=post", null)]
    [InlineData("&request_uri_method=get", null)]
    public void The_method_is_get_or_post_and_a_request_comes_one_way(string parameter, string? error)
    {
        if (error is null)
            Assert.NotNull(RequestUri.Parse(Reference + parameter));
        else
            Assert.Equal(error, Assert.Throws<ProtocolException>(() => RequestUri.Parse(Reference + parameter)).Error);
    }

    [Fact]
    [Trait("Row", "VPV-19")]
    public void What_a_wallet_posts_for_its_request_is_capped()
    {
        static RequestUriPost Parse(string name, string value) => RequestUriPost.Parse(new Dictionary<string, string> { [name] = value });

        Assert.Equal("qPmxiNFCR3QTm19POc8u", Parse("wallet_nonce", "qPmxiNFCR3QTm19POc8u").WalletNonce);
        Assert.NotNull(Parse("wallet_metadata", """{"vp_formats_supported":{}}""").WalletMetadata);
        Assert.Equal(new RequestUriPost(null, null), Parse("unknown", "ignored"));
        foreach (var nonce in new[] { "", new string('a', 513), "a\nb", "ä" })
            Assert.Throws<MalformedDataException>(() => Parse("wallet_nonce", nonce));
        foreach (var metadata in new[] { "", "[]", "{", $$"""{"a":"{{new string('a', 1024 * 1024)}}"}""" })
            Assert.Throws<MalformedDataException>(() => Parse("wallet_metadata", metadata));
    }

    [Fact]
    public void An_answer_of_the_response_endpoint_sends_people_to_https_only()
    {
        static ResponseEndpointAnswer Parse(string text) => ResponseEndpointAnswer.Parse(Json(text));
        const string Redirect = """{"redirect_uri":"https://client.example.org/cb#response_code=091535f699ea575c7937fa5f0f454aee"}""";

        Assert.Equal(Redirect, Parse(Redirect).ToJson().ToJsonString());
        Assert.Null(Parse("""{"unknown":1}""").RedirectUri);
        foreach (var bad in new[] { "[]", """{"redirect_uri":1}""", """{"redirect_uri":"javascript:alert(1)"}""", """{"redirect_uri":"/cb"}""" })
            Assert.Equal(OpenId4VpCodes.ResponseMalformed, Assert.Throws<MalformedDataException>(() => Parse(bad)).Code);
    }
}
