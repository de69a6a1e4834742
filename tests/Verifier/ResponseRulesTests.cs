using System.Net;
using System.Text.Json.Nodes;
using Credentials.Keys.Software;
using Credentials.OpenId4Vp;
using Credentials.Verifier.Tests.Setup;

namespace Credentials.Verifier.Tests;

/// <summary>What the response endpoint takes, once, and what it refuses (OpenID4VP 1.0 §8.2, §8.6).</summary>
public sealed class ResponseRulesTests(TestVerifier verifier) : IClassFixture<TestVerifier>
{
    private readonly TestWallet _wallet = new(verifier);

    [Theory]
    [InlineData("direct_post")]
    [InlineData("direct_post.jwt")]
    [Trait("Row", "VPV-01")]
    [Trait("Row", "VPV-18")]
    public async Task A_hundred_copies_of_one_response_are_accepted_once(string mode)
    {
        var held = await verifier.Issuer.IssueLicenceAsync();
        var created = await verifier.CreateAsync("over-19", body => body["response_mode"] = mode);
        var request = await _wallet.ResolveAsync(created.RequestUri);
        var form = await TestWallet.FormAsync(request, AuthorizationResponse.Success(
            TestWallet.Token(request.Request, await _wallet.PresentAsync(held, request.Request)), request.Request.State));

        var responses = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => _wallet.SendAsync(request.Request, form)));

        Assert.Single(responses, r => r.StatusCode == HttpStatusCode.OK);
        Assert.Equal(99, responses.Count(r => r.StatusCode == HttpStatusCode.BadRequest));
        var before = (await verifier.StateAsync(created.Id)).GetRawText();
        using var later = await _wallet.SendAsync(request.Request, form);
        await Answers.AssertRefusalTellsNothingAsync(later);
        Assert.Equal(before, (await verifier.StateAsync(created.Id)).GetRawText());
    }

    [Theory]
    [InlineData("direct_post", "missing")]
    [InlineData("direct_post", "unknown")]
    [InlineData("direct_post.jwt", "missing")]
    [InlineData("direct_post.jwt", "unknown")]
    [InlineData("direct_post.jwt", "another in the form")]
    [Trait("Row", "VPV-03")]
    public async Task A_response_without_the_requests_state_leaves_nothing(string mode, string kind)
    {
        var held = await verifier.Issuer.IssueLicenceAsync();
        var created = await verifier.CreateAsync("over-19", body => body["response_mode"] = mode);
        var request = await _wallet.ResolveAsync(created.RequestUri);
        var token = TestWallet.Token(request.Request, await _wallet.PresentAsync(held, request.Request));
        var state = kind switch { "missing" => null, "unknown" => "AAAAAAAAAAAAAAAAAAAAAA", _ => request.Request.State };
        var form = new Dictionary<string, string>(await TestWallet.FormAsync(request, AuthorizationResponse.Success(token, state)));
        if (kind == "another in the form")
            form["state"] = "AAAAAAAAAAAAAAAAAAAAAA";

        using var refused = await _wallet.SendAsync(request.Request, form);

        await verifier.AssertLeftNothingAsync(created, refused);
        using var right = await _wallet.SendAsync(request.Request, await TestWallet.FormAsync(request, AuthorizationResponse.Success(token, request.Request.State)));
        Assert.Equal(HttpStatusCode.OK, right.StatusCode);
    }

    [Fact]
    [Trait("Row", "VPV-02")]
    [Trait("Row", "VPV-03")]
    public async Task A_response_posted_to_another_sessions_address_leaves_nothing_there()
    {
        var held = await verifier.Issuer.IssueLicenceAsync();
        var mine = await verifier.CreateAsync("over-19");
        var other = await verifier.CreateAsync("over-19");
        var myRequest = await _wallet.ResolveAsync(mine.RequestUri);
        var otherRequest = await _wallet.ResolveAsync(other.RequestUri);
        var form = await TestWallet.FormAsync(myRequest, AuthorizationResponse.Success(
            TestWallet.Token(myRequest.Request, await _wallet.PresentAsync(held, myRequest.Request)), myRequest.Request.State));

        using var refused = await _wallet.SendAsync(otherRequest.Request, form);
        using var accepted = await _wallet.SendAsync(myRequest.Request, form);

        await verifier.AssertLeftNothingAsync(other, refused);
        Assert.Equal(HttpStatusCode.OK, accepted.StatusCode);
    }

    [Theory]
    [InlineData("\"text\"")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{")]
    [InlineData("{\"licence\":[]}")]
    [InlineData("{\"licence\":\"text\"}")]
    [InlineData("{\"licence\":{}}")]
    [InlineData("{\"licence\":[1]}")]
    [InlineData("{\"licence\":[null]}")]
    [InlineData("{\"licence\":[{}]}")]
    [InlineData("{\"other\":[\"GOOD\"]}")]
    [InlineData("{\"licence\":[\"GOOD\"],\"other\":[\"GOOD\"]}")]
    [InlineData("{\"licence\":[\"GOOD\"],\"licence\":[\"GOOD\"]}")]
    [InlineData("{\"licence\":[\"GOOD\"]} ")]
    [InlineData("{\"licence\":[\"GOOD\",\"GOOD\"]}")]
    [Trait("Row", "VPV-06")]
    [Trait("Row", "VPV-07")]
    public async Task A_vp_token_of_the_wrong_shape_leaves_nothing(string template)
    {
        var held = await verifier.Issuer.IssueLicenceAsync();
        var created = await verifier.CreateAsync("over-19", body => body["response_mode"] = "direct_post");
        var request = await _wallet.ResolveAsync(created.RequestUri);
        var good = await _wallet.PresentAsync(held, request.Request);
        var trailing = template.EndsWith(' ');

        using var response = await _wallet.SendAsync(request.Request, new Dictionary<string, string>
        {
            ["vp_token"] = template.Replace("GOOD", good, StringComparison.Ordinal) + (trailing ? "{}" : ""),
            ["state"] = request.Request.State!,
        });

        await verifier.AssertLeftNothingAsync(created, response);
        using var right = await _wallet.AnswerAsync(request, good);
        Assert.Equal(HttpStatusCode.OK, right.StatusCode);
    }

    [Fact]
    [Trait("Row", "VPV-07")]
    public async Task Several_credentials_are_taken_where_the_query_says_multiple()
    {
        var query = Query(q => q["multiple"] = true);
        var created = await verifier.CreateAsync(query);
        var request = await _wallet.ResolveAsync(created.RequestUri);
        var first = await _wallet.PresentAsync(await verifier.Issuer.IssueLicenceAsync(), request.Request);
        var second = await _wallet.PresentAsync(await verifier.Issuer.IssueLicenceAsync(), request.Request);

        using var response = await _wallet.AnswerAsync(request, first, second);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(2, (await verifier.StateAsync(created.Id)).GetProperty("report").GetProperty("parts").GetArrayLength());
    }

    [Fact]
    [Trait("Row", "VPV-09")]
    public async Task One_bad_credential_withholds_the_claims_of_the_good_ones()
    {
        var created = await verifier.CreateAsync(Query(q => q["multiple"] = true));
        var request = await _wallet.ResolveAsync(created.RequestUri);
        var good = await _wallet.PresentAsync(await verifier.Issuer.IssueLicenceAsync(), request.Request);
        var bad = await Forgery.MakeAsync(verifier, request.Request, f => f.KbPayload["nonce"] = "AAAAAAAAAAAAAAAAAAAAAA");

        using var response = await _wallet.AnswerAsync(request, good, bad);

        await verifier.AssertNotAcceptedAsync(created, response, "kb_nonce");
    }

    [Fact]
    [Trait("Row", "VPV-08")]
    public async Task A_value_that_was_not_asked_for_is_not_accepted()
    {
        var created = await verifier.CreateAsync("over-19");
        var response = (await _wallet.PresentToAsync(created, await verifier.Issuer.IssueLicenceAsync(over19: false))).Response;

        await verifier.AssertNotAcceptedAsync(created, response, "query", "dcql.value_mismatch");
    }

    [Fact]
    [Trait("Row", "VPV-08")]
    public async Task A_missing_claim_is_not_accepted()
    {
        var created = await verifier.CreateAsync("over-19");
        var request = await _wallet.ResolveAsync(created.RequestUri);
        using var response = await _wallet.AnswerAsync(request, await _wallet.PresentAsync(await verifier.Issuer.IssueLicenceAsync(), request.Request, null, "given_name"));

        await verifier.AssertNotAcceptedAsync(created, response, "query", "dcql.claim_missing");
    }

    [Fact]
    [Trait("Row", "VPV-08")]
    public async Task A_credential_of_another_type_is_not_accepted()
    {
        var created = await verifier.CreateAsync("over-19");
        var request = await _wallet.ResolveAsync(created.RequestUri);
        var other = await verifier.Issuer.IssueAsync("urn:credentials:kr:other:1", TestIssuer.Licence());

        using var response = await _wallet.AnswerAsync(request, await _wallet.PresentAsync(other, request.Request));

        await verifier.AssertNotAcceptedAsync(created, response, "type");
    }

    [Fact]
    [Trait("Row", "VPV-08")]
    public async Task A_required_credential_that_does_not_come_is_not_accepted()
    {
        var query = Query();
        var second = (JsonObject)query["dcql_query"]!["credentials"]![0]!.DeepClone();
        second["id"] = "second";
        ((JsonArray)query["dcql_query"]!["credentials"]!).Add(second);
        var created = await verifier.CreateAsync(query);
        var request = await _wallet.ResolveAsync(created.RequestUri);

        using var response = await _wallet.AnswerAsync(request, await _wallet.PresentAsync(await verifier.Issuer.IssueLicenceAsync(), request.Request));

        await verifier.AssertNotAcceptedAsync(created, response, "dcql_satisfied", "dcql.not_satisfied");
    }

    [Fact]
    [Trait("Row", "VPV-08")]
    public async Task Claims_beyond_the_query_are_noted_and_not_forwarded()
    {
        var created = await verifier.CreateAsync("over-19");
        var request = await _wallet.ResolveAsync(created.RequestUri);
        var held = await verifier.Issuer.IssueLicenceAsync();

        using var response = await _wallet.AnswerAsync(request, await _wallet.PresentAsync(held, request.Request, null, "age_over_19", "family_name", "birth_date"));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var text = (await verifier.StateAsync(created.Id)).GetRawText();
        Assert.Contains("dcql.more_than_asked", text, StringComparison.Ordinal);
        Assert.DoesNotContain("1990-05-17", text, StringComparison.Ordinal);
        Assert.DoesNotContain("family_name", text, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Row", "VPV-10")]
    public async Task An_issuer_outside_the_asked_authorities_is_not_accepted()
    {
        var created = await verifier.CreateAsync(Query(q => q["trusted_authorities"] = new JsonArray(
            new JsonObject { ["type"] = "aki", ["values"] = new JsonArray("s9tIpPmhxdiuNkHMEWNpYim8S8Y") })));
        var request = await _wallet.ResolveAsync(created.RequestUri);

        using var response = await _wallet.AnswerAsync(request, await _wallet.PresentAsync(await verifier.Issuer.IssueLicenceAsync(), request.Request));

        await verifier.AssertNotAcceptedAsync(created, response, "query", "dcql.authority_mismatch");
    }

    [Fact]
    [Trait("Row", "VPV-11")]
    [Trait("Row", "TRU-01")]
    public async Task An_issuer_nobody_configured_is_not_accepted()
    {
        await using var stranger = new TestIssuer(verifier.Clock);
        var created = await verifier.CreateAsync("over-19");
        var request = await _wallet.ResolveAsync(created.RequestUri);

        using var response = await _wallet.AnswerAsync(request, await _wallet.PresentAsync(await stranger.IssueLicenceAsync(), request.Request));

        await verifier.AssertNotAcceptedAsync(created, response, "issuer_key");
    }

    [Fact]
    [Trait("Row", "VPV-11")]
    public async Task An_empty_trust_store_accepts_nobody()
    {
        await using var host = await verifier.StartAsync(o => o with { TrustFiles = [], DataFolder = o.DataFolder + "-untrusting" });
        using var create = await verifier.PostJsonAsync($"{host.Ready.Url}/verifications", new JsonObject { ["policy"] = "over-19", ["client_id_prefix"] = "redirect_uri" }, host.Ready.ApiKey);
        var json = await TestVerifier.ReadAsync(create);
        var request = await _wallet.ResolveAsync(TestVerifier.Text(json, "request_uri"));

        using var response = await _wallet.AnswerAsync(request, await _wallet.PresentAsync(await verifier.Issuer.IssueLicenceAsync(), request.Request));

        await Answers.AssertRefusalTellsNothingAsync(response);
        using var state = await verifier.GetAsync($"{host.Ready.Url}/verifications/{TestVerifier.Text(json, "id")}", host.Ready.ApiKey);
        Assert.Contains(Answers.Failures((await TestVerifier.ReadAsync(state)).GetProperty("report")), f => f is ("issuer_key", "trust.no_anchors"));
    }

    [Fact]
    public async Task A_status_list_that_cannot_be_reached_is_neither_valid_nor_revoked()
    {
        await using var offline = new TestIssuerOffline(verifier);
        var created = await verifier.CreateAsync("resident-certificate");
        var response = (await _wallet.PresentToAsync(created, await verifier.Issuer.IssueResidentAsync())).Response;

        await verifier.AssertNotAcceptedAsync(created, response, "status", "status.unreachable");
    }

    [Fact]
    [Trait("Row", "VPV-25")]
    public async Task A_plain_presentation_to_a_request_for_encryption_leaves_nothing()
    {
        var created = await verifier.CreateAsync("over-19");
        var request = await _wallet.ResolveAsync(created.RequestUri);
        var plain = AuthorizationResponse.Success(TestWallet.Token(request.Request, await _wallet.PresentAsync(await verifier.Issuer.IssueLicenceAsync(), request.Request)), request.Request.State);

        using var refused = await _wallet.SendAsync(request.Request, plain.ToForm());
        await verifier.AssertLeftNothingAsync(created, refused);

        using var accepted = await _wallet.SendAsync(request.Request, await TestWallet.FormAsync(request, plain));
        Assert.Equal(HttpStatusCode.OK, accepted.StatusCode);
    }

    [Fact]
    [Trait("Row", "VPV-25")]
    public async Task An_encrypted_response_to_a_plain_request_leaves_nothing()
    {
        var created = await verifier.CreateAsync("over-19", body => body["response_mode"] = "direct_post");
        var request = await _wallet.ResolveAsync(created.RequestUri);
        using var key = SoftwareKeyAgreementKey.Generate();
        var encrypted = await new ResponseEncryption(key.PublicKey, null, "A256GCM").EncryptAsync(AuthorizationResponse.Success(
            TestWallet.Token(request.Request, await _wallet.PresentAsync(await verifier.Issuer.IssueLicenceAsync(), request.Request)), request.Request.State));

        using var refused = await _wallet.SendAsync(request.Request, encrypted);

        await verifier.AssertLeftNothingAsync(created, refused);
    }

    internal static JsonObject Query(Action<JsonObject>? alter = null)
    {
        var credential = new JsonObject
        {
            ["id"] = "licence",
            ["format"] = "dc+sd-jwt",
            ["meta"] = new JsonObject { ["vct_values"] = new JsonArray("urn:credentials:kr:mdl:1") },
            ["claims"] = new JsonArray(new JsonObject { ["path"] = new JsonArray("age_over_19") }),
        };
        alter?.Invoke(credential);
        return new JsonObject { ["dcql_query"] = new JsonObject { ["credentials"] = new JsonArray(credential) }, ["purpose"] = "a test" };
    }

    /// <summary>Takes the status list away for the length of a test.</summary>
    private sealed class TestIssuerOffline : IAsyncDisposable
    {
        private readonly TestVerifier _verifier;

        public TestIssuerOffline(TestVerifier verifier)
        {
            _verifier = verifier;
            verifier.Issuer.StatusOnline = false;
        }

        public ValueTask DisposeAsync()
        {
            _verifier.Issuer.StatusOnline = true;
            return ValueTask.CompletedTask;
        }
    }
}
