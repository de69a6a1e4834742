using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.Http;
using Credentials.Jose;
using Credentials.Keys;
using Credentials.SdJwt;
using Credentials.StatusLists;
using Credentials.Tests.Http;
using Credentials.Tests.Shared;
using Credentials.Trust;
using Credentials.X509;
using Microsoft.AspNetCore.Http;
using static Credentials.Tests.SdJwt.Workshop;

namespace Credentials.Tests.SdJwt;

/// <summary>SD-JWT VC §4: issuers that publish their keys under their own URL.</summary>
public sealed class IssuerMetadataTests : IDisposable
{
    private readonly OutboundHttp _http = FetchExtensions.ToLoopback();
    private readonly Dictionary<string, (string Body, string Type, string? CacheControl)> _pages = [];

    private int _requests;

    public void Dispose() => _http.Dispose();

    private Task<LocalServer> StartAsync() => LocalServer.StartAsync(context =>
    {
        Interlocked.Increment(ref _requests);
        if (!_pages.TryGetValue(context.Request.Path, out var page))
        {
            context.Response.StatusCode = 404;
            return Task.CompletedTask;
        }

        context.Response.ContentType = page.Type;
        if (page.CacheControl is not null) context.Response.Headers.CacheControl = page.CacheControl;
        return context.Response.WriteAsync(page.Body, context.RequestAborted);
    });

    private static string IssuerOf(LocalServer server) => server.Url.AbsoluteUri + "tenant/1";

    private void Publish(JsonNode metadata, string? cacheControl = "max-age=600", string type = "application/json") =>
        _pages["/.well-known/jwt-vc-issuer/tenant/1"] = (metadata.ToJsonString(), type, cacheControl);

    private static JsonObject Jwks(params ReadOnlySpan<(PublicKey Key, string? Id)> keys)
    {
        var array = new JsonArray();
        foreach (var (key, id) in keys)
        {
            var jwk = Jwk.Write(key);
            if (id is not null) jwk["kid"] = id;
            array.Add(jwk);
        }

        return new JsonObject { ["keys"] = array };
    }

    private static JsonObject Metadata(string issuer, params ReadOnlySpan<(PublicKey Key, string? Id)> keys) =>
        new() { ["issuer"] = issuer, ["jwks"] = Jwks(keys) };

    private SdJwtExpectations Trusting(string issuer, params string[] types) => Expected with
    {
        Trust = TrustStore.Create([TrustAnchor.ForIssuerUrl(issuer, types.Length > 0 ? types : null)]),
        IssuerMetadata = new JwtVcIssuerMetadataClient(_http),
    };

    private static async Task<string> CredentialAsync(string issuer, string? kid = "k1", ISigningKey? key = null, JsonObject? header = null)
    {
        header ??= new JsonObject { ["typ"] = "dc+sd-jwt" };
        if (kid is not null) header["kid"] = kid;
        return Join(await SignAsync(Payload(("iss", issuer)), header, key));
    }

    [Theory]
    [InlineData("https://example.com", "https://example.com/.well-known/jwt-vc-issuer")]
    [InlineData("https://example.com/", "https://example.com/.well-known/jwt-vc-issuer")]
    [InlineData("https://example.com/tenant/1234", "https://example.com/.well-known/jwt-vc-issuer/tenant/1234")]
    [InlineData("https://example.com:8443/tenant/", "https://example.com:8443/.well-known/jwt-vc-issuer/tenant")]
    public void The_metadata_stands_at_the_well_known_place(string issuer, string location) =>
        Assert.Equal(location, JwtVcIssuerMetadata.LocationOf(issuer).AbsoluteUri);

    [Theory]
    [InlineData("k1")]
    [InlineData(null)]
    public async Task Verify_takes_the_key_from_the_metadata_of_an_issuer_trusted_by_its_url(string? kid)
    {
        await using var server = await StartAsync();
        var issuer = IssuerOf(server);
        Publish(Metadata(issuer, (OtherKey.PublicKey, "k0"), (IssuerKey.PublicKey, "k1")));

        var report = await VerifyAsync(await CredentialAsync(issuer, kid), Trusting(issuer, Vct));

        Assert.True(report.TryGetVerified(out var verified), Describe(report));
        Assert.Equal(issuer, verified.Issuer);
        Assert.Null(report.Checks.Single(check => check.Id == SdJwtChecks.IssuerKey).Code);
        Assert.True(verified.Anchor!.IsIssuerUrl);
        Assert.Equal(Vct, verified.Type);
    }

