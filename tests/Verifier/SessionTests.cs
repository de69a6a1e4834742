using System.Net;
using System.Text.Json;
using Credentials.Codecs;
using Credentials.Jose;
using Credentials.OpenId4Vp;
using Credentials.Verifier.Tests.Setup;

namespace Credentials.Verifier.Tests;

/// <summary>The life of a transaction: its request, its end, the wallet's errors.</summary>
public sealed class SessionTests(TestVerifier verifier) : IClassFixture<TestVerifier>
{
    private readonly TestWallet _wallet = new(verifier);

    [Fact]
    [Trait("Row", "VPV-12")]
    [Trait("Row", "VPV-27")]
    [Trait("Row", "JWE-08")]
    public async Task Nonce_state_and_encryption_key_are_fresh_and_long_for_every_request()
    {
        var seen = new HashSet<string>();
        for (var i = 0; i < 20; i++)
        {
            var request = (await _wallet.ResolveAsync((await verifier.CreateAsync("over-19")).RequestUri)).Request;
            Assert.Equal(16, StrictBase64Url.Decode(request.Nonce, "test").Length);
            Assert.Equal(16, StrictBase64Url.Decode(request.State!, "test").Length);
            Assert.True(seen.Add(request.Nonce) && seen.Add(request.State!));
            Assert.True(seen.Add(request.ClientMetadata!.Jwks.Single().GetProperty("x").GetString()!));
        }
    }

    [Fact]
    [Trait("Row", "VPV-12")]
    public void A_million_random_values_are_all_different()
    {
        var seen = new HashSet<string>(1_000_000);
        for (var i = 0; i < 1_000_000; i++)
            Assert.True(seen.Add(Http.RandomToken.New()));
        Assert.Equal(22, seen.First().Length);
    }

    [Fact]
    [Trait("Row", "VPV-27")]
    public async Task A_request_without_holder_binding_carries_a_state_and_is_accepted_without_a_signature()
    {
        var created = await verifier.CreateAsync(ResponseRulesTests.Query(q => q["require_cryptographic_holder_binding"] = false));
        var request = await _wallet.ResolveAsync(created.RequestUri);
        Assert.Equal(16, StrictBase64Url.Decode(request.Request.State!, "test").Length);

        using var response = await _wallet.AnswerAsync(request, await Forgery.MakeAsync(verifier, request.Request, f => f.WithKeyBinding = false));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    [Trait("Row", "VPV-18")]
    public async Task The_request_object_is_the_same_while_pending_and_gone_after_the_end()
    {
        var created = await verifier.CreateAsync("over-19");
        var first = await _wallet.ResolveAsync(created.RequestUri);
        var second = await _wallet.ResolveAsync(created.RequestUri);
        Assert.Equal(first.Request.ToJson().ToJsonString(), second.Request.ToJson().ToJsonString());
        using (var accepted = await _wallet.AnswerAsync(first, await _wallet.PresentAsync(await verifier.Issuer.IssueLicenceAsync(), first.Request)))
            Assert.Equal(HttpStatusCode.OK, accepted.StatusCode);

        using var after = await _wallet.FetchAsync(RequestUri.Parse(created.RequestUri));

        Assert.Equal(HttpStatusCode.Gone, after.StatusCode);
        Assert.Equal("accepted", TestVerifier.Text(await verifier.StateAsync(created.Id), "state"));
    }

    [Theory]
    [InlineData("expired")]
    [InlineData("cancelled")]
    [InlineData("refused_by_holder")]
    [InlineData("not_accepted")]
    [Trait("Row", "VPV-18")]
    [Trait("Row", "VPV-03")]
    public async Task Nothing_changes_a_transaction_that_has_ended(string end)
    {
        await using var own = new TestVerifier();
        await own.InitializeAsync();
        var wallet = new TestWallet(own);
        var created = await own.CreateAsync("over-19");
        var request = await wallet.ResolveAsync(created.RequestUri);
        var presentation = await wallet.PresentAsync(await own.Issuer.IssueLicenceAsync(), request.Request);
        await EndAsync(own, wallet, created, request, end);
        var before = (await own.StateAsync(created.Id)).GetRawText();
        Assert.Equal(end, TestVerifier.Text(JsonElement.Parse(before), "state"));

        using var answer = await wallet.AnswerAsync(request, presentation);
        using var error = await wallet.SendAsync(request.Request, AuthorizationResponse.Refusal("access_denied", request.Request.State).ToForm());
        using var fetch = await wallet.FetchAsync(RequestUri.Parse(created.RequestUri));
        using var cancel = await own.SendAsync(HttpMethod.Delete, $"/verifications/{created.Id}");

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, error.StatusCode);
        Assert.Equal(HttpStatusCode.Gone, fetch.StatusCode);
        Assert.Equal(HttpStatusCode.Conflict, cancel.StatusCode);
        Assert.Equal(before, (await own.StateAsync(created.Id)).GetRawText());
    }

