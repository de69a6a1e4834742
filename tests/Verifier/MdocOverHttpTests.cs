using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.Keys;
using Credentials.Keys.Software;
using Credentials.Mdoc;
using Credentials.OpenId4Vp;
using Credentials.Verifier.Tests.Setup;

namespace Credentials.Verifier.Tests;

/// <summary>mdocs over HTTP: real driving licences, made here, shown to the shipped policies.</summary>
public sealed class MdocOverHttpTests(TestVerifier verifier) : IClassFixture<TestVerifier>
{
    private readonly TestWallet _wallet = new(verifier);

    [Theory]
    [InlineData("direct_post", "x509_hash", false)]
    [InlineData("direct_post", "x509_san_dns", true)]
    [InlineData("direct_post", "redirect_uri", false)]
    [InlineData("direct_post.jwt", "x509_hash", true)]
    [InlineData("direct_post.jwt", "x509_san_dns", false)]
    [InlineData("direct_post.jwt", "redirect_uri", false)]
    public async Task An_mdoc_is_accepted_by_every_way_of_asking_and_answering(string mode, string prefix, bool post)
    {
        var created = await verifier.CreateAsync("over-19", body =>
        {
            body["response_mode"] = mode;
            body["client_id_prefix"] = prefix;
            body["request_uri_method"] = post ? "post" : "get";
        });
        var request = await _wallet.ResolveAsync(created.RequestUri, post);

        using var response = await _wallet.AnswerMdocAsync(request, await TestWallet.PresentMdocAsync(await verifier.Issuer.IssueMdlAsync(), request));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var state = await verifier.StateAsync(created.Id);
        Assert.Equal("accepted", TestVerifier.Text(state, "state"));
        var part = Assert.Single(state.GetProperty("report").GetProperty("parts").EnumerateArray());
        Assert.Equal("mso_mdoc", TestVerifier.Text(part, "format"));
        Assert.Equal("""{"org.iso.18013.5.1":{"age_over_19":true}}""", part.GetProperty("claims").GetRawText());
    }

    [Fact]
    public async Task Claims_are_told_by_name_whatever_the_format()
    {
        var (licence, mdoc) = (await verifier.Issuer.IssueLicenceAsync(), await verifier.Issuer.IssueMdlAsync());
        var (first, second) = (await verifier.CreateAsync("over-19"), await verifier.CreateAsync("over-19"));
        using (var accepted = (await _wallet.PresentToAsync(first, licence)).Response)
            Assert.Equal(HttpStatusCode.OK, accepted.StatusCode);
        var request = await _wallet.ResolveAsync(second.RequestUri);
        using (var accepted = await _wallet.AnswerMdocAsync(request, await TestWallet.PresentMdocAsync(mdoc, request)))
            Assert.Equal(HttpStatusCode.OK, accepted.StatusCode);

        var told = new List<JsonElement>();
        foreach (var id in new[] { first.Id, second.Id })
            told.Add(Assert.Single((await verifier.StateAsync(id)).GetProperty("credentials").EnumerateArray()));

        Assert.All(told, credential => Assert.Equal("""{"age_over_19":true}""", credential.GetProperty("claims").GetRawText()));
        Assert.Equal(["dc+sd-jwt", "mso_mdoc"], told.Select(credential => TestVerifier.Text(credential, "format")));
        Assert.Equal(["licence", "licence_mdoc"], told.Select(credential => TestVerifier.Text(credential, "query_id")));
    }

    [Theory]
    [InlineData(true, 7)]
    [InlineData(false, 6)]
    public async Task A_driving_licence_is_told_with_its_portrait_as_a_picture_where_there_is_one(bool withPortrait, int count)
    {
        var created = await verifier.CreateAsync("driving-licence");
        var request = await _wallet.ResolveAsync(created.RequestUri);
        var held = await verifier.Issuer.IssueMdlAsync(elements: withPortrait ? null : claims => claims.Remove("portrait"));

        using var response = await _wallet.AnswerMdocAsync(request, await TestWallet.PresentMdocAsync(held, request));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var claims = (await verifier.StateAsync(created.Id)).GetProperty("credentials")[0].GetProperty("claims");
        Assert.Equal(count, claims.EnumerateObject().Count());
        Assert.Equal("1990-05-17", TestVerifier.Text(claims, "birth_date"));
        if (withPortrait)
            Assert.Equal($"data:image/png;base64,{Convert.ToBase64String(StrictBase64Url.Decode(TestIssuer.Portrait))}", TestVerifier.Text(claims, "portrait"));
    }

