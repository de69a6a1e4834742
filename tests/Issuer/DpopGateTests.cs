using System.Net;
using System.Net.Http.Headers;
using Credentials.Codecs;
using Credentials.Issuer.Keys;
using Credentials.Issuer.Tests.Setup;
using Credentials.OpenId4Vci;
using Credentials.Tests.Shared;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Credentials.Issuer.Tests;

public class DpopGateTests(PostgresServer postgres)
{
    private static async Task<HttpResponseMessage> SendAsync(RunningIssuer issuer, string path, HttpContent content, string? proof, string? scheme = null, string? token = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = content };
        if (proof is not null)
            request.Headers.Add("DPoP", proof);
        if (scheme is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue(scheme, token);
        return await issuer.Http.SendAsync(request, RunningIssuer.Ct);
    }

    private static HttpContent TokenForm(MadeOffer offer) => RunningIssuer.Form(new TokenRequest { PreAuthorizedCode = offer.Code }.ToForm());

    private static string Nonce(RunningIssuer issuer) => issuer.Services.GetRequiredService<DpopNonceMint>().Create();

    [Fact]
    [Trait("Row", "ATT-18")]
    public async Task A_proof_needs_a_current_nonce_of_this_issuer_for_proofs()
    {
        using var folder = new TempFolder();
        using var otherFolder = new TempFolder();
        var clock = new TestClock();
        await using var issuer = await RunningIssuer.StartAsync(folder.FullPath, clock: clock);
        await using var other = await RunningIssuer.StartAsync(otherFolder.FullPath, clock: clock);
        using var key = Proofs.NewKey();
        var offer = await issuer.OfferAsync();
        async Task<string> ProofAsync(string? nonce) => await DpopProof.CreateAsync(key, "POST", new Uri(issuer.Url + "/token"), null, nonce, clock.GetUtcNow(), RunningIssuer.Ct);
        var old = Nonce(issuer);
        clock.Advance(TimeSpan.FromMinutes(5));
        foreach (var nonce in new[] { null, "invented", old, Nonce(other), await issuer.NonceAsync() })
        {
            using var refused = await SendAsync(issuer, "/token", TokenForm(offer), await ProofAsync(nonce));
            await RunningIssuer.AssertErrorAsync(refused, HttpStatusCode.BadRequest, "use_dpop_nonce");
            Assert.NotEmpty(refused.Headers.GetValues("DPoP-Nonce").Single());
        }

        using var given = await issuer.Http.PostAsync("/nonce", null, RunningIssuer.Ct);
        using var accepted = await SendAsync(issuer, "/token", TokenForm(offer), await ProofAsync(given.Headers.GetValues("DPoP-Nonce").Single()));
        Assert.Equal("DPoP", TokenResponse.Parse(await RunningIssuer.JsonAsync(accepted)).TokenType);
        // None of them is stored before use.
        Assert.Equal(1, await issuer.ReadAsync(db => db.UsedNonces.CountAsync()));
    }

    [Fact]
    [Trait("Row", "ATT-16")]
    public async Task A_proof_serves_once_on_all_replicas_and_after_a_restart()
    {
        using var folder = new TempFolder();
        var clock = new TestClock();
        var connection = await postgres.CreateDatabaseAsync(RunningIssuer.Ct);
        using var key = Proofs.NewKey();
        string proof;
        MadeOffer offer;
        await using (var one = await RunningIssuer.StartAsync(folder.FullPath, connection, "https://issuer.example", clock))
        {
            offer = await one.OfferAsync();
            // A client whose clock is a little ahead: the proof lives longest.
            proof = await DpopProof.CreateAsync(key, "POST", new Uri("https://issuer.example/token"), null, Nonce(one), clock.GetUtcNow().AddSeconds(60), RunningIssuer.Ct);
            await using var two = await RunningIssuer.StartAsync(folder.FullPath, connection, "https://issuer.example", clock);
            using var first = await SendAsync(one, "/token", TokenForm(offer), proof);
            Assert.Equal(HttpStatusCode.OK, first.StatusCode);
            foreach (var replica in new[] { one, two })
            {
                using var again = await SendAsync(replica, "/token", TokenForm(offer), proof);
                await RunningIssuer.AssertErrorAsync(again, HttpStatusCode.BadRequest, "invalid_dpop_proof");
            }
        }

        await using var restarted = await RunningIssuer.StartAsync(folder.FullPath, connection, "https://issuer.example", clock);
        using var later = await SendAsync(restarted, "/token", TokenForm(offer), proof);
        await RunningIssuer.AssertErrorAsync(later, HttpStatusCode.BadRequest, "invalid_dpop_proof");
        var until = await restarted.ReadAsync(db => db.UsedNonces.Select(n => n.ExpiresAt).SingleAsync());
        Assert.True(until >= clock.GetUtcNow().AddSeconds(60 + 300).ToUnixTimeMilliseconds());
    }