    [Fact]
    public async Task Keys_by_reference_are_fetched_and_keys_of_other_kinds_passed_over()
    {
        await using var server = await StartAsync();
        var issuer = IssuerOf(server);
        Publish(new JsonObject { ["issuer"] = issuer, ["jwks_uri"] = server.Url.AbsoluteUri + "keys", ["more"] = 1 });
        var jwks = Jwks((IssuerKey.PublicKey, "k1"));
        jwks["keys"]!.AsArray().Insert(0, new JsonObject { ["kty"] = "RSA", ["n"] = "AQAB", ["e"] = "AQAB", ["kid"] = "k1" });
        foreach (var type in new[] { "application/jwk-set+json", "application/json" })
        {
            _pages["/keys"] = (jwks.ToJsonString(), type, null);
            await AcceptAsync(await CredentialAsync(issuer), Trusting(issuer));
        }
    }

    [Fact]
    [Trait("Row", "SVC-09")]
    public async Task Verify_refuses_metadata_of_another_issuer_or_with_both_or_neither_kinds_of_keys()
    {
        await using var server = await StartAsync();
        var issuer = IssuerOf(server);
        var text = await CredentialAsync(issuer);
        var keys = (IssuerKey.PublicKey, "k1");
        Publish(Metadata(issuer, keys));
        await AcceptAsync(text, Trusting(issuer));

        (JsonObject Metadata, string Code)[] wrong =
        [
            (Metadata(issuer + "/", keys), SdJwtCodes.IssuerMetadataMismatch),
            (Metadata("https://issuer.example", keys), SdJwtCodes.IssuerMetadataMismatch),
            (new JsonObject { ["jwks"] = Jwks(keys) }, SdJwtCodes.IssuerMetadataMalformed),
            (new JsonObject { ["issuer"] = issuer }, SdJwtCodes.IssuerMetadataMalformed),
            (new JsonObject { ["issuer"] = issuer, ["jwks"] = Jwks(keys), ["jwks_uri"] = server.Url.AbsoluteUri + "keys" }, SdJwtCodes.IssuerMetadataMalformed),
            (new JsonObject { ["issuer"] = issuer, ["jwks_uri"] = "http://keys.example/keys" }, SdJwtCodes.IssuerMetadataMalformed),
            (new JsonObject { ["issuer"] = issuer, ["jwks_uri"] = "file:///etc/keys" }, SdJwtCodes.IssuerMetadataMalformed),
            (new JsonObject { ["issuer"] = issuer, ["jwks"] = new JsonArray() }, SdJwtCodes.IssuerMetadataMalformed),
            (new JsonObject { ["issuer"] = issuer, ["jwks"] = new JsonObject() }, JoseCodes.JwkMalformed),
        ];
        foreach (var (metadata, code) in wrong)
        {
            Publish(metadata);
            await RefuseAsync(text, SdJwtChecks.IssuerKey, code, Trusting(issuer));
        }
    }

    [Fact]
    [Trait("Row", "SVC-09")]
    public async Task Metadata_that_cannot_be_had_leaves_the_issuer_undecided()
    {
        await using var server = await StartAsync();
        var issuer = IssuerOf(server);
        var text = await CredentialAsync(issuer);

        await UndecidedAsync(text, Trusting(issuer), HttpCodes.StatusRefused);
        Publish(Metadata(issuer, (IssuerKey.PublicKey, "k1")), type: "text/html");
        await UndecidedAsync(text, Trusting(issuer), HttpCodes.ContentTypeRefused);
        await UndecidedAsync(text, Trusting(issuer) with { IssuerMetadata = null }, SdJwtCodes.IssuerMetadataNotFetched);
        Publish(Metadata(issuer, (IssuerKey.PublicKey, "k1")));
        await AcceptAsync(text, Trusting(issuer));
    }