    [Fact]
    public async Task Names_of_two_namespaces_do_not_hide_each_other()
    {
        var held = await verifier.Issuer.IssueMdocAsync("org.example.1", new JsonObject
        {
            ["org.example.a"] = new JsonObject { ["number"] = "1" },
            ["org.example.b"] = new JsonObject { ["number"] = "2" },
        });

        var report = await VerifyDocumentAsync(new JsonObject { ["document"] = held.IssuerSigned.ToBase64Url() });

        Assert.Equal("""{"number":"1","org.example.b/number":"2"}""", report.GetProperty("credentials")[0].GetProperty("claims").GetRawText());
    }

    public static TheoryData<string, string, string> Tampered => new()
    {
        { "another nonce", "device_auth", MdocCodes.DeviceAuthInvalid },
        { "another client", "device_auth", MdocCodes.DeviceAuthInvalid },
        { "another address", "device_auth", MdocCodes.DeviceAuthInvalid },
        { "another key", "device_auth", MdocCodes.DeviceAuthInvalid },
        { "another device", "device_auth", MdocCodes.DeviceAuthInvalid },
        { "no device", "device_auth", MdocCodes.DeviceAuthMissing },
        { "another licence's element", "value_digests", MdocCodes.DigestMismatch },
        { "under age", "query", "dcql.value_mismatch" },
        { "too little", "query", "dcql.claim_missing" },
        { "expired", "validity", MdocCodes.Expired },
        { "unknown issuer", "issuer_chain", "x509.untrusted" },
        { "another type", "doctype", MdocCodes.DocTypeNotExpected },
    };

    [Theory]
    [MemberData(nameof(Tampered))]
    [Trait("Row", "VPV-02")]
    [Trait("Row", "VPV-08")]
    public async Task An_mdoc_with_one_thing_wrong_is_refused_with_the_reason(string what, string check, string code)
    {
        var created = await verifier.CreateAsync("over-19");
        var request = await _wallet.ResolveAsync(created.RequestUri);

        using var response = await _wallet.AnswerMdocAsync(request, await TamperedAsync(what, request));

        var report = await verifier.AssertNotAcceptedAsync(created, response, check, code);
        Assert.Equal("passed", report.GetProperty("checks").EnumerateArray().Single(c => TestVerifier.Text(c, "id") == "dcql_satisfied").GetProperty("outcome").GetString());
        var reasons = (await verifier.StateAsync(created.Id)).GetProperty("reasons").EnumerateArray();
        Assert.Contains(reasons, reason => TestVerifier.Text(reason, "code") == code && TestVerifier.Text(reason, "ko") != "" && TestVerifier.Text(reason, "query_id") == "licence_mdoc");
    }

    private async Task<string> TamperedAsync(string what, VerifiedRequest request)
    {
        var held = await verifier.Issuer.IssueMdlAsync(what != "under age", alter: Content(what));
        var (asked, encryption) = (request.Request, request.Encryption!.Key);
        var other = RequestBinding.ForRedirect(
            what == "another client" ? "x509_hash:abc" : asked.ClientId.Full,
            what == "another nonce" ? "0123456789abcdefghijkl" : asked.Nonce,
            what == "another address" ? asked.ResponseUri.OriginalString + "x" : asked.ResponseUri.OriginalString,
            what == "another key" ? null : encryption);
        if (what == "another device")
            held = held with { DeviceKey = SoftwareSigningKey.Generate(SignatureAlgorithm.Es256) };
        if (what == "no device")
            return held.IssuerSigned.Select((_, element) => element == "age_over_19").ToBase64Url();
        if (what == "unknown issuer")
        {
            await using var stranger = new TestIssuer(verifier.Clock);
            return await TestWallet.PresentMdocAsync(await stranger.IssueMdlAsync(), request);
        }
        if (what == "another type")
        {
            held = await verifier.Issuer.IssueMdocAsync("org.iso.23220.photoid.1", new JsonObject { [MdocNames.MdlNamespace] = new JsonObject { ["age_over_19"] = true } });
            return await TestWallet.PresentMdocAsync(held, request);
        }
        if (what == "expired")
            verifier.Clock.Advance(TimeSpan.FromSeconds(62));
        if (what == "another licence's element")
            return Exchange(await TestWallet.PresentMdocAsync(held, request), await TestWallet.PresentMdocAsync(await verifier.Issuer.IssueMdlAsync(), request));
        return await TestWallet.PresentMdocAsync(held, request, other, what == "too little" ? ["family_name"] : []);
    }

    private Func<MdocContent, MdocContent>? Content(string what) => what == "expired"
        ? content => content with { Signed = verifier.Clock.Now, ValidUntil = verifier.Clock.Now.AddSeconds(1), TimeGranularity = TimeSpan.Zero, ValidFrom = null }
        : null;

