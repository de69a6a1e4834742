using System.Net;
using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.Issuer.Http;
using Credentials.Issuer.Issuance;
using Credentials.Issuer.Tests.Setup;
using Credentials.OpenId4Vci;
using Credentials.Tests.Shared;
using Microsoft.EntityFrameworkCore;

namespace Credentials.Issuer.Tests;

public class AuthorizationCodeTests(PostgresServer postgres)
{
    private static void Register(IssuerOptions options)
    {
        options.Clients.Add(new ClientRegistration { Id = TestWallet.Id, Name = "Test Wallet", RedirectUris = [TestWallet.Redirect] });
        options.Clients.Add(new ClientRegistration { Id = "other", RedirectUris = ["https://other.example/cb"] });
    }

    private static Task<RunningIssuer> StartAsync(TempFolder folder, string? connection = null, TimeProvider? clock = null, Action<IssuerOptions>? more = null, string? publicUrl = null) =>
        RunningIssuer.StartAsync(folder.FullPath, connection, publicUrl, clock, demoSignIn: true, configure: options =>
        {
            Register(options);
            more?.Invoke(options);
        });

    private static Task<MadeOffer> OfferAsync(RunningIssuer issuer, string? subject = "hong", params string[] ids) =>
        issuer.OfferAsync(body => body["grant"] = "authorization_code", subject, ids);

    [Theory]
    [InlineData(Databases.Sqlite)]
    [InlineData(Databases.Postgres)]
    public async Task A_person_agrees_and_the_wallet_gets_a_credential_a_notification_handle_and_a_refresh_token(string database)
    {
        using var folder = new TempFolder();
        await using var issuer = await StartAsync(folder, await Databases.ConnectionAsync(database, postgres));
        using var wallet = new TestWallet(issuer);
        var offer = await OfferAsync(issuer);
        var token = await wallet.GrantedAsync(wallet.TokenFor(await wallet.CodeAsync(wallet.Request(offer.Code))));
        Assert.Equal("DPoP", token.TokenType);
        Assert.Empty(token.AuthorizationDetails);
        using var answer = await wallet.CredentialAsync(token, await wallet.RequestCredentialAsync());
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var response = CredentialResponse.Parse(await RunningIssuer.JsonAsync(answer));
        Assert.Single(response.Credentials);
        Assert.Equal("issued", await issuer.StateAsync(offer.Id));

        async Task<HttpResponseMessage> NotifyAsync(string id, NotificationEvent what) => await wallet.PostAsync(
            "/notification", () => RunningIssuer.Json(StrictJson.ToText(new NotificationRequest(id, what).ToJson())), token);
        using var accepted = await NotifyAsync(response.NotificationId!, NotificationEvent.Accepted);
        using var again = await NotifyAsync(response.NotificationId!, NotificationEvent.Accepted);
        Assert.Equal((HttpStatusCode.NoContent, HttpStatusCode.NoContent), (accepted.StatusCode, again.StatusCode));
        Assert.Equal("credential_accepted", await issuer.ReadAsync(db => db.Issuances.Select(i => i.Notification).SingleAsync()));
        Assert.Equal(1, await issuer.ReadAsync(db => db.Audit.CountAsync(a => a.Action == "credential.notification")));
    }

    [Fact]
    [Trait("Row", "VCC-18")]
    public async Task A_notification_is_taken_for_what_this_token_got_only()
    {
        using var folder = new TempFolder();
        await using var issuer = await StartAsync(folder);
        using var wallet = new TestWallet(issuer);
        async Task<(TokenResponse Token, string Id)> GetAsync()
        {
            var token = await wallet.GrantedAsync(wallet.TokenFor(await wallet.CodeAsync(wallet.Request((await OfferAsync(issuer)).Code))));
            using var answer = await wallet.CredentialAsync(token, await wallet.RequestCredentialAsync());
            return (token, CredentialResponse.Parse(await RunningIssuer.JsonAsync(answer)).NotificationId!);
        }

        var (mine, other) = (await GetAsync(), await GetAsync());
        async Task RefusedAsync(string body, string error)
        {
            using var refused = await wallet.PostAsync("/notification", () => RunningIssuer.Json(body), mine.Token);
            await RunningIssuer.AssertErrorAsync(refused, HttpStatusCode.BadRequest, error);
        }

        await RefusedAsync($$"""{"notification_id":"{{other.Id}}","event":"credential_accepted"}""", "invalid_notification_id");
        await RefusedAsync("""{"notification_id":"unknown","event":"credential_accepted"}""", "invalid_notification_id");
        await RefusedAsync($$"""{"notification_id":"{{mine.Id}}","event":"credential_eaten"}""", "invalid_notification_request");
        using var without = await issuer.Http.PostAsync("/notification", RunningIssuer.Json("{}"), RunningIssuer.Ct);
        Assert.Equal(HttpStatusCode.Unauthorized, without.StatusCode);
    }

