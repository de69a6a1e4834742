using System.Text.Json.Nodes;
using Credentials.Jose;
using Credentials.Keys;
using Credentials.SdJwt;
using Credentials.SdJwt.TypeMetadata;
using Credentials.StatusLists;
using Credentials.Tests.Http;
using Credentials.Trust;
using Credentials.X509;
using static Credentials.Tests.SdJwt.Workshop;

namespace Credentials.Tests.SdJwt;

/// <summary>An app may wait on the thread that draws its windows: what it waits for must not need that thread.</summary>
public class CallerContextTests
{
    [Fact]
    public async Task What_is_fetched_goes_on_without_the_thread_of_the_caller()
    {
        using var http = FetchExtensions.ToLoopback();
        string issuer = "", type = "";
        await using var server = await LocalServer.StartAsync(async context =>
        {
            await Task.Delay(20);
            await (context.Request.Path.Value switch
            {
                "/.well-known/jwt-vc-issuer/tenant" => LocalServer.Body(new JsonObject { ["issuer"] = issuer, ["jwks"] = Jwks() }.ToJsonString()),
                "/type" => LocalServer.Body($$"""{"vct":"{{type}}"}"""),
                "/card.svg" => LocalServer.Body("<svg/>", "image/svg+xml"),
                _ => LocalServer.Body("", status: 404),
            })(context);
        });
        (issuer, type) = (server.Url.AbsoluteUri + "tenant", server.Url.AbsoluteUri + "type");
        using var authority = CertificateAuthority.Create("Agency", "KR", Now, new CertificateContacts(RevocationList: new Uri(server.Url, "/crl")));
        using var leaf = authority.IssueDocumentSigner("Signer", IssuerKey, Now);
        var ofUrl = await SdJwtAsync(Payload(("iss", issuer)));
        var ofType = await SdJwtAsync(Payload(("vct", type)));
        var withStatus = await SdJwtAsync(Payload(("status", new StatusReference(server.Url.AbsoluteUri + "list", 1).ToJson())));
        var ofChain = Join(await SignAsync(Payload(), new JsonObject { ["typ"] = "dc+sd-jwt", ["x5c"] = X5c.ToJson([leaf]) }));
        var (keys, types, ct) = (new JwtVcIssuerMetadataClient(http), new TypeMetadataClient([], http), TestContext.Current.CancellationToken);
        Func<Task>[] fetching =
        [
            () => keys.FetchKeysAsync(issuer, "k1", Now, ct),
            // A key that may be new since.
            () => keys.FetchKeysAsync(issuer, "k2", Now.AddMinutes(1), ct),
            () => types.FetchAsync(new SvgTemplateReference(server.Url.AbsoluteUri + "card.svg", null), Now, ct),
            () => SdJwtVerifier.VerifyAsync(ofUrl, Expected with { Trust = TrustStore.Create([TrustAnchor.ForIssuerUrl(issuer)]), IssuerMetadata = new JwtVcIssuerMetadataClient(http) }, ct),
            () => SdJwtVerifier.VerifyAsync(ofType, Expected with { TypeMetadata = types }, ct),
            () => SdJwtVerifier.VerifyAsync(withStatus, Expected with { Status = new StatusPolicy(StatusMode.Online), StatusClient = new StatusListClient(http) }, ct),
            () => SdJwtVerifier.VerifyAsync(ofChain, Expected with
            {
                Trust = TrustStore.Create([TrustAnchor.ForCertificate(authority.Certificate, TrustPurpose.CredentialIssuer)]),
                Revocation = new SignerRevocation(new CrlClient(http), new CrlPolicy()),
            }, ct),
        ];
        for (var i = 0; i < fetching.Length; i++)
        {
            Assert.Equal(0, await PostsOfAsync(fetching[i]));
            Assert.Equal(i + 1, server.Requests.Count);
        }
    }

    [Fact]
    public async Task What_is_signed_goes_on_without_the_thread_of_the_caller()
    {
        var content = new SdJwtContent { Type = Vct, Claims = SampleClaims(), Disclosable = [ClaimPath.Of("given_name")], HolderKey = HolderKey.PublicKey };
        var credential = SdJwtCredential.Parse(await SdJwtIssuer.IssueAsync(content, IssuerKey, TestContext.Current.CancellationToken));

        Assert.Equal(0, await PostsOfAsync(() => SdJwtIssuer.IssueAsync(content, new SlowKey(IssuerKey)).AsTask()));
        Assert.Equal(0, await PostsOfAsync(() => SdJwtIssuer.IssueJsonAsync(content, [new SdJwtSigner(new SlowKey(IssuerKey))]).AsTask()));
        Assert.Equal(0, await PostsOfAsync(() => SdJwtPresenter.PresentAsync(credential, [], new KeyBinding(Audience, Nonce, Now), new SlowKey(HolderKey)).AsTask()));
    }

    private static JsonObject Jwks()
    {
        var key = Jwk.Write(IssuerKey.PublicKey);
        key["kid"] = "k1";
        return new JsonObject { ["keys"] = new JsonArray(key) };
    }

    /// <summary>How often the call asked for the thread that it was made on.</summary>
    private static async Task<int> PostsOfAsync(Func<Task> call)
    {
        var (before, context) = (SynchronizationContext.Current, new CountingContext());
        SynchronizationContext.SetSynchronizationContext(context);
        Task running;
        try
        {
            running = call();
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(before);
        }

        await running;
        return context.Posts;
    }

    private sealed class CountingContext : SynchronizationContext
    {
        private int _posts;

        public int Posts => _posts;

        public override void Post(SendOrPostCallback d, object? state)
        {
            Interlocked.Increment(ref _posts);
            base.Post(d, state);
        }
    }

    /// <summary>A key that is elsewhere.</summary>
    private sealed class SlowKey(ISigningKey key) : ISigningKey
    {
        public PublicKey PublicKey => key.PublicKey;

        public async ValueTask<byte[]> SignAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken = default)
        {
            await Task.Delay(20, cancellationToken).ConfigureAwait(false);
            return await key.SignAsync(data, cancellationToken).ConfigureAwait(false);
        }
    }
}
