using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.Keys;
using Credentials.Keys.Software;
using Credentials.OpenId4Vp;
using static Credentials.Tests.OpenId4Vp.PresentationParties;

namespace Credentials.Tests.OpenId4Vp;

/// <summary>What a request may say, whoever says it.</summary>
public sealed class RequestFormTests : IDisposable
{
    private readonly PresentationParties _parties = new();

    public void Dispose() => _parties.Dispose();

    private VerifiedRequest Verify(string requestObject, AuthorizationRequest? announced = null, RequestExpectations? expected = null) =>
        RequestVerifier.Verify(requestObject, Link(announced ?? _parties.Request()), expected ?? _parties.Expected());

    private static void AssertRefused(string code, Action act, string error = OpenId4VpErrors.InvalidRequest)
    {
        var e = Assert.Throws<ProtocolException>(act);
        Assert.Equal((code, error), (e.Code, e.Error));
    }

    private async Task AssertRefusedAsync(string code, Action<JsonObject> claims, string error = OpenId4VpErrors.InvalidRequest)
    {
        var forged = await _parties.ForgeAsync(claims);
        AssertRefused(code, () => Verify(forged), error);
    }

    [Fact]
    [Trait("Row", "VPW-07")]
    public async Task A_redirect_uri_beside_direct_post_is_an_invalid_request() =>
        await AssertRefusedAsync(OpenId4VpCodes.RequestMalformed, claims => claims["redirect_uri"] = "https://verifier.example/cb");

    private static readonly TransactionDataType s_payment = new("payment", ["amount"], ["memo"]);

    [Theory]
    [Trait("Row", "VPW-13")]
    [InlineData("""{"type":"unknown","credential_ids":["licence"],"amount":"1"}""")]
    [InlineData("""{"type":"payment","credential_ids":["licence"]}""")]
    [InlineData("""{"type":"payment","credential_ids":["licence"],"amount":"1","other":1}""")]
    [InlineData("""{"type":"payment","credential_ids":["other"],"amount":"1"}""")]
    [InlineData("""{"type":"payment","credential_ids":["bare"],"amount":"1"}""")]
    [InlineData("""{"type":"payment","credential_ids":[],"amount":"1"}""")]
    [InlineData("""{"type":"payment","amount":"1"}""")]
    [InlineData("""{"type":"payment","credential_ids":["licence"],"amount":"1","transaction_data_hashes_alg":["md5"]}""")]
    [InlineData("""{"type":"payment","credential_ids":["licence"],"amount":"1","transaction_data_hashes_alg":[]}""")]
    [InlineData("""{"credential_ids":["licence"],"amount":"1"}""")]
    [InlineData("""["payment"]""")]
    [InlineData("""no json""")]
    public async Task Transaction_data_that_is_unknown_or_cannot_be_authorized_is_refused(string json)
    {
        var forged = await WithTransactionAsync(StrictBase64Url.Encode(System.Text.Encoding.UTF8.GetBytes(json)));

        AssertRefused(OpenId4VpCodes.TransactionData, () => VerifyTransaction(forged), OpenId4VpErrors.InvalidTransactionData);
    }

    [Theory]
    [Trait("Row", "VPW-13")]
    [InlineData("e30=")]
    [InlineData("not base64!")]
    [InlineData("")]
    public async Task Transaction_data_in_another_encoding_is_refused(string entry)
    {
        var forged = await WithTransactionAsync(entry);

        AssertRefused(OpenId4VpCodes.TransactionData, () => VerifyTransaction(forged), OpenId4VpErrors.InvalidTransactionData);
    }

