using System.Net;
using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.Dids;
using Credentials.Http;
using Credentials.Keys;
using Credentials.Keys.Software;
using Credentials.Tests.Http;
using Microsoft.AspNetCore.Http;

namespace Credentials.Tests.Dids;

/// <summary>did:web and https identifiers over real HTTP and TLS.</summary>
public sealed class DidWebTests : IDisposable
{
    private readonly TestCertificates _certificates = new();
    private readonly SoftwareSigningKey _key = SoftwareSigningKey.Generate(SignatureAlgorithm.Es256);
    private readonly Dictionary<string, (string Body, string Type, string? CacheControl, int Status)> _pages = [];
    private DateTimeOffset _now = new(2026, 11, 2, 9, 0, 0, TimeSpan.Zero);
    private int _requests;

    public void Dispose()
    {
        _certificates.Dispose();
        _key.Dispose();
    }

    [Theory]
    [InlineData("did:web:w3c-ccg.github.io", "https://w3c-ccg.github.io/.well-known/did.json")]
    [InlineData("did:web:w3c-ccg.github.io:user:alice", "https://w3c-ccg.github.io/user/alice/did.json")]
    [InlineData("did:web:example.com%3A3000", "https://example.com:3000/.well-known/did.json")]
    [InlineData("did:web:example.com%3A3000:user:alice", "https://example.com:3000/user/alice/did.json")]
    [InlineData("did:web:xn--oy2b35b.example:Users:A.b_c-1", "https://xn--oy2b35b.example/Users/A.b_c-1/did.json")]
    [InlineData("did:web:localhost%3A5101", "https://localhost:5101/.well-known/did.json")]
    public void The_document_stands_where_did_web_says(string did, string location) => Assert.Equal(location, DidWeb.LocationOf(did).AbsoluteUri);

    [Fact]
    public void For_development_localhost_is_asked_in_plain_http()
    {
        Assert.Equal("http://localhost:5101/.well-known/did.json", DidWeb.LocationOf("did:web:localhost%3A5101", allowLoopbackHttp: true).AbsoluteUri);
        Assert.Equal("https://localhost.example/.well-known/did.json", DidWeb.LocationOf("did:web:localhost.example", allowLoopbackHttp: true).AbsoluteUri);
    }

    [Theory]
    [Trait("Row", "DID-01")]
    [Trait("Row", "DID-02")]
    [InlineData("127.0.0.1")]
    [InlineData("127.1")]
    [InlineData("0x7f.1")]
    [InlineData("0x7f000001")]
    [InlineData("2130706433")]
    [InlineData("017700000001")]
    [InlineData("169.254.169.254")]
    [InlineData("localhost.")]
    [InlineData("agency.example.")]
    [InlineData("%5B%3A%3A1%5D")]
    [InlineData("%5B%3A%3Affff%3A127.0.0.1%5D")]
    [InlineData("%5B64%3Aff9b%3A%3A7f00%3A1%5D")]
    [InlineData("[::ffff:127.0.0.1]")]
    [InlineData("::1")]
    [InlineData("Agency.example")]
    [InlineData("user%40agency.example")]
    [InlineData("user:secret%40agency.example")]
    [InlineData("user@agency.example")]
    [InlineData("agency.example%3A")]
    [InlineData("agency.example%3A0")]
    [InlineData("agency.example%3A65536")]
    [InlineData("agency.example%3A08443")]
    [InlineData("agency.example%3a8443")]
    [InlineData("agency.example%2Fadmin")]
    [InlineData("agency.example:.:alice")]
    [InlineData("agency.example:..:alice")]
    [InlineData("agency.example:%2e%2e:alice")]
    [InlineData("agency.example:a%2fb")]
    [InlineData("agency.example:a%5Cb")]
    [InlineData("agency.example:a%00")]
    [InlineData("agency.example::alice")]
    [InlineData("agency.example:")]
    [InlineData("agency.example/admin")]
    [InlineData("agency.example?x=1")]
    [InlineData("agency.example#k")]
    [InlineData("agency..example")]
    [InlineData("-agency.example")]
    [InlineData("agency_.example")]
    [InlineData("관청.example")]
    [InlineData("аgency.example")] // a Cyrillic а
    [InlineData("")]
    public async Task Odd_spellings_and_addresses_are_refused_without_a_request(string specific)
    {
        using var listener = new RawServer((_, _) => Task.CompletedTask);
        using var http = new OutboundHttp(new OutboundHttpOptions
        {
            AllowLoopbackHttp = true,
            Resolve = (_, _) => throw new InvalidOperationException("No name may be looked up."),
        });
        var resolver = new DidResolver(DidMethods.Web, http);
        Assert.Equal(DidCodes.Malformed, Assert.Throws<MalformedDataException>(() => DidWeb.LocationOf($"did:web:{specific}")).Code);
        Assert.Equal(DidCodes.Malformed, await RefusalAsync(resolver, $"did:web:{specific}"));
        Assert.Equal("agency.example", DidWeb.LocationOf("did:web:agency.example").Host);
    }

