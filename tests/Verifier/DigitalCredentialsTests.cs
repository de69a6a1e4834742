using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.Mdoc;
using Credentials.OpenId4Vp;
using Credentials.SdJwt;
using Credentials.Tests.Shared;
using Credentials.Trust;
using Credentials.Verifier.Tests.Setup;

namespace Credentials.Verifier.Tests;

/// <summary>Requests through the browser (OpenID4VP 1.0 Appendix A), with a wallet made of the core's parts.</summary>
public sealed class DigitalCredentialsTests(TestVerifier verifier, Browser browser) : IClassFixture<TestVerifier>, IClassFixture<Browser>
{
    private string Origin => new Uri(verifier.Url).GetLeftPart(UriPartial.Authority);

    [Theory]
    [InlineData("dc_api.jwt", "signed")]
    [InlineData("dc_api.jwt", "multisigned")]
    [InlineData("dc_api.jwt", "unsigned")]
    [InlineData("dc_api", "signed")]
    [InlineData("dc_api", "unsigned")]
    public async Task A_wallet_answers_through_the_browser_once(string mode, string signing)
    {
        var id = await CreateAsync(mode, signing);
        var asked = await AskAsync(id);
        Assert.Equal("requested", TestVerifier.Text(await verifier.StateAsync(id), "state"));
        var answer = await AnswerAsync(asked, Origin);

        Assert.Equal("accepted", await SendAsync(id, answer));

        using var again = await PostAsync(id, answer);
        Assert.Equal(HttpStatusCode.Gone, again.StatusCode);
        using var request = await verifier.GetAsync($"/verifications/{id}/digital-credentials");
        Assert.Equal(HttpStatusCode.Gone, request.StatusCode);
        using var evidence = await verifier.GetAsync($"/verifications/{id}/evidence");
        Assert.Equal(Origin, TestVerifier.Text(await TestVerifier.ReadAsync(evidence), "origin"));
    }

    [Theory]
    [InlineData("dc_api.jwt")]
    [InlineData("dc_api")]
    public async Task An_mdoc_is_bound_to_the_origin_too(string mode)
    {
        var held = await verifier.Issuer.IssueMdlAsync();
        async Task<string> FlowAsync(string origin)
        {
            var id = await CreateAsync(mode, "signed");
            var asked = await AskAsync(id);
            var verified = await VerifyAsync(asked, Origin);
            var binding = RequestBinding.ForDigitalCredentials(origin, verified.Request.Nonce, verified.Encryption?.Key);
            var presentation = await MdocPresenter.PresentAsync(
                held.IssuerSigned, [ClaimPath.Of(MdocNames.MdlNamespace, "age_over_19")], binding.Transcript, held.DeviceKey, TestContext.Current.CancellationToken);
            return await SendAsync(id, await verified.ToDataAsync(AuthorizationResponse.Success(TestWallet.Token("licence_mdoc", presentation), null)));
        }

        Assert.Equal("accepted", await FlowAsync(Origin));
        Assert.Equal("not_accepted", await FlowAsync("https://evil.example"));
    }

    [Fact]
    [Trait("Row", "VPV-02")]
    [Trait("Row", "VPV-25")]
    public async Task An_answer_for_another_origin_request_or_mode_is_not_accepted()
    {
        var first = await CreateAsync("dc_api", "signed");
        Assert.Equal("not_accepted", await SendAsync(first, await AnswerAsync(await AskAsync(first), Origin, "origin:https://evil.example")));
        var reasons = (await verifier.StateAsync(first)).GetProperty("reasons").EnumerateArray().Select(r => TestVerifier.Text(r, "check"));
        Assert.Contains("kb_audience", reasons);

        // What was made for one request does not answer another; encrypted, it cannot even be read.
        var second = await CreateAsync("dc_api", "signed");
        var third = await CreateAsync("dc_api", "signed");
        Assert.Equal("not_accepted", await SendAsync(third, await AnswerAsync(await AskAsync(second), Origin)));
        var (fourth, fifth) = (await CreateAsync("dc_api.jwt", "signed"), await CreateAsync("dc_api.jwt", "signed"));
        var encrypted = await AnswerAsync(await AskAsync(fourth), Origin);
        var plain = await AnswerAsync(await AskAsync(await CreateAsync("dc_api", "signed")), Origin);
        foreach (var data in new[] { encrypted, plain, new JsonObject(), new JsonObject { ["response"] = "x" }, new JsonObject { ["vp_token"] = 1 } })
        {
            using var refused = await PostAsync(fifth, data);
            Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        }
        using var otherOrigin = await PostAsync(fourth, encrypted, "https://evil.example");
        Assert.Equal(VerifierCodes.RequestOrigin, TestVerifier.Text(await TestVerifier.ReadAsync(otherOrigin), "code"));
        Assert.Equal("accepted", await SendAsync(fourth, encrypted));

        // The client identifier of a signed request is no audience here, and the wallets' own routes do not know the request.
        var sixth = await CreateAsync("dc_api", "signed");
        Assert.Equal("not_accepted", await SendAsync(sixth, await AnswerAsync(await AskAsync(sixth), Origin, verifier.ClientId)));
        using var link = await verifier.GetAsync($"/verifications/{await CreateAsync("dc_api", "signed")}/qr.svg");
        Assert.Equal(HttpStatusCode.NotFound, link.StatusCode);
        var byLink = await verifier.CreateAsync("over-19");
        using var noBrowser = await verifier.GetAsync($"/verifications/{byLink.Id}/digital-credentials");
        Assert.Equal(HttpStatusCode.NotFound, noBrowser.StatusCode);
    }