    [Fact]
    [Trait("Row", "VPV-19")]
    public async Task The_wallets_nonce_is_repeated_and_its_metadata_is_capped()
    {
        var created = await verifier.CreateAsync("over-19", body => body["request_uri_method"] = "post");
        var link = RequestUri.Parse(created.RequestUri);
        Assert.True(link.UsePost);

        // ResolveAsync refuses a request object that does not repeat the nonce.
        Assert.Equal("wallet-nonce-0123456789", (await _wallet.ResolveAsync(created.RequestUri, post: true)).Request.WalletNonce);
        Assert.Null((await _wallet.ResolveAsync(created.RequestUri)).Request.WalletNonce);
        using var huge = await PostAsync(link, "wallet_metadata=" + new string('a', 1 << 20));
        using var duplicate = await PostAsync(link, "wallet_nonce=a&wallet_nonce=b");
        using var notJson = await PostAsync(link, "wallet_metadata=[]");
        using var longNonce = await PostAsync(link, "wallet_nonce=" + new string('a', 600));
        using var otherAlgorithms = await PostAsync(link, "wallet_metadata=" + Uri.EscapeDataString("""{"request_object_signing_alg_values_supported":["RS256"]}"""));
        using var otherFormats = await PostAsync(link, "wallet_metadata=" + Uri.EscapeDataString("""{"vp_formats_supported":{"ldp_vc":{}}}"""));

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, huge.StatusCode);
        Assert.All([duplicate, notJson, longNonce, otherAlgorithms, otherFormats], r => Assert.Equal(HttpStatusCode.BadRequest, r.StatusCode));
        using var good = await PostAsync(link, "unknown=1&wallet_metadata=" + Uri.EscapeDataString("""{"vp_formats_supported":{"dc+sd-jwt":{}},"x":1}"""));
        Assert.Equal(HttpStatusCode.OK, good.StatusCode);
    }

    [Theory]
    [InlineData("direct_post", "access_denied", "refused_by_holder")]
    [InlineData("direct_post.jwt", "access_denied", "refused_by_holder")]
    [InlineData("direct_post", "wallet_unavailable", "error")]
    [InlineData("direct_post.jwt", "vp_formats_not_supported", "error")]
    [Trait("Row", "VPV-20")]
    [Trait("Row", "VPV-26")]
    public async Task An_error_of_the_wallet_ends_the_transaction_also_unencrypted(string mode, string error, string state)
    {
        var created = await verifier.CreateAsync("over-19", body => body["response_mode"] = mode);
        var request = await _wallet.ResolveAsync(created.RequestUri);
        var form = new Dictionary<string, string>(AuthorizationResponse.Refusal(error, request.Request.State).ToForm())
        {
            ["error_description"] = "<script>alert(1)</script> 홍길동",
        };

        using var response = await _wallet.SendAsync(request.Request, form);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var json = await verifier.StateAsync(created.Id);
        Assert.Equal(state, TestVerifier.Text(json, "state"));
        Assert.Equal(error, TestVerifier.Text(json, "wallet_error"));
        Assert.DoesNotContain("script", json.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Row", "VPV-26")]
    public async Task An_error_of_the_wallet_may_be_encrypted()
    {
        var created = await verifier.CreateAsync("over-19");
        var request = await _wallet.ResolveAsync(created.RequestUri);

        using var response = await _wallet.SendAsync(request.Request, await TestWallet.FormAsync(request, AuthorizationResponse.Refusal("access_denied", request.Request.State)));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("refused_by_holder", TestVerifier.Text(await verifier.StateAsync(created.Id), "state"));
    }

    [Theory]
    [InlineData("access_denied", "another-state")]
    [InlineData("access_denied", null)]
    [InlineData("<script>alert(1)</script>", "GOOD")]
    [InlineData("", "GOOD")]
    [Trait("Row", "VPV-20")]
    public async Task An_error_with_an_unknown_state_or_markup_for_a_code_leaves_nothing(string error, string? state)
    {
        var created = await verifier.CreateAsync("over-19");
        var request = await _wallet.ResolveAsync(created.RequestUri);
        var form = new Dictionary<string, string> { ["error"] = error };
        if (state is not null)
            form["state"] = state == "GOOD" ? request.Request.State! : state;

        using var response = await _wallet.SendAsync(request.Request, form);

        await verifier.AssertLeftNothingAsync(created, response);
    }

    [Fact]
    [Trait("Row", "JWE-08")]
    public async Task The_encryption_key_is_gone_with_the_end_of_the_session()
    {
        var created = await verifier.CreateAsync("over-19");
        Assert.True(await HasKeyAsync(created.Id));
        using var response = (await _wallet.PresentToAsync(created, await verifier.Issuer.IssueLicenceAsync())).Response;
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.False(await HasKeyAsync(created.Id));
    }

    [Fact]
    public async Task The_request_object_is_signed_as_haip_says()
    {
        var created = await verifier.CreateAsync("over-19");
        using var response = await _wallet.FetchAsync(RequestUri.Parse(created.RequestUri));
        var jws = CompactJws.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));

        Assert.Equal("oauth-authz-req+jwt", jws.Type);
        Assert.Single(jws.Header.GetProperty("x5c").EnumerateArray());
        var claims = jws.PayloadObject;
        Assert.Equal("https://self-issued.me/v2", claims.GetProperty("aud").GetString());
        Assert.Equal(["A256GCM", "A128GCM"], claims.GetProperty("client_metadata").GetProperty("encrypted_response_enc_values_supported").EnumerateArray().Select(e => e.GetString()));
        Assert.True(claims.GetProperty("client_metadata").GetProperty("vp_formats_supported").TryGetProperty("dc+sd-jwt", out _));
        Assert.False(claims.TryGetProperty("redirect_uri", out _));
    }

    private async Task<bool> HasKeyAsync(string id)
    {
        using var scope = Microsoft.Extensions.DependencyInjection.ServiceProviderServiceExtensions.CreateScope(verifier.Host.Services);
        var db = (Storage.VerifierDbContext)scope.ServiceProvider.GetService(typeof(Storage.VerifierDbContext))!;
        return (await db.Transactions.FindAsync([id], TestContext.Current.CancellationToken))!.EncryptionKey is not null;
    }

    private static async Task EndAsync(TestVerifier own, TestWallet wallet, Created created, VerifiedRequest request, string end)
    {
        switch (end)
        {
            case "expired":
                own.Clock.Advance(TimeSpan.FromMinutes(5));
                break;
            case "cancelled":
                using (var cancelled = await own.SendAsync(HttpMethod.Delete, $"/verifications/{created.Id}"))
                    Assert.Equal(HttpStatusCode.OK, cancelled.StatusCode);
                break;
            case "refused_by_holder":
                (await wallet.SendAsync(request.Request, AuthorizationResponse.Refusal("access_denied", request.Request.State).ToForm())).Dispose();
                break;
            default:
                (await wallet.AnswerAsync(request, await Forgery.MakeAsync(own, request.Request, f => f.KbPayload["nonce"] = "x"))).Dispose();
                break;
        }
    }

    private Task<HttpResponseMessage> PostAsync(RequestUri link, string form) => verifier.Http.PostAsync(
        link.Location, new StringContent(form, new System.Net.Http.Headers.MediaTypeHeaderValue("application/x-www-form-urlencoded")), TestContext.Current.CancellationToken);
}