    [Theory]
    [Trait("Row", "DID-01")]
    [Trait("Row", "NET-01")]
    [InlineData("127.0.0.1")]
    [InlineData("10.0.0.1")]
    [InlineData("169.254.169.254")]
    [InlineData("::ffff:127.0.0.1")]
    [InlineData("64:ff9b::7f00:1")]
    [InlineData("2002:7f00:1::")]
    public async Task A_host_that_resolves_to_an_address_that_is_not_public_is_never_connected_to(string address)
    {
        using var listener = new RawServer((_, _) => Task.CompletedTask);
        using var http = new OutboundHttp(new OutboundHttpOptions { Resolve = (_, _) => Task.FromResult(new[] { IPAddress.Parse(address) }) });

        Assert.Equal(HttpCodes.AddressRefused, await RefusalAsync(new DidResolver(DidMethods.All, http), $"did:web:agency.example%3A{listener.Port}"));
        Assert.Equal(HttpCodes.AddressRefused, await RefusalAsync(new DidResolver(DidMethods.All, http), $"https://agency.example:{listener.Port}/issuer"));
        Assert.Equal(HttpCodes.AddressRefused, await RefusalAsync(new DidResolver(DidMethods.All, http), "did:web:localhost"));
        Assert.Equal(0, listener.Connections);
    }

    [Fact]
    [Trait("Row", "NET-06")]
    public async Task A_document_is_fetched_over_tls_once_and_its_key_used()
    {
        await using var server = await StartAsync(tls: true);
        using var http = Client(_certificates.Root);
        var resolver = new DidResolver(DidMethods.Web, http);
        var did = $"did:web:agency.example%3A{server.Port}:issuers:1";
        Publish("/issuers/1/did.json", did);

        var method = await RetrieveAsync(resolver, $"{did}#k");
        Assert.Equal((_key.PublicKey, did), (method.Key, method.Controller));
        Assert.Same(method, await RetrieveAsync(resolver, $"{did}#k"));
        Assert.Equal(1, _requests);

        using var others = new TestCertificates();
        using var suspicious = Client(others.Root);
        Assert.Equal(HttpCodes.TlsFailed, await RefusalAsync(new DidResolver(DidMethods.Web, suspicious), did));
    }

    [Fact]
    public async Task An_https_identifier_is_the_url_of_its_document()
    {
        await using var server = await StartAsync(tls: true);
        using var http = Client(_certificates.Root);
        var resolver = new DidResolver(DidMethods.Https, http);
        var id = $"https://agency.example:{server.Port}/issuers/1";
        Publish("/issuers/1", id, type: "application/cid");

        Assert.Equal(_key.PublicKey, (await RetrieveAsync(resolver, $"{id}#k")).Key);
        Assert.Equal(DidCodes.Relationship, await RefusalAsync(() => resolver.RetrieveAsync($"{id}#k", VerificationRelationship.Authentication, _now)));
        // The same document under another name is not that one's.
        Assert.Equal(DidCodes.DocumentMismatch, await RefusalAsync(resolver, $"{id}?x=1"));
        Assert.Equal(DidCodes.MethodNotSupported, await RefusalAsync(resolver, $"did:web:agency.example%3A{server.Port}"));
        Assert.Equal(DidCodes.Malformed, await RefusalAsync(resolver, $"http://agency.example:{server.Port}/issuers/1"));
        Assert.Equal(DidCodes.Malformed, await RefusalAsync(resolver, $"https://user:secret@agency.example:{server.Port}/issuers/1"));
    }