    [Theory]
    [Trait("Row", "VPW-13")]
    [InlineData("""{"type":"payment","credential_ids":["licence"],"amount":"1","memo":"x"}""")]
    [InlineData("""{"type":"payment","credential_ids":["licence"],"amount":"1","transaction_data_hashes_alg":["sha-512","sha-256"]}""")]
    public async Task Transaction_data_of_a_known_type_is_accepted(string json)
    {
        var signed = await WithTransactionAsync(StrictBase64Url.Encode(System.Text.Encoding.UTF8.GetBytes(json)));

        Assert.Equal("payment", Assert.Single(VerifyTransaction(signed).Request.TransactionData).Type);
        // A wallet that knows no type refuses every transaction.
        AssertRefused(OpenId4VpCodes.TransactionData, () => Verify(signed), OpenId4VpErrors.InvalidTransactionData);
    }

    private VerifiedRequest VerifyTransaction(string signed) => Verify(signed, expected: _parties.Expected() with { TransactionDataTypes = [s_payment] });

    private async Task<string> WithTransactionAsync(string entry) => await _parties.ForgeAsync(claims =>
    {
        claims["transaction_data"] = new JsonArray(entry);
        claims["dcql_query"]!["credentials"]!.AsArray().Add((JsonNode)new JsonObject
        {
            ["id"] = "bare",
            ["format"] = "dc+sd-jwt",
            ["meta"] = new JsonObject { ["vct_values"] = new JsonArray("t") },
            ["require_cryptographic_holder_binding"] = false,
        });
    });

    [Theory]
    [InlineData("response_type", "code", OpenId4VpErrors.UnsupportedResponseType)]
    [InlineData("response_mode", "fragment", OpenId4VpErrors.InvalidRequest)]
    [InlineData("response_mode", "dc_api.jwt", OpenId4VpErrors.InvalidRequest)]
    [InlineData("scope", "com.example.IDCard", OpenId4VpErrors.InvalidRequest)]
    public async Task What_is_not_supported_is_refused_with_its_error(string name, string value, string error) =>
        await AssertRefusedAsync(OpenId4VpCodes.RequestNotSupported, claims => claims[name] = value, error);

    [Theory]
    [InlineData("nonce", null)]
    [InlineData("nonce", "")]
    [InlineData("nonce", "a b")]
    [InlineData("nonce", "naïve")]
    [InlineData("state", "a=b")]
    [InlineData("response_uri", null)]
    [InlineData("response_uri", "javascript:alert(1)")]
    [InlineData("response_uri", "http://verifier.example/r")]
    [InlineData("response_uri", "https://user@verifier.example/r")]
    [InlineData("response_uri", "https://verifier.example/r#f")]
    [InlineData("dcql_query", null)]
    [InlineData("client_id", null)]
    public async Task A_request_that_breaks_its_form_is_refused(string name, string? value)
    {
        var forged = await _parties.ForgeAsync(claims => { claims.Remove(name); if (value is not null) claims[name] = value; });

        Assert.Equal(OpenId4VpCodes.RequestMalformed, Assert.Throws<MalformedDataException>(() => Verify(forged)).Code);
    }

    [Fact]
    [Trait("Row", "VPV-27")]
    public async Task A_request_without_holder_binding_is_signed_only_with_a_long_state()
    {
        var query = Query("""{"credentials":[{"id":"c","format":"dc+sd-jwt","meta":{"vct_values":["t"]},"require_cryptographic_holder_binding":false}]}""");

        foreach (var state in new[] { null, "short" })
            await Assert.ThrowsAsync<ArgumentException>(() => _parties.SignAsync(_parties.Request(query) with { State = state }));
        Assert.NotEmpty(await _parties.SignAsync(_parties.Request(query)));
    }

    [Fact]
    public async Task A_request_is_not_signed_for_another_client_or_with_another_key()
    {
        using var other = SoftwareSigningKey.Generate(SignatureAlgorithm.Es256);
        var request = _parties.Request();

        await Assert.ThrowsAsync<ArgumentException>(() => _parties.SignAsync(request with { ClientId = ClientIdentifier.ForDnsName("other.example") }));
        await Assert.ThrowsAsync<ArgumentException>(async () =>
            await RequestObject.SignAsync(request, other, [_parties.AccessCertificate], Now, TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken));
    }
}
