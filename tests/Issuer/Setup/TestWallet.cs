using System.Net;
using System.Net.Http.Headers;
using Credentials.Codecs;
using Credentials.Keys.Software;
using Credentials.OpenId4Vci;
using Credentials.StatusLists;

namespace Credentials.Issuer.Tests.Setup;

/// <summary>A wallet with a DPoP key and, where it has a provider, an attestation; each request is made anew, so that a test can change one thing.</summary>
internal sealed class TestWallet(RunningIssuer issuer, string? clientId = TestWallet.Id, WalletProvider? provider = null) : IDisposable
{
    internal const string Id = "https://wallet.example";
    internal const string Redirect = "https://wallet.example/cb";

    private string? _nonce;

    internal SoftwareSigningKey DpopKey { get; init; } = Proofs.NewKey();

    internal SoftwareSigningKey InstanceKey { get; } = Proofs.NewKey();

    internal string Verifier { get; } = Pkce.CreateVerifier();

    /// <summary>Whether requests carry a DPoP proof.</summary>
    internal bool UsesDpop { get; set; } = true;

    internal StatusReference? AttestationStatus { get; set; }

    internal IssuanceAuthorizationRequest Request(string? issuerState = null, params string[] scopes) => new()
    {
        ClientId = clientId!,
        RedirectUri = Redirect,
        CodeChallenge = Pkce.ChallengeFor(Verifier),
        State = "s 1",
        Scopes = scopes.Length == 0 ? ["mdl_sd_jwt"] : scopes,
        IssuerState = issuerState,
    };

    internal Task<HttpResponseMessage> PushAsync(IssuanceAuthorizationRequest request) => PostFormAsync("/par", StrictForm.Encode(request.ToParameters()));

    internal async Task<string> PushedAsync(IssuanceAuthorizationRequest request)
    {
        using var response = await PushAsync(request);
        Assert.True(response.StatusCode == HttpStatusCode.Created, await response.Content.ReadAsStringAsync(RunningIssuer.Ct));
        return PushedAuthorizationResponse.Parse(await RunningIssuer.JsonAsync(response)).RequestUri;
    }

    /// <summary>A person's browser: signs in, decides, and comes back with the wallet's address, or with the status of a page that led nowhere.</summary>
    internal async Task<string> BrowseAsync(string requestUri, string user = "hong", string decision = "allow", string? client = null)
    {
        var browser = new BrowserSession(issuer);
        var address = $"/authorize?{StrictForm.Encode([new("client_id", client ?? clientId!), new("request_uri", requestUri)])}";
        var page = await browser.GetAsync(address);
        if (page.Status != HttpStatusCode.OK)
            return page.Status.ToString();
        page = await browser.PostAsync(page, "/sign-in", new() { ["user"] = user });
        page = await browser.GetAsync(page.Location!);
        if (!page.Html.Contains($"value=\"{decision}\"", StringComparison.Ordinal))
            return "no such button";
        page = await browser.PostAsync(page, "/authorize", new() { ["decision"] = decision });
        return page.Location ?? page.Status.ToString();
    }

    internal async Task<string> CodeAsync(IssuanceAuthorizationRequest request, string user = "hong")
    {
        var address = await BrowseAsync(await PushedAsync(request), user);
        return IssuanceAuthorizationResponse.Parse(address, Redirect, "s 1", issuer.Url, issuerRequired: true).Code!;
    }

    internal TokenRequest TokenFor(string code) => new() { Code = code, RedirectUri = Redirect, CodeVerifier = Verifier, ClientId = clientId };

    internal Task<HttpResponseMessage> TokenAsync(TokenRequest request) => PostFormAsync("/token", request.ToForm());

    internal async Task<TokenResponse> GrantedAsync(TokenRequest request)
    {
        using var response = await TokenAsync(request);
        Assert.True(response.StatusCode == HttpStatusCode.OK, await response.Content.ReadAsStringAsync(RunningIssuer.Ct));
        return TokenResponse.Parse(await RunningIssuer.JsonAsync(response));
    }

    internal Task<HttpResponseMessage> CredentialAsync(TokenResponse token, CredentialRequest request) =>
        PostAsync("/credential", () => RunningIssuer.Json(StrictJson.ToText(request.ToJson())), token);

    internal async Task<CredentialRequest> RequestCredentialAsync(SoftwareSigningKey? key = null, string id = "mdl_sd_jwt", string? proofClient = null)
    {
        var proof = await KeyProof.CreateAsync(key ?? Proofs.NewKey(), issuer.Url, await issuer.NonceAsync(), proofClient, DateTimeOffset.UtcNow, ct: RunningIssuer.Ct);
        return new CredentialRequest { ConfigurationId = id, JwtProofs = [proof] };
    }

    internal async Task<HttpResponseMessage> PostFormAsync(string path, string form) => await PostAsync(path, () => RunningIssuer.Form(form), null);

    /// <summary>Posts, and once more with the nonce that the issuer asks for.</summary>
    internal async Task<HttpResponseMessage> PostAsync(string path, Func<HttpContent> content, TokenResponse? token)
    {
        var response = await OnceAsync(path, content(), token);
        var text = await response.Content.ReadAsStringAsync(RunningIssuer.Ct);
        if (!text.Contains("use_dpop_nonce", StringComparison.Ordinal))
            return response;
        response.Dispose();
        return await OnceAsync(path, content(), token);
    }

    internal async Task<HttpResponseMessage> OnceAsync(string path, HttpContent content, TokenResponse? token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = content };
        if (token is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue(token.TokenType, token.AccessToken);
        if (UsesDpop)
            request.Headers.Add("DPoP", await DpopProof.CreateAsync(DpopKey, "POST", new Uri(issuer.Url + path), token?.AccessToken, _nonce, DateTimeOffset.UtcNow, RunningIssuer.Ct));
        if (provider is not null && token is null)
            await provider.AuthenticateAsync(request, issuer, InstanceKey, AttestationStatus);
        var response = await issuer.Http.SendAsync(request, RunningIssuer.Ct);
        if (response.Headers.TryGetValues("DPoP-Nonce", out var nonces))
            _nonce = nonces.Single();
        return response;
    }

    public void Dispose()
    {
        DpopKey.Dispose();
        InstanceKey.Dispose();
    }
}
