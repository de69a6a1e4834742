using System.Net;
using Credentials.Issuer.Http;
using Credentials.Issuer.Tests.Setup;
using Credentials.Keys.Software;
using Credentials.OpenId4Vci;
using Credentials.StatusLists;
using Credentials.Tests.Shared;

namespace Credentials.Issuer.Tests;

/// <summary>Wallet and key attestations, and the profile that demands them.</summary>
public class HaipTests
{
    private static void Haip(IssuerOptions options, WalletProvider provider)
    {
        provider.Configure(options);
        options.Profile = IssuerProfile.Haip;
        options.RequireDpop = true;
        options.RequireWalletAttestation = true;
    }

    private static CredentialRequest Attested(string jwt) => new() { ConfigurationId = "mdl_sd_jwt", AttestationProof = jwt };

    [Fact]
    public async Task A_service_laxer_than_its_profile_does_not_start()
    {
        using var folder = new TempFolder();
        using var provider = new WalletProvider(folder);
        foreach (var laxer in new Action<IssuerOptions>[]
        {
            o => o.RequireDpop = false, o => o.RequireWalletAttestation = false, o => o.SingleUseNonces = false, o => o.CheckAttestationStatus = false, o => o.WalletProviderTrust = null,
            o => o.WalletProviderTrust = folder.Combine("nothing.pem"),
        })
        {
            await Assert.ThrowsAsync<IssuerStartException>(() => RunningIssuer.StartAsync(folder.Combine("data"), configure: options =>
            {
                Haip(options, provider);
                laxer(options);
            }));
        }

        await using var issuer = await RunningIssuer.StartAsync(folder.Combine("data"), configure: options => Haip(options, provider));
        using var response = await issuer.Http.GetAsync("/.well-known/oauth-authorization-server", RunningIssuer.Ct);
        var metadata = AuthorizationServerMetadata.Parse(await RunningIssuer.JsonAsync(response), issuer.Url, allowLoopbackHttp: true);
        Assert.Equal(["attest_jwt_client_auth"], metadata.TokenEndpointAuthMethods);
        Assert.Equal($"{issuer.Url}/challenge", metadata.ChallengeEndpoint);
        Assert.False(metadata.AnonymousPreAuthorizedAccess);
    }