    [Theory]
    [InlineData(0, null)]
    [InlineData(1, "status.revoked")]
    [InlineData(2, "status.suspended")]
    public async Task A_revoked_or_suspended_mdoc_is_refused_once_the_policy_looks_again(byte status, string? code)
    {
        var held = await verifier.Issuer.IssueMdlAsync();
        verifier.Issuer.SetStatus(held.StatusIndex, status);
        verifier.Clock.Advance(TimeSpan.FromMinutes(61));
        var created = await verifier.CreateAsync("over-19");
        var request = await _wallet.ResolveAsync(created.RequestUri);

        using var response = await _wallet.AnswerMdocAsync(request, await TestWallet.PresentMdocAsync(held, request));

        if (code is null)
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        else
            await verifier.AssertNotAcceptedAsync(created, response, "status", code);
    }

    /// <summary>The first response with the data elements of the second: both stand in it byte for byte, so one is put for the other.</summary>
    private static string Exchange(string response, string elementsOf)
    {
        var (into, from) = (DeviceResponse.Parse(StrictBase64Url.Decode(response)), DeviceResponse.Parse(StrictBase64Url.Decode(elementsOf)));
        byte[] Item(DeviceResponse of) => of.Documents[0].IssuerSigned.NameSpaces[MdocNames.MdlNamespace].Single().Encoded.Bytes.ToArray();
        var bytes = StrictBase64Url.Decode(response);
        var (old, replacement) = (Item(into), Item(from));
        Assert.Equal(old.Length, replacement.Length);
        replacement.CopyTo(bytes, bytes.AsSpan().IndexOf(old));
        return StrictBase64Url.Encode(bytes);
    }

    [Fact]
    [Trait("Row", "VPV-01")]
    public async Task The_same_device_response_is_taken_once()
    {
        var created = await verifier.CreateAsync("over-19");
        var request = await _wallet.ResolveAsync(created.RequestUri);
        var presentation = await TestWallet.PresentMdocAsync(await verifier.Issuer.IssueMdlAsync(), request);

        using var first = await _wallet.AnswerMdocAsync(request, presentation);
        using var second = await _wallet.AnswerMdocAsync(request, presentation);

        Assert.Equal(HttpStatusCode.OK, first.StatusCode);
        await Answers.AssertRefusalTellsNothingAsync(second);
        Assert.Equal("accepted", TestVerifier.Text(await verifier.StateAsync(created.Id), "state"));
    }

    [Fact]
    [Trait("Row", "VPV-06")]
    public async Task An_mdoc_in_the_place_of_an_sd_jwt_is_refused()
    {
        var created = await verifier.CreateAsync("over-19");
        var request = await _wallet.ResolveAsync(created.RequestUri);
        var presentation = await TestWallet.PresentMdocAsync(await verifier.Issuer.IssueMdlAsync(), request);

        using var response = await _wallet.AnswerAsync(request, TestWallet.Token("licence", presentation));

        await verifier.AssertNotAcceptedAsync(created, response, "format");
    }

    [Fact]
    public async Task Both_formats_of_one_licence_may_be_shown_together()
    {
        var created = await verifier.CreateAsync("over-19");
        var request = await _wallet.ResolveAsync(created.RequestUri);
        var token = VpToken.Create(new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal)
        {
            ["licence"] = [await _wallet.PresentAsync(await verifier.Issuer.IssueLicenceAsync(), request.Request)],
            ["licence_mdoc"] = [await TestWallet.PresentMdocAsync(await verifier.Issuer.IssueMdlAsync(), request)],
        });

