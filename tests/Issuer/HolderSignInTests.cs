using System.Net;
using Credentials.Codecs;
using Credentials.Issuer.Tests.Setup;
using Credentials.OpenId4Vci;
using Credentials.Tests.Shared;

namespace Credentials.Issuer.Tests;

/// <summary>People sign in at an OpenID Connect provider before they agree.</summary>
public class HolderSignInTests
{
    private static Task<RunningIssuer> StartAsync(TempFolder folder, SignInProvider provider) => RunningIssuer.StartAsync(folder.FullPath, configure: options =>
    {
        options.Clients.Add(new ClientRegistration { Id = TestWallet.Id, Name = "Test Wallet", RedirectUris = [TestWallet.Redirect] });
        options.SignIn = new SignInOptions { Authority = provider.Url, ClientId = SignInProvider.ClientId, ClientSecret = SignInProvider.ClientSecret };
    });

    /// <summary>A browser on its way from the wallet's link to the provider and back, as far as it gets.</summary>
    private static async Task<(BrowserSession Browser, BrowserSession.Page Page)> ComeBackAsync(RunningIssuer issuer, TestWallet wallet, Func<string, string>? alter = null)
    {
        var offer = await issuer.OfferAsync(body => body["grant"] = "authorization_code", "hong");
        var browser = new BrowserSession(issuer);
        var asked = await browser.GetAsync($"/authorize?{StrictForm.Encode([new("client_id", TestWallet.Id), new("request_uri", await wallet.PushedAsync(wallet.Request(offer.Code)))])}");
        Assert.Equal(HttpStatusCode.Redirect, asked.Status);
        var sent = await browser.GetAsync(asked.Location!);
        return (browser, await browser.GetAsync(alter is null ? sent.Location! : alter(sent.Location!)));
    }

    [Fact]
    public async Task Somebody_signs_in_there_agrees_here_and_gets_what_the_agency_made_ready_for_the_subject()
    {
        using var folder = new TempFolder();
        await using var provider = await SignInProvider.StartAsync();
        await using var issuer = await StartAsync(folder, provider);
        using var wallet = new TestWallet(issuer);
        var (browser, back) = await ComeBackAsync(issuer, wallet);
        Assert.Equal(HttpStatusCode.Redirect, back.Status);
        var consent = await browser.GetAsync(back.Location!);
        Assert.Contains("hong", consent.Html, StringComparison.Ordinal);
        var agreed = await browser.PostAsync(consent, "/authorize", new() { ["decision"] = "allow" });
        var code = IssuanceAuthorizationResponse.Parse(agreed.Location!, TestWallet.Redirect, "s 1", issuer.Url, issuerRequired: true).Code!;
        using var answer = await wallet.CredentialAsync(await wallet.GrantedAsync(wallet.TokenFor(code)), await wallet.RequestCredentialAsync());
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Single(await issuer.RegisterAsync("?subject=hong"));
    }

    [Fact]
    [Trait("Row", "VCA-26")]
    public async Task Somebody_else_gets_nothing_and_an_answer_that_is_not_the_providers_opens_no_session()
    {
        using var folder = new TempFolder();
        await using var provider = await SignInProvider.StartAsync();
        await using var issuer = await StartAsync(folder, provider);
        using var wallet = new TestWallet(issuer);

        provider.Claims = claims => claims["sub"] = "kim";
        var (browser, back) = await ComeBackAsync(issuer, wallet);
        Assert.DoesNotContain("value=\"allow\"", (await browser.GetAsync(back.Location!)).Html, StringComparison.Ordinal);

        using var other = Proofs.NewKey();
        async Task RefusedAsync(Func<string, string>? alter = null)
        {
            var (refused, page) = await ComeBackAsync(issuer, wallet, alter);
            Assert.Equal(HttpStatusCode.BadRequest, page.Status);
            Assert.DoesNotContain(refused.Cookies, cookie => cookie.Key == "issuer-session" && cookie.Value.Length > 0);
        }

        foreach (var (claim, value) in new[] { ("nonce", "another"), ("aud", "another"), ("iss", "https://another.example"), ("sub", "") })
        {
            provider.Claims = claims => claims[claim] = value;
            await RefusedAsync();
        }

        provider.Claims = claims => claims["exp"] = DateTimeOffset.UtcNow.AddHours(-1).ToUnixTimeSeconds();
        await RefusedAsync();
        provider.Claims = _ => { };
        provider.Signer = other;
        await RefusedAsync();
        provider.Signer = null;
        await RefusedAsync(address => address + "x"); // the state
        await RefusedAsync(address => address.Split('?')[0] + "?error=access_denied");
        await RefusedAsync(address => address.Replace("code=", "code=x", StringComparison.Ordinal));
    }
}