    [Fact]
    [Trait("Row", "ATT-14")]
    [Trait("Row", "ATT-15")]
    [Trait("Row", "ATT-19")]
    public async Task A_bound_token_serves_with_its_key_and_in_its_scheme_only()
    {
        using var folder = new TempFolder();
        await using var issuer = await RunningIssuer.StartAsync(folder.FullPath);
        using var wallet = new TestWallet(issuer, null);
        using var thief = new TestWallet(issuer, null);
        var token = await wallet.GrantedAsync(new TokenRequest { PreAuthorizedCode = (await issuer.OfferAsync()).Code });
        var body = StrictJson.ToText((await wallet.RequestCredentialAsync()).ToJson());
        async Task RefusedAsync(Task<HttpResponseMessage> sent, string error)
        {
            using var refused = await sent;
            await RunningIssuer.AssertErrorAsync(refused, HttpStatusCode.Unauthorized, error);
            Assert.NotEmpty(refused.Headers.WwwAuthenticate);
        }

        async Task<string> ProofAsync(string? accessToken) =>
            await DpopProof.CreateAsync(wallet.DpopKey, "POST", new Uri(issuer.Url + "/credential"), accessToken, Nonce(issuer), DateTimeOffset.UtcNow, RunningIssuer.Ct);
        await RefusedAsync(SendAsync(issuer, "/credential", RunningIssuer.Json(body), null, "Bearer", token.AccessToken), "invalid_token");
        await RefusedAsync(SendAsync(issuer, "/credential", RunningIssuer.Json(body), null, "DPoP", token.AccessToken), "invalid_dpop_proof");
        await RefusedAsync(SendAsync(issuer, "/credential", RunningIssuer.Json(body), await ProofAsync(null), "DPoP", token.AccessToken), "invalid_dpop_proof");
        await RefusedAsync(SendAsync(issuer, "/credential", RunningIssuer.Json(body), await ProofAsync("other"), "DPoP", token.AccessToken), "invalid_dpop_proof");
        await RefusedAsync(thief.PostAsync("/credential", () => RunningIssuer.Json(body), token), "invalid_dpop_proof");
        await RefusedAsync(SendAsync(issuer, $"/credential?access_token={token.AccessToken}", RunningIssuer.Json(body), null), "invalid_token");
        using var right = await wallet.PostAsync("/credential", () => RunningIssuer.Json(body), token);
        Assert.Equal(HttpStatusCode.OK, right.StatusCode);
        Assert.True(right.Headers.Contains("DPoP-Nonce"));

        wallet.UsesDpop = false;
        var bearer = await wallet.GrantedAsync(new TokenRequest { PreAuthorizedCode = (await issuer.OfferAsync()).Code });
        Assert.Null(bearer.RefreshToken);
        await RefusedAsync(SendAsync(issuer, "/credential", RunningIssuer.Json(body), await ProofAsync(bearer.AccessToken), "DPoP", bearer.AccessToken), "invalid_token");
    }

    [Fact]
    public async Task Where_dpop_is_required_a_token_is_not_given_without()
    {
        using var folder = new TempFolder();
        await using var issuer = await RunningIssuer.StartAsync(folder.FullPath, configure: options => options.RequireDpop = true);
        var offer = await issuer.OfferAsync();
        using var without = await issuer.TokenAsync(offer.Code);
        await RunningIssuer.AssertErrorAsync(without, HttpStatusCode.BadRequest, "invalid_dpop_proof");
        using var wallet = new TestWallet(issuer, null);
        Assert.Equal("DPoP", (await wallet.GrantedAsync(new TokenRequest { PreAuthorizedCode = offer.Code })).TokenType);
        using var anonymous = await issuer.Http.PostAsync("/credential", RunningIssuer.Json("{}"), RunningIssuer.Ct);
        Assert.Equal("DPoP", anonymous.Headers.WwwAuthenticate.Single().Scheme);
    }
}
