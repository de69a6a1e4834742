using System.Net;
using System.Text.Json.Nodes;
using Credentials.Verifier.Tests.Setup;

namespace Credentials.Verifier.Tests;

public sealed class PresentationFlowTests(TestVerifier verifier) : IClassFixture<TestVerifier>
{
    private readonly TestWallet _wallet = new(verifier);

    [Theory]
    [InlineData("direct_post", "x509_hash", false)]
    [InlineData("direct_post", "x509_san_dns", true)]
    [InlineData("direct_post", "redirect_uri", false)]
    [InlineData("direct_post.jwt", "x509_hash", true)]
    [InlineData("direct_post.jwt", "x509_san_dns", false)]
    [InlineData("direct_post.jwt", "redirect_uri", false)]
    public async Task A_wallet_is_accepted_by_every_way_of_asking_and_answering(string mode, string prefix, bool post)
    {
        var held = await verifier.Issuer.IssueLicenceAsync();
        var created = await verifier.CreateAsync("over-19", body =>
        {
            body["response_mode"] = mode;
            body["client_id_prefix"] = prefix;
            body["request_uri_method"] = post ? "post" : "get";
        });
        Assert.Equal("created", TestVerifier.Text(await verifier.StateAsync(created.Id), "state"));

        using var response = (await _wallet.PresentToAsync(created, held, post)).Response;

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("{}", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        var state = await verifier.StateAsync(created.Id);
        Assert.Equal("accepted", TestVerifier.Text(state, "state"));
        var part = state.GetProperty("report").GetProperty("parts")[0];
        Assert.Equal("""{"age_over_19":true}""", part.GetProperty("claims").GetRawText());
        Assert.Equal("licence", TestVerifier.Text(part, "query_id"));
        Assert.Empty(state.GetProperty("reasons").EnumerateArray());
    }

    [Theory]
    [InlineData("driving-licence")]
    [InlineData("resident-certificate")]
    public async Task The_shipped_policies_forward_what_they_ask_for(string policy)
    {
        var held = policy == "driving-licence" ? await verifier.Issuer.IssueLicenceAsync() : await verifier.Issuer.IssueResidentAsync();
        var created = await verifier.CreateAsync(policy);
        var request = await _wallet.ResolveAsync(created.RequestUri);
        var query = request.Request.DcqlQuery.Credentials[0];
        Assert.Equal(policy == "driving-licence" ? 2 : 0, query.ClaimSets?.Count ?? 0);
        var paths = query.Claims!.Select(c => c.Path.ToString()).Where(p => !p.Contains("portrait", StringComparison.Ordinal)).ToArray();

        using var response = await _wallet.AnswerAsync(request, await _wallet.PresentAsync(held, request.Request, null, paths));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var claims = (await verifier.StateAsync(created.Id)).GetProperty("report").GetProperty("parts")[0].GetProperty("claims");
        Assert.Equal(policy == "driving-licence" ? 6 : 4, claims.EnumerateObject().Count());
        if (policy == "resident-certificate")
            Assert.Equal(2, claims.GetProperty("address").EnumerateObject().Count());
    }

    [Fact]
    public async Task Evidence_is_the_presentation_as_signed_with_what_it_was_bound_to()
    {
        var held = await verifier.Issuer.IssueLicenceAsync();
        var created = await verifier.CreateAsync("over-19");
        var request = await _wallet.ResolveAsync(created.RequestUri);
        var presentation = await _wallet.PresentAsync(held, request.Request);
        using var response = await _wallet.AnswerAsync(request, presentation);

        using var evidence = await verifier.GetAsync($"/verifications/{created.Id}/evidence");

        Assert.Equal(HttpStatusCode.OK, evidence.StatusCode);
        var json = await TestVerifier.ReadAsync(evidence);
        Assert.Equal(presentation, json.GetProperty("vp_token").GetProperty("licence")[0].GetString());
        Assert.Equal(request.Request.Nonce, TestVerifier.Text(json, "nonce"));
        Assert.Equal(request.Request.ClientId.Full, TestVerifier.Text(json, "client_id"));
    }

    [Fact]
    public async Task Evidence_is_not_kept_where_the_relying_party_does_not_want_it()
    {
        var held = await verifier.Issuer.IssueLicenceAsync();
        var created = await verifier.CreateAsync("over-19", body => body["keep_evidence"] = false);
        using var response = (await _wallet.PresentToAsync(created, held)).Response;
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);

        using var evidence = await verifier.GetAsync($"/verifications/{created.Id}/evidence");

        Assert.Equal(HttpStatusCode.NotFound, evidence.StatusCode);
    }

    [Fact]
    public async Task Transaction_data_is_confirmed_by_the_holder()
    {
        var held = await verifier.Issuer.IssueLicenceAsync();
        var created = await verifier.CreateAsync("over-19", body => body["transaction_data"] = new JsonArray(
            new JsonObject { ["type"] = "urn:test:payment", ["credential_ids"] = new JsonArray("licence"), ["amount"] = "10000" }));
        var request = await _wallet.ResolveAsync(created.RequestUri);
        Assert.Single(request.Request.TransactionData);

        using var response = await _wallet.AnswerAsync(request, await _wallet.PresentAsync(held, request.Request));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Theory]
    [InlineData(1, "status.revoked")]
    [InlineData(2, "status.suspended")]
    public async Task A_revoked_or_suspended_credential_is_refused_as_soon_as_the_policy_looks_again(byte status, string code)
    {
        var held = await verifier.Issuer.IssueResidentAsync();
        var first = await verifier.CreateAsync("resident-certificate");
        using (var accepted = (await _wallet.PresentToAsync(first, held)).Response)
            Assert.Equal(HttpStatusCode.OK, accepted.StatusCode);
        verifier.Issuer.SetStatus(held.StatusIndex, status);

        var second = await verifier.CreateAsync("resident-certificate");
        using var refused = (await _wallet.PresentToAsync(second, held)).Response;

        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        var state = await verifier.StateAsync(second.Id);
        Assert.Equal("not_accepted", TestVerifier.Text(state, "state"));
        var reason = Assert.Single(state.GetProperty("reasons").EnumerateArray());
        Assert.Equal(code, TestVerifier.Text(reason, "code"));
        Assert.NotEqual("", TestVerifier.Text(reason, "ko"));
        Assert.Equal("accepted", TestVerifier.Text(await verifier.StateAsync(first.Id), "state"));
    }
}