    [Fact]
    [Trait("Row", "VCA-23")]
    [Trait("Row", "ATT-01")]
    [Trait("Row", "ATT-02")]
    [Trait("Row", "ATT-03")]
    public async Task A_wallet_is_served_with_an_attestation_of_a_known_provider_and_a_fresh_proof()
    {
        using var folder = new TempFolder();
        using var unknownFolder = new TempFolder();
        using var provider = new WalletProvider(folder);
        using var unknown = new WalletProvider(unknownFolder);
        await using var issuer = await RunningIssuer.StartAsync(folder.Combine("data"), configure: options => Haip(options, provider));
        var offer = await issuer.OfferAsync();
        var request = new TokenRequest { PreAuthorizedCode = offer.Code };
        using var anonymous = new TestWallet(issuer, null);
        using var stranger = new TestWallet(issuer, TestWallet.Id, unknown);
        foreach (var wallet in new[] { anonymous, stranger })
        {
            using var refused = await wallet.TokenAsync(request);
            await RunningIssuer.AssertErrorAsync(refused, HttpStatusCode.Unauthorized, "invalid_client");
        }

        using var known = new TestWallet(issuer, TestWallet.Id, provider);
        using var otherClient = await known.TokenAsync(request with { ClientId = "https://other.example" });
        await RunningIssuer.AssertErrorAsync(otherClient, HttpStatusCode.Unauthorized, "invalid_client");
        // One proof of possession, and its challenge, serve one request.
        var instance = known.InstanceKey;
        using var challenge = await issuer.Http.PostAsync("/challenge", null, RunningIssuer.Ct);
        async Task<HttpResponseMessage> SendAsync(string attestation, string pop)
        {
            using var message = new HttpRequestMessage(HttpMethod.Post, "/token") { Content = RunningIssuer.Form(request.ToForm()) };
            message.Headers.Add("OAuth-Client-Attestation", attestation);
            message.Headers.Add("OAuth-Client-Attestation-PoP", pop);
            return await issuer.Http.SendAsync(message, RunningIssuer.Ct);
        }

        async Task<string> PopAsync(string? value, SoftwareSigningKey? key = null, string? audience = null) => await ClientAttestationPop.CreateAsync(
            key ?? instance, TestWallet.Id, audience ?? issuer.Url, value, DateTimeOffset.UtcNow, RunningIssuer.Ct);
        var attestation = await provider.AttestAsync(instance.PublicKey);
        var once = await PopAsync(ChallengeResponse.Parse(await RunningIssuer.JsonAsync(challenge)).Challenge);
        using var first = await SendAsync(attestation, once);
        await RunningIssuer.AssertErrorAsync(first, HttpStatusCode.BadRequest, "invalid_dpop_proof"); // the client is fine; what is missing is DPoP
        Assert.NotEmpty(first.Headers.GetValues("OAuth-Client-Attestation-Challenge").Single());
        foreach (var pop in new[] { once, await PopAsync(null), await PopAsync("invented"), await PopAsync(await issuer.NonceAsync()) })
        {
            using var refused = await SendAsync(attestation, pop);
            await RunningIssuer.AssertErrorAsync(refused, HttpStatusCode.BadRequest, "use_attestation_challenge");
        }

        foreach (var pop in new[] { await PopAsync("x", known.DpopKey), await PopAsync("x", audience: "https://other.example") })
        {
            using var refused = await SendAsync(attestation, pop);
            await RunningIssuer.AssertErrorAsync(refused, HttpStatusCode.Unauthorized, "invalid_client");
        }

        var token = await known.GrantedAsync(request);
        Assert.NotNull(token.RefreshToken);
        using var answer = await known.CredentialAsync(token, await known.RequestCredentialAsync(proofClient: TestWallet.Id));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        // Another instance of the same wallet cannot use its refresh token.
        using var sibling = new TestWallet(issuer, TestWallet.Id, provider) { DpopKey = known.DpopKey };
        using var stolen = await sibling.TokenAsync(new TokenRequest { RefreshToken = token.RefreshToken });
        await RunningIssuer.AssertErrorAsync(stolen, HttpStatusCode.BadRequest, "invalid_grant");
    }

    [Fact]
    [Trait("Row", "ATT-21")]
    public async Task An_attestation_that_is_revoked_or_cannot_be_looked_up_is_refused()
    {
        using var folder = new TempFolder();
        using var provider = new WalletProvider(folder);
        var port = FreePort.Next();
        var uri = $"http://localhost:{port}/list";
        var list = await provider.StatusTokenAsync(uri, revoked: 7);
        using var server = new HttpListener();
        server.Prefixes.Add($"http://localhost:{port}/");
        server.Start();
        var serving = Task.Run(async () =>
        {
            var context = await server.GetContextAsync();
            context.Response.ContentType = "application/statuslist+jwt";
            await context.Response.OutputStream.WriteAsync(list, RunningIssuer.Ct);
            context.Response.Close();
        }, RunningIssuer.Ct);
        await using var issuer = await RunningIssuer.StartAsync(folder.Combine("data"), configure: options => Haip(options, provider));
        var request = new TokenRequest { PreAuthorizedCode = (await issuer.OfferAsync()).Code };
        async Task RefusedAsync(StatusReference status, HttpStatusCode expected, string error)
        {
            using var wallet = new TestWallet(issuer, TestWallet.Id, provider) { AttestationStatus = status };
            using var refused = await wallet.TokenAsync(request);
            await RunningIssuer.AssertErrorAsync(refused, expected, error);
        }

        await RefusedAsync(new StatusReference(uri, 7), HttpStatusCode.Unauthorized, "invalid_client");
        await serving;
        await RefusedAsync(new StatusReference($"http://localhost:{FreePort.Next()}/gone", 0), HttpStatusCode.ServiceUnavailable, "temporarily_unavailable");
        using var good = new TestWallet(issuer, TestWallet.Id, provider) { AttestationStatus = new StatusReference(uri, 8) };
        Assert.Equal("DPoP", (await good.GrantedAsync(request)).TokenType);
    }