    [Fact]
    public async Task A_wallet_begins_by_itself_for_a_person_whom_the_agency_has_made_something_ready_for()
    {
        using var folder = new TempFolder();
        await using var issuer = await StartAsync(folder);
        using var wallet = new TestWallet(issuer);
        await OfferAsync(issuer, "hong", "mdl_sd_jwt", "resident_sd_jwt");
        // Details are answered with identifiers, and those must be used.
        var request = wallet.Request() with { Scopes = ["unknown"], ConfigurationIds = ["mdl_sd_jwt"] };
        Assert.Equal("no such button", await wallet.BrowseAsync(await wallet.PushedAsync(request), user: "kim"));
        var token = await wallet.GrantedAsync(wallet.TokenFor(await wallet.CodeAsync(request)));
        var identifier = Assert.Single(token.AuthorizationDetails).Identifiers[0];
        var wish = await wallet.RequestCredentialAsync();
        using var byConfiguration = await wallet.CredentialAsync(token, wish);
        await RunningIssuer.AssertErrorAsync(byConfiguration, HttpStatusCode.BadRequest, "invalid_credential_request");
        using var answer = await wallet.CredentialAsync(token, wish with { ConfigurationId = null, CredentialIdentifier = identifier });
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task A_person_who_says_no_sends_the_wallet_away_and_ends_the_request()
    {
        using var folder = new TempFolder();
        await using var issuer = await StartAsync(folder);
        using var wallet = new TestWallet(issuer);
        var uri = await wallet.PushedAsync(wallet.Request((await OfferAsync(issuer)).Code));
        var answer = IssuanceAuthorizationResponse.Parse(await wallet.BrowseAsync(uri, decision: "deny"), TestWallet.Redirect, "s 1", issuer.Url, issuerRequired: true);
        Assert.Equal("access_denied", answer.Error);
        Assert.Equal("BadRequest", await wallet.BrowseAsync(uri));
    }

    [Fact]
    [Trait("Row", "VCA-09")]
    public async Task A_code_serves_once_and_a_second_use_takes_its_tokens_back()
    {
        using var folder = new TempFolder();
        await using var issuer = await StartAsync(folder);
        using var wallet = new TestWallet(issuer);
        var code = await wallet.CodeAsync(wallet.Request((await OfferAsync(issuer)).Code));
        var token = await wallet.GrantedAsync(wallet.TokenFor(code));
        using var second = await wallet.TokenAsync(wallet.TokenFor(code));
        await RunningIssuer.AssertErrorAsync(second, HttpStatusCode.BadRequest, "invalid_grant");
        using var revoked = await wallet.CredentialAsync(token, await wallet.RequestCredentialAsync());
        await RunningIssuer.AssertErrorAsync(revoked, HttpStatusCode.Unauthorized, "invalid_token");
        using var refresh = await wallet.TokenAsync(new TokenRequest { RefreshToken = token.RefreshToken, ClientId = TestWallet.Id });
        await RunningIssuer.AssertErrorAsync(refresh, HttpStatusCode.BadRequest, "invalid_grant");
    }

    [Fact]
    [Trait("Row", "VCA-08")]
    [Trait("Row", "VCA-10")]
    public async Task A_code_is_bound_to_its_wallet_verifier_redirect_uri_and_time()
    {
        using var folder = new TempFolder();
        var clock = new TestClock();
        await using var issuer = await StartAsync(folder, clock: clock);
        using var wallet = new TestWallet(issuer) { UsesDpop = false };
        using var stranger = new TestWallet(issuer, "other") { UsesDpop = false };
        var right = wallet.TokenFor(await wallet.CodeAsync(wallet.Request((await OfferAsync(issuer)).Code)));
        foreach (var wrong in new[]
        {
            right with { CodeVerifier = null }, right with { CodeVerifier = stranger.Verifier }, right with { RedirectUri = null },
            right with { RedirectUri = TestWallet.Redirect + "/" }, right with { ClientId = "other" }, right with { ClientId = null },
        })
        {
            using var refused = await wallet.TokenAsync(wrong);
            await RunningIssuer.AssertErrorAsync(refused, HttpStatusCode.BadRequest, "invalid_grant");
        }

        clock.Advance(TimeSpan.FromMinutes(1) - TimeSpan.FromMilliseconds(1));
        Assert.Equal("Bearer", (await wallet.GrantedAsync(right)).TokenType);
        var late = wallet.TokenFor(await wallet.CodeAsync(wallet.Request((await OfferAsync(issuer)).Code)));
        clock.Advance(TimeSpan.FromMinutes(1));
        using var expired = await wallet.TokenAsync(late);
        await RunningIssuer.AssertErrorAsync(expired, HttpStatusCode.BadRequest, "invalid_grant");
    }

    [Fact]
    [Trait("Row", "VCA-11")]
    public async Task A_request_uri_is_used_up_by_the_answer_and_is_its_clients_own()
    {
        using var folder = new TempFolder();
        var clock = new TestClock();
        await using var issuer = await StartAsync(folder, clock: clock);
        using var wallet = new TestWallet(issuer) { UsesDpop = false };
        var uri = await wallet.PushedAsync(wallet.Request((await OfferAsync(issuer)).Code));
        Assert.Equal("BadRequest", await wallet.BrowseAsync(uri, client: "other"));
        // Looking at the page does not use it up.
        var browser = new BrowserSession(issuer);
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync($"/authorize?{StrictForm.Encode([new("client_id", TestWallet.Id), new("request_uri", uri)])}")).Status);
        Assert.StartsWith(TestWallet.Redirect, await wallet.BrowseAsync(uri), StringComparison.Ordinal);
        Assert.Equal("BadRequest", await wallet.BrowseAsync(uri));