    private static async Task UndecidedAsync(string text, SdJwtExpectations expected, string code)
    {
        var report = await VerifyAsync(text, expected);
        Assert.False(report.IsAccepted);
        var check = report.Checks.Single(c => c.Id == SdJwtChecks.IssuerKey);
        Assert.True(check.Outcome == CheckOutcome.Indeterminate && check.Code == code, Describe(report));
        Assert.Equal(SdJwtChecks.IssuerKey, report.Checks.Single(c => c.Id == SdJwtChecks.IssuerSignature).BlockedBy);
    }

    [Fact]
    public async Task Only_the_key_of_the_kid_counts_and_only_for_the_types_of_the_anchor()
    {
        await using var server = await StartAsync();
        var issuer = IssuerOf(server);
        Publish(Metadata(issuer, (IssuerKey.PublicKey, "k1"), (OtherKey.PublicKey, "k2")));
        await AcceptAsync(await CredentialAsync(issuer, "k2", OtherKey), Trusting(issuer));

        await RefuseAsync(await CredentialAsync(issuer, "k2"), SdJwtChecks.IssuerSignature, SdJwtCodes.SignatureInvalid, Trusting(issuer));
        await RefuseAsync(await CredentialAsync(issuer, "k3"), SdJwtChecks.IssuerKey, SdJwtCodes.IssuerKeyMissing, Trusting(issuer));
        await RefuseAsync(await CredentialAsync(issuer), SdJwtChecks.IssuerKey, TrustCodes.NotForType, Trusting(issuer, "urn:another"));
    }

    [Fact]
    [Trait("Row", "SVC-10")]
    public async Task A_presenter_cannot_choose_between_certificates_and_metadata()
    {
        await using var server = await StartAsync();
        var issuer = IssuerOf(server);
        Publish(Metadata(issuer, (OtherKey.PublicKey, "k1")));
        var both = Trusting(issuer) with { Trust = Trusting(issuer).Trust.With(RootTrust) };
        var withChain = new JsonObject { ["typ"] = "dc+sd-jwt", ["x5c"] = X5c.ToJson([IssuerCertificate]) };
        await AcceptAsync(await CredentialAsync(issuer, key: OtherKey), both);

        // Trusted by its URL: a chain of another trusted authority is of no use.
        await RefuseAsync(await CredentialAsync(issuer, header: withChain.DeepClone().AsObject()), SdJwtChecks.IssuerSignature, SdJwtCodes.SignatureInvalid, both);

        // Trusted by certificates: metadata is not even asked for.
        var before = _requests;
        var elsewhere = server.Url.AbsoluteUri + "other";
        await AcceptAsync(await CredentialAsync(elsewhere, header: withChain.DeepClone().AsObject()), both);
        await RefuseAsync(await CredentialAsync(elsewhere, key: OtherKey), SdJwtChecks.IssuerKey, TrustCodes.UnknownIssuer, both);
        Assert.Equal(before, _requests);

        // Pinned by its key: neither counts.
        var pinned = both with { Trust = both.Trust.With(TrustStore.Create([TrustAnchor.ForKey(IssuerKey.PublicKey, TrustPurpose.CredentialIssuer, issuer: issuer)])) };
        await AcceptAsync(await CredentialAsync(issuer), pinned);
        await RefuseAsync(await CredentialAsync(issuer, key: OtherKey), SdJwtChecks.IssuerSignature, SdJwtCodes.SignatureInvalid, pinned);
        Assert.Equal(before, _requests);
    }