    [Fact]
    [Trait("Row", "ATT-05")]
    [Trait("Row", "ATT-07")]
    [Trait("Row", "ATT-08")]
    [Trait("Row", "ATT-10")]
    public async Task Keys_are_attested_where_their_credential_asks_for_it()
    {
        using var folder = new TempFolder();
        using var provider = new WalletProvider(folder);
        await using var issuer = await RunningIssuer.StartAsync(folder.Combine("data"), configure: options =>
        {
            provider.Configure(options);
            options.KeyAttestations["mdl_sd_jwt"] = new KeyAttestationLevels { KeyStorage = ["iso_18045_high"] };
            options.BatchSize = 3;
        });
        using var wallet = new TestWallet(issuer, null);
        using var one = Proofs.NewKey();
        using var two = Proofs.NewKey();
        async Task<TokenResponse> TokenAsync() => await wallet.GrantedAsync(new TokenRequest { PreAuthorizedCode = (await issuer.OfferAsync()).Code });
        async Task RefusedAsync(TokenResponse token, CredentialRequest request, string error)
        {
            using var refused = await wallet.CredentialAsync(token, request);
            await RunningIssuer.AssertErrorAsync(refused, HttpStatusCode.BadRequest, error);
        }

        var token = await TokenAsync();
        await RefusedAsync(token, await wallet.RequestCredentialAsync(one), "invalid_proof");
        await RefusedAsync(token, Attested(await provider.AttestKeysAsync([one.PublicKey], await issuer.NonceAsync(), "iso_18045_basic")), "invalid_proof");
        await RefusedAsync(token, Attested(await provider.AttestKeysAsync([one.PublicKey], null, "iso_18045_high")), "invalid_proof");
        await RefusedAsync(token, Attested(await provider.AttestKeysAsync([one.PublicKey], "invented", "iso_18045_high")), "invalid_nonce");
        var many = Enumerable.Range(0, 4).Select(_ => Proofs.NewKey().PublicKey).ToList();
        await RefusedAsync(token, Attested(await provider.AttestKeysAsync(many, await issuer.NonceAsync(), "iso_18045_high")), "invalid_proof");
        async Task<CredentialRequest> JwtAsync(string attestationNonce, string proofNonce) => new()
        {
            ConfigurationId = "mdl_sd_jwt",
            JwtProofs =
            [
                await KeyProof.CreateAsync(
                    one, issuer.Url, proofNonce, null, DateTimeOffset.UtcNow,
                    await provider.AttestKeysAsync([one.PublicKey, two.PublicKey], attestationNonce, "iso_18045_high"), RunningIssuer.Ct),
            ],
        };
        await RefusedAsync(token, await JwtAsync("invented", await issuer.NonceAsync()), "invalid_nonce");

        var nonce = await issuer.NonceAsync();
        using var byProof = await wallet.CredentialAsync(token, await JwtAsync(nonce, nonce));
        Assert.Equal(2, CredentialResponse.Parse(await RunningIssuer.JsonAsync(byProof)).Credentials.Count);
        using var byAttestation = await wallet.CredentialAsync(
            await TokenAsync(), Attested(await provider.AttestKeysAsync([one.PublicKey, two.PublicKey], await issuer.NonceAsync(), "iso_18045_high")));
        Assert.Equal(2, CredentialResponse.Parse(await RunningIssuer.JsonAsync(byAttestation)).Credentials.Count);
    }
}