        var late = await wallet.PushedAsync(wallet.Request((await OfferAsync(issuer)).Code));
        clock.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal("BadRequest", await wallet.BrowseAsync(late));
        using var get = await issuer.Http.GetAsync("/par", RunningIssuer.Ct);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, get.StatusCode);
        using var plain = await issuer.Http.GetAsync($"/authorize?{StrictForm.Encode(wallet.Request().ToParameters())}", RunningIssuer.Ct);
        Assert.Equal(HttpStatusCode.BadRequest, plain.StatusCode);
    }

    [Theory]
    [InlineData("http://127.0.0.1:49152/cb", true)]
    [InlineData("http://127.0.0.1/cb", true)]
    [InlineData("http://127.0.0.1:49152/other", false)]
    [InlineData("http://127.0.0.1:49152/cb?x=1", false)]
    [InlineData("https://127.0.0.1:49152/cb", false)]
    [InlineData("http://localhost:49152/cb", false)]
    [InlineData("http://[::1]:49152/cb", false)]
    [InlineData("http://127.0.0.1.evil.example:49152/cb", false)]
    [InlineData("http://127.0.0.1:49152@evil.example/cb", false)]
    [InlineData("http://127.1:49152/cb", false)]
    [Trait("Row", "VCA-12")]
    public async Task A_wallet_on_this_machine_may_listen_on_any_port_and_nothing_else_differs(string redirect, bool isTaken)
    {
        using var folder = new TempFolder();
        await using var issuer = await StartAsync(folder, more: options => options.Clients[0].RedirectUris = ["http://127.0.0.1:5103/cb"]);
        using var wallet = new TestWallet(issuer);
        using var answer = await wallet.PushAsync(wallet.Request() with { RedirectUri = redirect });
        Assert.Equal(isTaken ? HttpStatusCode.Created : HttpStatusCode.BadRequest, answer.StatusCode);
    }

    [Theory]
    [InlineData("https://wallet.example/cb/more")]
    [InlineData("https://wallet.example/")]
    [InlineData("https://wallet.example/cb#f")]
    [InlineData("https://wallet.example.evil.example/cb")]
    [InlineData("http://localhost/cb")]
    [InlineData("javascript:alert(1)")]
    [Trait("Row", "VCA-12")]
    public async Task An_answer_goes_to_a_registered_address_only(string redirect)
    {
        using var folder = new TempFolder();
        await using var issuer = await StartAsync(folder);
        using var wallet = new TestWallet(issuer);
        using var refused = await wallet.PushAsync(wallet.Request() with { RedirectUri = redirect });
        await RunningIssuer.AssertErrorAsync(refused, HttpStatusCode.BadRequest, "invalid_request");
        using var stranger = await wallet.PushAsync(wallet.Request() with { ClientId = "stranger" });
        await RunningIssuer.AssertErrorAsync(stranger, HttpStatusCode.Unauthorized, "invalid_client");
        Assert.False(refused.Headers.Contains("Location"));
    }

    [Fact]
    [Trait("Row", "VCA-21")]
    [Trait("Row", "VCA-24")]
    public async Task An_issuer_state_is_for_its_person_for_what_it_offers_and_once()
    {
        using var folder = new TempFolder();
        await using var issuer = await StartAsync(folder);
        using var wallet = new TestWallet(issuer);
        var offer = await OfferAsync(issuer);
        using var more = await wallet.PushAsync(wallet.Request(offer.Code, "mdl_sd_jwt", "resident_sd_jwt"));
        await RunningIssuer.AssertErrorAsync(more, HttpStatusCode.BadRequest, "invalid_scope");
        using var invented = await wallet.PushAsync(wallet.Request("invented"));
        await RunningIssuer.AssertErrorAsync(invented, HttpStatusCode.BadRequest, "invalid_request");
        using var unknown = await wallet.PushAsync(wallet.Request(offer.Code) with { ConfigurationIds = ["nothing_like_it"] });
        await RunningIssuer.AssertErrorAsync(unknown, HttpStatusCode.BadRequest, "invalid_authorization_details");
        using var preAuthorized = await issuer.TokenAsync(offer.Code);
        await RunningIssuer.AssertErrorAsync(preAuthorized, HttpStatusCode.BadRequest, "invalid_grant");

        Assert.Equal("no such button", await wallet.BrowseAsync(await wallet.PushedAsync(wallet.Request(offer.Code)), user: "kim"));
        var code = await wallet.CodeAsync(wallet.Request(offer.Code));
        var alongside = await wallet.CodeAsync(wallet.Request(offer.Code));
        await wallet.GrantedAsync(wallet.TokenFor(code));
        using var second = await wallet.TokenAsync(wallet.TokenFor(alongside));
        await RunningIssuer.AssertErrorAsync(second, HttpStatusCode.BadRequest, "invalid_grant");
        using var replayed = await wallet.PushAsync(wallet.Request(offer.Code));
        await RunningIssuer.AssertErrorAsync(replayed, HttpStatusCode.BadRequest, "invalid_request");
    }

    [Fact]
    [Trait("Row", "VCA-25")]
    [Trait("Row", "WEB-01")]
    [Trait("Row", "WEB-04")]
    public async Task The_consent_page_takes_nothing_from_other_sites_and_says_nothing_unescaped()
    {
        using var folder = new TempFolder();
        await using var issuer = await StartAsync(folder);
        using var wallet = new TestWallet(issuer);
        var uri = await wallet.PushedAsync(wallet.Request((await OfferAsync(issuer, "<b>hong")).Code));
        var address = $"/authorize?{StrictForm.Encode([new("client_id", TestWallet.Id), new("request_uri", uri)])}";
        using var scripted = await issuer.Http.GetAsync(address + "&lang=%3Cscript%3E", RunningIssuer.Ct);
        Assert.DoesNotContain("<script>", await scripted.Content.ReadAsStringAsync(RunningIssuer.Ct), StringComparison.Ordinal);
        using var broken = await issuer.Http.GetAsync("/authorize?client_id=%3Cscript%3E&request_uri=%3Cscript%3E&redirect_uri=https%3A%2F%2Fevil.example", RunningIssuer.Ct);
        Assert.Equal(HttpStatusCode.BadRequest, broken.StatusCode);
        Assert.Null(broken.Headers.Location);
        Assert.Contains("frame-ancestors 'none'", broken.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        Assert.DoesNotContain("script>", await broken.Content.ReadAsStringAsync(RunningIssuer.Ct), StringComparison.Ordinal);

        var browser = new BrowserSession(issuer);
        var page = await browser.PostAsync(await browser.GetAsync(address), "/sign-in", new() { ["user"] = "<b>hong" });
        page = await browser.GetAsync(page.Location!);
        Assert.Contains("&lt;b&gt;hong", page.Html, StringComparison.Ordinal);
        // Neither without the form's own token nor with the cookie of another browser.
        var forged = await browser.PostAsync(new BrowserSession.Page(HttpStatusCode.OK, "", null), "/authorize", new() { ["request_uri"] = uri, ["client_id"] = TestWallet.Id, ["decision"] = "allow" });
        Assert.Equal(HttpStatusCode.BadRequest, forged.Status);
        var stranger = new BrowserSession(issuer);
        await stranger.GetAsync(address);
        Assert.Equal(HttpStatusCode.BadRequest, (await stranger.PostAsync(page, "/authorize", new() { ["decision"] = "allow" })).Status);
        foreach (var target in new[] { "https://evil.example/", "//evil.example/authorize?x", "/\\evil.example", "/agency/v1/offers" })
        {
            var lured = new BrowserSession(issuer);
            Assert.Equal(HttpStatusCode.BadRequest, (await lured.PostAsync(await lured.GetAsync(address), "/sign-in", new() { ["user"] = "hong", ["return"] = target })).Status);
        }

        Assert.StartsWith(TestWallet.Redirect, (await browser.PostAsync(page, "/authorize", new() { ["decision"] = "allow" })).Location, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Row", "VCA-22")]
    public async Task A_refresh_token_is_bound_to_its_key_and_goes_on_with_what_is_made_ready_later()
    {
        using var folder = new TempFolder();
        await using var issuer = await StartAsync(folder);
        using var wallet = new TestWallet(issuer);
        using var thief = new TestWallet(issuer);
        var first = await wallet.GrantedAsync(wallet.TokenFor(await wallet.CodeAsync(wallet.Request((await OfferAsync(issuer)).Code))));
        var refresh = new TokenRequest { RefreshToken = first.RefreshToken, ClientId = TestWallet.Id };
        foreach (var (who, wrong) in new[] { (thief, refresh), (wallet, refresh with { ClientId = "other" }), (wallet, refresh with { RefreshToken = "invented" }) })
        {
            using var refused = await who.TokenAsync(wrong);
            await RunningIssuer.AssertErrorAsync(refused, HttpStatusCode.BadRequest, "invalid_grant");
        }

        using var upgrade = await wallet.TokenAsync(refresh with { ConfigurationIds = ["resident_sd_jwt"] });
        await RunningIssuer.AssertErrorAsync(upgrade, HttpStatusCode.BadRequest, "invalid_authorization_details");
        var second = await wallet.GrantedAsync(refresh);
        Assert.Null(second.RefreshToken);
        using var issued = await wallet.CredentialAsync(second, await wallet.RequestCredentialAsync());
        Assert.Equal(HttpStatusCode.OK, issued.StatusCode);

        using var nothing = await wallet.TokenAsync(refresh);
        await RunningIssuer.AssertErrorAsync(nothing, HttpStatusCode.BadRequest, "invalid_grant");
        await OfferAsync(issuer);
        using var renewed = await wallet.CredentialAsync(await wallet.GrantedAsync(refresh), await wallet.RequestCredentialAsync());
        Assert.Equal(HttpStatusCode.OK, renewed.StatusCode);
        Assert.Equal(2, (await issuer.RegisterAsync("?subject=hong")).Count);
    }

    [Theory]
    [InlineData(Databases.Sqlite)]
    [InlineData(Databases.Postgres)]
    [Trait("Row", "VCC-16")]
    [Trait("Row", "VCC-17")]
    public async Task A_credential_that_staff_must_approve_comes_when_it_is_approved_once(string database)
    {
        using var folder = new TempFolder();
        var clock = new TestClock();
        await using var issuer = await StartAsync(folder, await Databases.ConnectionAsync(database, postgres), clock);
        using var wallet = new TestWallet(issuer) { UsesDpop = false };
        async Task<(TokenResponse Token, CredentialResponse Promise)> AskAsync()
        {
            var offer = await issuer.OfferAsync(body => body["needs_approval"] = true);
            var token = await wallet.GrantedAsync(new TokenRequest { PreAuthorizedCode = offer.Code });
            using var answer = await wallet.CredentialAsync(token, await wallet.RequestCredentialAsync());
            Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
            return (token, CredentialResponse.Parse(await RunningIssuer.JsonAsync(answer)));
        }

        Task<HttpResponseMessage> FetchAsync(TokenResponse token, string transaction) => wallet.PostAsync(
            "/deferred_credential", () => RunningIssuer.Json(StrictJson.ToText(new DeferredCredentialRequest(transaction).ToJson())), token);
        async Task DecideAsync(string decision, HttpStatusCode expected = HttpStatusCode.NoContent, string? id = null)
        {
            using var list = await issuer.AgencyAsync(HttpMethod.Get, "/agency/v1/deferred");
            id ??= (await RunningIssuer.JsonAsync(list)).RequireArray("deferred")[0].RequireString("id");
            using var decided = await issuer.AgencyAsync(HttpMethod.Post, $"/agency/v1/deferred/{id}", new JsonObject { ["decision"] = decision });
            Assert.Equal(expected, decided.StatusCode);
        }

        var (token, promise) = await AskAsync();
        using var early = await FetchAsync(token, promise.TransactionId!);
        Assert.Equal(HttpStatusCode.Accepted, early.StatusCode);
        Assert.Equal(promise.TransactionId, CredentialResponse.Parse(await RunningIssuer.JsonAsync(early)).TransactionId);
        using var guess = await FetchAsync(token, "guess");
        await RunningIssuer.AssertErrorAsync(guess, HttpStatusCode.BadRequest, "invalid_transaction_id");
        var id = await issuer.ReadAsync(db => db.Deferred.Select(d => d.Id).SingleAsync());
        await DecideAsync("approve");
        await DecideAsync("deny", HttpStatusCode.Conflict, id);

        var (other, otherPromise) = await AskAsync();
        using var foreign = await FetchAsync(other, promise.TransactionId!);
        await RunningIssuer.AssertErrorAsync(foreign, HttpStatusCode.BadRequest, "invalid_transaction_id");
        using var issued = await FetchAsync(token, promise.TransactionId!);
        using var repeated = await FetchAsync(token, promise.TransactionId!);
        Assert.Equal(HttpStatusCode.OK, issued.StatusCode);
        Assert.Equal(await issued.Content.ReadAsStringAsync(RunningIssuer.Ct), await repeated.Content.ReadAsStringAsync(RunningIssuer.Ct));
        Assert.Single(await issuer.RegisterAsync());
        using var changed = await wallet.PostAsync("/deferred_credential", () => RunningIssuer.Json($$"""{ "transaction_id": "{{promise.TransactionId}}" }"""), token);
        await RunningIssuer.AssertErrorAsync(changed, HttpStatusCode.BadRequest, "invalid_transaction_id");

        await DecideAsync("deny");
        using var denied = await FetchAsync(other, otherPromise.TransactionId!);
        await RunningIssuer.AssertErrorAsync(denied, HttpStatusCode.BadRequest, "credential_request_denied");
        clock.Advance(TimeSpan.FromDays(7));
        await issuer.ReadAsync(async db =>
        {
            await CleanUp.RunAsync(db, new IssuerOptions(), clock.GetUtcNow(), RunningIssuer.Ct);
            return 0;
        });
        Assert.Equal(0, await issuer.ReadAsync(db => db.Deferred.CountAsync()));
    }

    [Fact]
    [Trait("Row", "VCA-26")]
    public async Task The_demo_sign_in_and_long_bearer_tokens_are_refused_outside_their_place()
    {
        using var folder = new TempFolder();
        await Assert.ThrowsAsync<IssuerStartException>(() => StartAsync(folder, publicUrl: "https://issuer.example"));
        await Assert.ThrowsAsync<IssuerStartException>(() => RunningIssuer.StartAsync(folder.FullPath, configure: o => o.AccessTokenLifetime = TimeSpan.FromMinutes(6)));
        await Assert.ThrowsAsync<IssuerStartException>(() => RunningIssuer.StartAsync(folder.FullPath, configure: o => o.Profile = IssuerProfile.Haip));
        await using var issuer = await RunningIssuer.StartAsync(folder.FullPath);
        using var none = await issuer.Http.PostAsync("/par", RunningIssuer.Form("x=1"), RunningIssuer.Ct);
        Assert.Equal(HttpStatusCode.NotFound, none.StatusCode);
        using var offer = await issuer.AgencyAsync(HttpMethod.Post, "/agency/v1/offers", Changed());
        Assert.Equal(HttpStatusCode.BadRequest, offer.StatusCode);

        static JsonObject Changed()
        {
            var body = SampleClaims.OfferBody(false, null, "mdl_sd_jwt");
            body["grant"] = "authorization_code";
            return body;
        }
    }
}