    [Fact]
    public async Task Keys_are_kept_while_the_answer_is_fresh_and_looked_for_again_when_one_is_missing()
    {
        await using var server = await StartAsync();
        var issuer = IssuerOf(server);
        var expected = Trusting(issuer);
        Publish(Metadata(issuer, (IssuerKey.PublicKey, "k1")), "max-age=600");

        await AcceptAsync(await CredentialAsync(issuer), expected);
        await AcceptAsync(await CredentialAsync(issuer), expected with { Now = Now.AddSeconds(599) });
        Assert.Equal(1, _requests);
        await AcceptAsync(await CredentialAsync(issuer), expected with { Now = Now.AddSeconds(600) });
        Assert.Equal(2, _requests);

        // A new key is found at once when the kid asks for it, but an unknown kid does not make a request each time.
        Publish(Metadata(issuer, (IssuerKey.PublicKey, "k1"), (OtherKey.PublicKey, "k2")), "no-store");
        var later = expected with { Now = Now.AddSeconds(700) };
        await AcceptAsync(await CredentialAsync(issuer, "k2", OtherKey), later);
        Assert.Equal(3, _requests);
    }

    [Fact]
    public async Task A_failure_is_remembered_for_a_while_and_an_unknown_kid_asks_no_more_than_that()
    {
        await using var server = await StartAsync();
        var issuer = IssuerOf(server);
        var expected = Trusting(issuer);
        var text = await CredentialAsync(issuer, "k9");
        await VerifyAsync(text, expected);
        await VerifyAsync(text, expected with { Now = Now.AddSeconds(29) });
        Assert.Equal(1, _requests);

        Publish(Metadata(issuer, (IssuerKey.PublicKey, "k1")));
        for (var seconds = 30; seconds <= 60; seconds += 10) await VerifyAsync(text, expected with { Now = Now.AddSeconds(seconds) });
        Assert.Equal(2, _requests);
    }

    [Fact]
    public void Metadata_is_written_as_it_is_read()
    {
        foreach (var metadata in new[] { Metadata("https://issuer.example", (IssuerKey.PublicKey, "k1")), new JsonObject { ["issuer"] = "https://issuer.example", ["jwks_uri"] = "https://issuer.example/keys" } })
            AssertJson(StrictJson.ToElement(metadata), StrictJson.ToElement(JwtVcIssuerMetadata.Parse(StrictJson.ToElement(metadata), "https://issuer.example").ToJson()));
        Assert.Equal(
            SdJwtCodes.IssuerMetadataMalformed,
            Assert.Throws<MalformedDataException>(() => JwtVcIssuerMetadata.Parse(Json("""["https://issuer.example"]"""), "https://issuer.example")).Code);
    }