    [Fact]
    [Trait("Row", "DID-10")]
    public async Task A_method_that_is_switched_off_is_refused_without_a_request()
    {
        await using var server = await StartAsync();
        using var http = FetchExtensions.ToLoopback();
        var did = $"did:web:localhost%3A{server.Port}";
        Publish("/.well-known/did.json", did);

        Assert.Equal(DidCodes.MethodNotSupported, await RefusalAsync(new DidResolver(DidMethods.Key | DidMethods.Https, http), did));
        Assert.Equal(0, _requests);
        Assert.Equal(_key.PublicKey, (await RetrieveAsync(new DidResolver(DidMethods.Web, http), $"{did}#k")).Key);
    }

    [Fact]
    [Trait("Row", "DID-07")]
    public async Task A_did_whose_document_was_taken_away_has_no_keys_once_the_copy_is_old()
    {
        await using var server = await StartAsync();
        using var http = FetchExtensions.ToLoopback();
        var resolver = new DidResolver(DidMethods.Web, http);
        var did = $"did:web:localhost%3A{server.Port}";
        Publish("/.well-known/did.json", did, "max-age=600");
        await RetrieveAsync(resolver, $"{did}#k");

        foreach (var status in new[] { 404, 410 })
        {
            _pages["/.well-known/did.json"] = ("", "text/plain", null, status);
            _now += TimeSpan.FromSeconds(600);
            Assert.Equal(DidCodes.NotFound, await RefusalAsync(resolver, did));
        }

        // A server in trouble says nothing about the DID.
        _pages["/.well-known/did.json"] = ("", "text/plain", null, 503);
        _now += TimeSpan.FromSeconds(600);
        Assert.Equal(HttpCodes.StatusRefused, await RefusalAsync(resolver, did));
    }

    [Fact]
    public async Task A_new_key_is_looked_for_and_a_failure_remembered_for_half_a_minute()
    {
        await using var server = await StartAsync();
        using var http = FetchExtensions.ToLoopback();
        var resolver = new DidResolver(DidMethods.Web, http);
        var did = $"did:web:localhost%3A{server.Port}";
        Publish("/.well-known/did.json", did, "max-age=86400");
        await RetrieveAsync(resolver, $"{did}#k");

        Publish("/.well-known/did.json", did, "max-age=86400", fragment: "k2");
        Assert.Equal(DidCodes.MethodMissing, await RefusalAsync(() => RetrieveAsync(resolver, $"{did}#k2")));
        Assert.Equal(1, _requests);
        _now += TimeSpan.FromSeconds(31);
        Assert.Equal(_key.PublicKey, (await RetrieveAsync(resolver, $"{did}#k2")).Key);
        Assert.Equal(2, _requests);

        _pages["/.well-known/did.json"] = ("{}", "application/json", null, 200);
        _now += TimeSpan.FromDays(1);
        for (var i = 0; i < 3; i++) Assert.Equal(DidCodes.DocumentMalformed, await RefusalAsync(resolver, did));
        Assert.Equal(3, _requests);
        Publish("/.well-known/did.json", did);
        _now += TimeSpan.FromSeconds(30);
        Assert.Equal(_key.PublicKey, (await RetrieveAsync(resolver, $"{did}#k")).Key);
    }

    [Fact]
    [Trait("Row", "NET-05")]
    [Trait("Row", "DID-05")]
    public async Task Other_content_types_error_pages_and_oversized_documents_are_not_used()
    {
        await using var server = await StartAsync();
        using var http = FetchExtensions.ToLoopback();
        var did = $"did:web:localhost%3A{server.Port}";
        foreach (var type in new[] { "application/did", "application/did+json", "application/did+ld+json", "application/cid", "application/json", "application/ld+json" })
        {
            Publish("/.well-known/did.json", did, type: type);
            Assert.Equal(_key.PublicKey, (await RetrieveAsync(new DidResolver(DidMethods.Web, http), $"{did}#k")).Key);
        }

        Publish("/.well-known/did.json", did, type: "text/html");
        Assert.Equal(HttpCodes.ContentTypeRefused, await RefusalAsync(new DidResolver(DidMethods.Web, http), did));
        _pages["/.well-known/did.json"] = (new string(' ', ControlledIdentifierDocument.MaxBytes + 1), "application/json", null, 200);
        Assert.Equal(HttpCodes.TooLarge, await RefusalAsync(new DidResolver(DidMethods.Web, http), did));
    }