    [Fact]
    public async Task A_wallet_that_declines_ends_the_transaction()
    {
        var id = await CreateAsync("dc_api.jwt", "signed");
        Assert.Equal("refused_by_holder", await SendAsync(id, new JsonObject { ["error"] = "access_denied" }));
        id = await CreateAsync("dc_api", "unsigned");
        Assert.Equal("error", await SendAsync(id, new JsonObject { ["error"] = "invalid_request" }));
    }

    [Theory]
    [InlineData("""{"response_mode":"dc_api","redirect_uri":"https://shop.example"}""", VerifierCodes.RequestDigitalCredentials)]
    [InlineData("""{"response_mode":"dc_api","same_device":true}""", VerifierCodes.RequestDigitalCredentials)]
    [InlineData("""{"response_mode":"dc_api","client_id_prefix":"redirect_uri"}""", VerifierCodes.RequestDigitalCredentials)]
    [InlineData("""{"request_signing":"signed"}""", VerifierCodes.RequestDigitalCredentials)]
    [InlineData("""{"expected_origins":["https://shop.example"]}""", VerifierCodes.RequestDigitalCredentials)]
    [InlineData("""{"response_mode":"dc_api","expected_origins":[]}""", VerifierCodes.RequestOrigin)]
    [InlineData("""{"response_mode":"dc_api","expected_origins":["*"]}""", VerifierCodes.RequestOrigin)]
    [InlineData("""{"response_mode":"dc_api","expected_origins":["https://shop.example/"]}""", VerifierCodes.RequestOrigin)]
    [InlineData("""{"response_mode":"dc_api","expected_origins":["http://shop.example"]}""", VerifierCodes.RequestOrigin)]
    [InlineData("""{"response_mode":"dc_api","expected_origins":["javascript:alert(1)"]}""", VerifierCodes.RequestOrigin)]
    [InlineData("""{"response_mode":"dc_api","request_signing":"twice"}""", VerifierCodes.RequestValue)]
    [Trait("Row", "VPW-14")]
    public async Task What_the_api_has_not_is_refused(string members, string code)
    {
        var body = (JsonObject)JsonNode.Parse(members)!;
        body["policy"] = "over-19";
        using var answer = await verifier.PostJsonAsync("/verifications", body);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal(code, TestVerifier.Text(await TestVerifier.ReadAsync(answer), "code"));
    }

    [Fact]
    [Trait("Row", "VPV-27")]
    public async Task Without_holder_binding_the_answer_has_to_be_encrypted()
    {
        JsonObject Body(string mode) => new()
        {
            ["purpose"] = "test",
            ["response_mode"] = mode,
            ["dcql_query"] = JsonNode.Parse("""{"credentials":[{"id":"a","format":"dc+sd-jwt","require_cryptographic_holder_binding":false,"meta":{"vct_values":["urn:x"]}}]}"""),
        };
        using var plain = await verifier.PostJsonAsync("/verifications", Body("dc_api"));
        using var encrypted = await verifier.PostJsonAsync("/verifications", Body("dc_api.jwt"));
        Assert.Equal((HttpStatusCode.BadRequest, HttpStatusCode.Created), (plain.StatusCode, encrypted.StatusCode));
    }