    // A key set that is fetched by itself ends the shorter of the two lives.
    [Theory]
    [InlineData("max-age=600", "max-age=60", 60)]
    [InlineData("max-age=60", "max-age=600", 60)]
    [InlineData("max-age=600", null, 300)]
    [InlineData("max-age=1000000", "max-age=1000000", 86400)]
    public async Task Keys_by_reference_are_kept_while_both_answers_are_fresh(string metadata, string? set, int seconds)
    {
        await using var server = await StartAsync();
        var issuer = IssuerOf(server);
        Publish(new JsonObject { ["issuer"] = issuer, ["jwks_uri"] = server.Url.AbsoluteUri + "keys" }, metadata);
        _pages["/keys"] = (Jwks((IssuerKey.PublicKey, "k1")).ToJsonString(), "application/json", set);
        var client = new JwtVcIssuerMetadataClient(_http);
        foreach (var (at, requests) in new[] { (0, 2), (seconds - 1, 2), (seconds, 4) })
        {
            Assert.Single(await client.FetchKeysAsync(issuer, "k1", Now.AddSeconds(at), TestContext.Current.CancellationToken));
            Assert.Equal(requests, _requests);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Keys_from_a_copy_on_disk_count_as_long_as_the_policy_says_where_nobody_answers(bool isByReference)
    {
        using var folder = new TempFolder();
        await using var server = await StartAsync();
        var issuer = IssuerOf(server);
        var metadata = isByReference ? new JsonObject { ["issuer"] = issuer, ["jwks_uri"] = server.Url.AbsoluteUri + "keys" } : Metadata(issuer, (IssuerKey.PublicKey, "k1"));
        Publish(metadata);
        _pages["/keys"] = (Jwks((IssuerKey.PublicKey, "k1")).ToJsonString(), "application/json", null);
        var text = await CredentialAsync(issuer);
        SdJwtExpectations Afresh(OutboundHttp http, int minutes, int maxOfflineMinutes = 60) => Trusting(issuer) with
        {
            IssuerMetadata = new JwtVcIssuerMetadataClient(http),
            Status = new StatusPolicy(StatusMode.Online) { MaxOfflineAge = TimeSpan.FromMinutes(maxOfflineMinutes) },
            Now = Now.AddMinutes(minutes),
        };
        using var keeping = new OutboundHttp(new OutboundHttpOptions { AllowLoopbackHttp = true, Kept = new KeptDocuments(folder.FullPath, new byte[32]) });
        await AcceptAsync(text, Afresh(keeping, 0));
        _pages.Clear();

        var report = await VerifyAsync(text, Afresh(keeping, 59));
        Assert.True(report.IsAccepted, Describe(report));
        var check = report.Checks.Single(one => one.Id == SdJwtChecks.IssuerKey);
        Assert.Equal((SdJwtCodes.IssuerMetadataCopyUsed, TimeSpan.FromMinutes(59)), (check.Code, check.Age));
        Assert.Equal(TimeSpan.Zero, (await VerifyAsync(text, Afresh(keeping, -5))).Checks.Single(one => one.Id == SdJwtChecks.IssuerKey).Age);
        await UndecidedAsync(text, Afresh(keeping, 60), HttpCodes.StatusRefused);
        await UndecidedAsync(text, Afresh(keeping, 0, 0), HttpCodes.StatusRefused);
        // A key that the copy does not have may be a new one.
        await UndecidedAsync(await CredentialAsync(issuer, "k2"), Afresh(keeping, 59), HttpCodes.StatusRefused);
        await RefuseAsync(await CredentialAsync(issuer, "k1", OtherKey), SdJwtChecks.IssuerSignature, SdJwtCodes.SignatureInvalid, Afresh(keeping, 59));
        await UndecidedAsync(text, Afresh(_http, 59), HttpCodes.StatusRefused);

        // What is wrong in itself is an answer, and brings up no copy.
        Publish(new JsonObject { ["issuer"] = issuer });
        await RefuseAsync(text, SdJwtChecks.IssuerKey, SdJwtCodes.IssuerMetadataMalformed, Afresh(keeping, 59));
    }

    [Theory]
    [InlineData("/keys")]
    [InlineData("/.well-known/jwt-vc-issuer/tenant/1")]
    public async Task A_copy_in_two_documents_is_as_old_as_the_older_one(string older)
    {
        using var folder = new TempFolder();
        await using var server = await StartAsync();
        var issuer = IssuerOf(server);
        Publish(new JsonObject { ["issuer"] = issuer, ["jwks_uri"] = server.Url.AbsoluteUri + "keys" });
        _pages["/keys"] = (Jwks((IssuerKey.PublicKey, "k1")).ToJsonString(), "application/json", null);
        var kept = new KeptDocuments(folder.FullPath, new byte[32]);
        using var keeping = new OutboundHttp(new OutboundHttpOptions { AllowLoopbackHttp = true, Kept = kept });
        var text = await CredentialAsync(issuer);
        SdJwtExpectations Afresh(int minutes) => Trusting(issuer) with
        {
            IssuerMetadata = new JwtVcIssuerMetadataClient(keeping),
            Status = new StatusPolicy(StatusMode.Online) { MaxOfflineAge = TimeSpan.FromHours(1) },
            Now = Now.AddMinutes(minutes),
        };
        await AcceptAsync(text, Afresh(0));

        // The other one is fetched again ten minutes later.
        _pages.Remove(older);
        Assert.Equal((1, 1), await kept.RefreshAsync(keeping, TimeSpan.Zero, Now.AddMinutes(10), TestContext.Current.CancellationToken));
        _pages.Clear();
        Assert.Equal(TimeSpan.FromMinutes(59), (await VerifyAsync(text, Afresh(59))).Checks.Single(one => one.Id == SdJwtChecks.IssuerKey).Age);
        await UndecidedAsync(text, Afresh(60), HttpCodes.StatusRefused);
    }
}