    [Fact]
    [Trait("Row", "NET-02")]
    public async Task A_redirect_is_followed_only_to_where_a_did_could_lead()
    {
        await using var server = await LocalServer.StartAsync(context =>
        {
            context.Response.Redirect(context.Request.Path == "/.well-known/did.json" ? "http://10.0.0.1/did.json" : "/x/did.json");
            return Task.CompletedTask;
        });
        using var http = FetchExtensions.ToLoopback();
        var did = $"did:web:localhost%3A{server.Port}";
        Assert.Equal(HttpCodes.SchemeRefused, await RefusalAsync(new DidResolver(DidMethods.Web, http), did));
        Assert.Equal(HttpCodes.RedirectRefused, await RefusalAsync(new DidResolver(DidMethods.Web, http), $"{did}:x"));
    }

    [Fact]
    [Trait("Row", "NET-07")]
    public async Task A_thousand_parallel_checks_are_one_fetch()
    {
        var release = new TaskCompletionSource();
        string? did = null;
        await using var server = await LocalServer.StartAsync(async context =>
        {
            await release.Task;
            await LocalServer.Body(Document(did!).ToJsonString())(context);
        });
        did = $"did:web:localhost%3A{server.Port}";
        using var http = FetchExtensions.ToLoopback();
        var resolver = new DidResolver(DidMethods.Web, http);

        var checks = Enumerable.Range(0, 1000).Select(_ => RetrieveAsync(resolver, $"{did}#k")).ToArray();
        release.SetResult();
        Assert.All(await Task.WhenAll(checks), method => Assert.Equal(_key.PublicKey, method.Key));
        Assert.Single(server.Requests);
    }

    private static OutboundHttp Client(System.Security.Cryptography.X509Certificates.X509Certificate2 root) => new(new OutboundHttpOptions
    {
        PrivateHosts = ["agency.example"],
        Resolve = (_, _) => Task.FromResult(new[] { IPAddress.Loopback }),
        TlsRoots = [root],
    });

    private Task<LocalServer> StartAsync(bool tls = false) => LocalServer.StartAsync(context =>
    {
        Interlocked.Increment(ref _requests);
        if (!_pages.TryGetValue(context.Request.Path, out var page)) page = ("", "text/plain", null, 404);
        context.Response.StatusCode = page.Status;
        context.Response.ContentType = page.Type;
        if (page.CacheControl is not null) context.Response.Headers.CacheControl = page.CacheControl;
        return context.Response.WriteAsync(page.Body, context.RequestAborted);
    }, tls ? _certificates.ForServer("agency.example") : null);

    private JsonObject Document(string id, string fragment = "k") => StrictJson.ToNode(
        ControlledIdentifierDocument.Create(id, [(fragment, _key.PublicKey, [VerificationRelationship.AssertionMethod])]).Json)!.AsObject();

    private void Publish(string path, string id, string? cacheControl = null, string type = "application/json", string fragment = "k") =>
        _pages[path] = (Document(id, fragment).ToJsonString(), type, cacheControl, 200);

    private Task<VerificationMethod> RetrieveAsync(DidResolver resolver, string id) =>
        resolver.RetrieveAsync(id, VerificationRelationship.AssertionMethod, _now, TestContext.Current.CancellationToken);

    private Task<string> RefusalAsync(DidResolver resolver, string identifier) =>
        RefusalAsync(() => resolver.ResolveAsync(identifier, _now, TestContext.Current.CancellationToken));

    private static async Task<string> RefusalAsync(Func<Task> resolve) => (await Assert.ThrowsAnyAsync<CredentialException>(resolve)).Code;
}