    [Theory]
    [InlineData("ko", 390, 844)]
    [InlineData("en", 1280, 800)]
    public async Task The_page_asks_the_browser_and_shows_the_result(string locale, int width, int height)
    {
        using var created = await verifier.PostJsonAsync("/verifications", Body("dc_api.jwt", "signed"));
        var page = await browser.NewPageAsync(width, height, locale);
        // The browser here has no wallet: its place is taken by ours.
        await page.ExposeFunctionAsync("walletOfTheTest", async (string options) =>
        {
            var request = StrictJson.Parse(options).GetProperty("digital").GetProperty("requests")[0];
            return StrictJson.ToText(await AnswerAsync(request, Origin));
        });
        await page.AddInitScriptAsync("""
            window.DigitalCredential = class {};
            navigator.credentials.get = async (options) => ({ protocol: options.digital.requests[0].protocol, data: JSON.parse(await window.walletOfTheTest(JSON.stringify(options))) });
            """);
        await page.GotoAsync(TestVerifier.Text(await TestVerifier.ReadAsync(created), "page"));
        Assert.Equal(0, await page.Locator(".qr").CountAsync());
        Assert.Empty(await Browser.SeriousFindingsAsync(page));

        await page.Locator("[data-ask]").ClickAsync();

        await page.Locator("[data-state=accepted] .green").WaitForAsync();
    }

    [Fact]
    public async Task A_browser_without_the_api_is_told_so()
    {
        using var created = await verifier.PostJsonAsync("/verifications", Body("dc_api.jwt", "signed"));
        var page = await browser.NewPageAsync();
        await page.AddInitScriptAsync("delete window.DigitalCredential;");
        await page.GotoAsync(TestVerifier.Text(await TestVerifier.ReadAsync(created), "page"));
        await page.GetByText("cannot ask a wallet itself").WaitForAsync();
        Assert.True(await page.Locator("[data-ask]").IsDisabledAsync());
    }

    private static JsonObject Body(string mode, string signing) => new() { ["policy"] = "over-19", ["response_mode"] = mode, ["request_signing"] = signing };

    private async Task<string> CreateAsync(string mode, string signing)
    {
        using var created = await verifier.PostJsonAsync("/verifications", Body(mode, signing));
        Assert.Equal(HttpStatusCode.Created, created.StatusCode);
        return TestVerifier.Text(await TestVerifier.ReadAsync(created), "id");
    }

    private async Task<JsonElement> AskAsync(string id)
    {
        using var response = await verifier.GetAsync($"/verifications/{id}/digital-credentials");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await TestVerifier.ReadAsync(response);
    }

    private async Task<VerifiedDigitalCredentialsRequest> VerifyAsync(JsonElement asked, string origin)
    {
        var trust = TrustStore.FromPem(await File.ReadAllTextAsync(verifier.Host.Ready.Trust, TestContext.Current.CancellationToken), TrustPurpose.Verifier);
        return await DigitalCredentialsRequestVerifier.VerifyAsync(
            TestVerifier.Text(asked, "protocol"), asked.GetProperty("data"), origin, new RequestExpectations(trust, verifier.Clock.Now), TestContext.Current.CancellationToken);
    }

    /// <summary>The data that a wallet sends back, bound to another audience if one is given.</summary>
    private async Task<JsonObject> AnswerAsync(JsonElement asked, string origin, string? audience = null)
    {
        var verified = await VerifyAsync(asked, origin);
        var held = await verifier.Issuer.IssueLicenceAsync();
        var binding = new KeyBinding(audience ?? verified.Binding.Audience, verified.Request.Nonce, verifier.Clock.Now);
        var presentation = await SdJwtPresenter.PresentAsync(SdJwtCredential.Parse(held.Credential), [ClaimPath.ParseText("age_over_19")], binding, held.HolderKey);
        return await verified.ToDataAsync(AuthorizationResponse.Success(TestWallet.Token("licence", presentation), null));
    }

    private Task<HttpResponseMessage> PostAsync(string id, JsonObject data, string? origin = null)
    {
        var body = new JsonObject { ["data"] = data.DeepClone() };
        if (origin is not null)
            body["origin"] = origin;
        return verifier.PostJsonAsync($"/verifications/{id}/digital-credentials", body);
    }

    private async Task<string> SendAsync(string id, JsonObject data)
    {
        using var response = await PostAsync(id, data);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return TestVerifier.Text(await TestVerifier.ReadAsync(response), "state");
    }
}