        using var response = await _wallet.AnswerAsync(request, token);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(2, (await verifier.StateAsync(created.Id)).GetProperty("credentials").GetArrayLength());
    }

    [Theory]
    [InlineData("""{"mso_mdoc":{"issuerauth_alg_values":[-7]}}""", "over-19", 200)]
    [InlineData("""{"dc+sd-jwt":{}}""", "over-19", 200)]
    [InlineData("""{"jwt_vc_json":{}}""", "over-19", 400)]
    [InlineData("""{"mso_mdoc":{}}""", "resident-certificate", 400)]
    [InlineData("""{"dc+sd-jwt":{}}""", "resident-certificate", 200)]
    public async Task A_wallet_whose_formats_cannot_answer_is_told_so(string formats, string policy, int status)
    {
        var created = await verifier.CreateAsync(policy, body => body["request_uri_method"] = "post");
        var metadata = JsonElement.Parse($$"""{"vp_formats_supported":{{formats}}}""");

        using var response = await _wallet.FetchAsync(RequestUri.Parse(created.RequestUri), new RequestUriPost(null, metadata));

        Assert.Equal(status, (int)response.StatusCode);
        if (status == 400)
            Assert.Equal("vp_formats_not_supported", TestVerifier.Text(await TestVerifier.ReadAsync(response), "error"));
    }

    [Theory]
    [InlineData("over-19", "dc+sd-jwt mso_mdoc")]
    [InlineData("resident-certificate", "dc+sd-jwt")]
    public async Task The_request_names_the_formats_that_it_asks_for(string policy, string formats)
    {
        var request = await _wallet.ResolveAsync((await verifier.CreateAsync(policy)).RequestUri);

        Assert.Equal(formats, string.Join(' ', request.Request.ClientMetadata!.VpFormatsSupported!.Value.EnumerateObject().Select(format => format.Name)));
    }

    [Theory]
    [InlineData("licence", 201)]
    [InlineData("licence_mdoc", 400)]
    public async Task Transaction_data_that_an_mdoc_is_to_authorize_is_refused(string credential, int status)
    {
        using var response = await verifier.PostJsonAsync("/verifications", new JsonObject
        {
            ["policy"] = "over-19",
            ["transaction_data"] = new JsonArray(new JsonObject { ["type"] = "urn:test:payment", ["credential_ids"] = new JsonArray(credential), ["amount"] = "10000" }),
        });

        Assert.Equal(status, (int)response.StatusCode);
        if (status == 400)
            Assert.Equal("verifier.request_transaction_data", TestVerifier.Text(await TestVerifier.ReadAsync(response), "code"));
    }

    [Fact]
    public async Task An_mdoc_alone_does_not_authorize_what_only_an_sd_jwt_can()
    {
        var created = await verifier.CreateAsync("over-19", body => body["transaction_data"] = new JsonArray(
            new JsonObject { ["type"] = "urn:test:payment", ["credential_ids"] = new JsonArray("licence"), ["amount"] = "10000" }));
        var request = await _wallet.ResolveAsync(created.RequestUri);

        using var response = await _wallet.AnswerMdocAsync(request, await TestWallet.PresentMdocAsync(await verifier.Issuer.IssueMdlAsync(), request));

        await verifier.AssertNotAcceptedAsync(created, response, "dcql_satisfied", OpenId4VpCodes.TransactionData);
    }

    [Fact]
    public async Task Evidence_of_an_mdoc_has_all_that_the_device_signed_for()
    {
        var created = await verifier.CreateAsync("over-19");
        var request = await _wallet.ResolveAsync(created.RequestUri);
        var presentation = await TestWallet.PresentMdocAsync(await verifier.Issuer.IssueMdlAsync(), request);
        using var response = await _wallet.AnswerMdocAsync(request, presentation);

        using var evidence = await verifier.GetAsync($"/verifications/{created.Id}/evidence");

        var json = await TestVerifier.ReadAsync(evidence);
        Assert.Equal(presentation, json.GetProperty("vp_token").GetProperty("licence_mdoc")[0].GetString());
        var transcript = SessionTranscript.ForOpenId4Vp(
            TestVerifier.Text(json, "client_id"), TestVerifier.Text(json, "nonce"), StrictBase64Url.Decode(TestVerifier.Text(json, "jwk_thumbprint")),
            TestVerifier.Text(json, "response_uri"));
        Assert.Equal(request.Binding.Transcript.Bytes.ToArray(), transcript.Bytes.ToArray());
    }

    [Theory]
    [InlineData(null, true)]
    [InlineData("over-19", true)]
    [InlineData("driving-licence", true)]
    [InlineData("resident-certificate", false)]
    public async Task An_mdoc_at_hand_is_checked_by_the_policy_it_answers(string? policy, bool accepted)
    {
        var held = await verifier.Issuer.IssueMdlAsync();
        var body = new JsonObject { ["document"] = held.IssuerSigned.ToBase64Url() };
        if (policy is not null)
            body["policy"] = policy;

        var report = await VerifyDocumentAsync(body);

        Assert.Equal(accepted, report.GetProperty("accepted").GetBoolean());
        Assert.Equal(accepted ? 1 : 0, report.GetProperty("credentials").GetArrayLength());
        if (accepted)
            Assert.Equal("not_applicable", report.GetProperty("parts")[0].GetProperty("checks").EnumerateArray().Single(c => TestVerifier.Text(c, "id") == "device_auth").GetProperty("outcome").GetString());
    }

    private async Task<JsonElement> VerifyDocumentAsync(JsonObject body)
    {
        using var response = await verifier.PostJsonAsync("/documents/verify", body);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await TestVerifier.ReadAsync(response);
    }
}
