using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Credentials.Dids;
using Credentials.Http;
using Credentials.Keys;
using Credentials.Keys.Software;
using Credentials.OpenId4Vp;
using Credentials.Tests.Shared;
using Credentials.Trust;
using Credentials.Verifier.Tests.Setup;
using Credentials.X509;
using Microsoft.Playwright;

namespace Credentials.Verifier.Tests;

/// <summary>Several relying parties on one service: who they are, what they may ask, and that none sees anything of another.</summary>
public sealed class PartyTests(PostgresServer postgres, Browser browser) : IClassFixture<PostgresServer>, IClassFixture<Browser>, IDisposable
{
    private const string OwnPolicy = """
        { "name": "club-card", "purpose": { "ko": "회원 확인", "en": "Check a member" }, "status_max_age_seconds": 60,
          "dcql_query": { "credentials": [ { "id": "licence", "format": "dc+sd-jwt", "meta": { "vct_values": ["urn:credentials:kr:mdl:1"] },
            "claims": [ { "path": ["family_name"] } ] } ] } }
        """;

    private readonly TempFolder _folder = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [Trait("Row", "VPV-16")]
    public async Task Each_party_asks_in_its_own_name_and_sees_nothing_of_another(bool onPostgres)
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        var connection = onPostgres ? await postgres.CreateDatabaseAsync(Ct) : null;
        await using var verifier = await StartAsync(o => o with { Connection = connection, WebhookHosts = [receiver.Host] });
        var (shop, bank) = (verifier.Host.Ready.PartyKeys["shop"], verifier.Host.Ready.PartyKeys["bank"]);
        var wallet = new TestWallet(verifier);
        Assert.Equal(3, new HashSet<string> { shop, bank, verifier.ApiKey }.Count);
        using (var hook = await verifier.SendAsync(HttpMethod.Put, "/webhook", bank, new StringContent($$"""{"url":"{{receiver.Url}}"}""", new MediaTypeHeaderValue("application/json"))))
            Assert.Equal(HttpStatusCode.OK, hook.StatusCode);

        // Each is somebody else to the wallet: by certificate, and by the name in it.
        var asked = new Dictionary<string, (Created Created, VerifiedRequest Request)>();
        foreach (var (name, key) in new[] { ("Hanbit Shop", shop), ("Nuri Bank", bank), ("Credentials Verifier", verifier.ApiKey) })
        {
            var created = await CreateAsync(verifier, key);
            var request = await wallet.ResolveAsync(created.RequestUri);
            Assert.Equal(name, request.VerifierName);
            Assert.Equal(name, request.Request.ClientMetadata?.UnverifiedClientName);
            asked[name] = (created, request);
        }
        Assert.Equal(3, asked.Values.Select(one => one.Request.Request.ClientId).Distinct().Count());
        var of = asked["Hanbit Shop"];

        // An answer to the shop is none to the bank.
        var held = await verifier.Issuer.IssueLicenceAsync();
        var presentation = await wallet.PresentAsync(held, of.Request.Request);
        using (var wrong = await wallet.AnswerAsync(asked["Nuri Bank"].Request, presentation))
            Assert.Equal(HttpStatusCode.BadRequest, wrong.StatusCode);
        using (var right = await wallet.AnswerAsync(of.Request, presentation))
            Assert.Equal(HttpStatusCode.OK, right.StatusCode);
        using (var told = await verifier.GetAsync($"/verifications/{of.Created.Id}", shop))
            Assert.Equal("accepted", TestVerifier.Text(await TestVerifier.ReadAsync(told), "state"));

        // The shop's transactions are there for the shop alone.
        var open = await CreateAsync(verifier, shop);
        foreach (var other in new[] { bank, verifier.ApiKey })
        {
            foreach (var id in new[] { of.Created.Id, open.Id })
            {
                foreach (var path in new[] { "", "/evidence", "/events", "/qr.svg", "/digital-credentials", "?response_code=x" })
                {
                    using var read = await verifier.GetAsync($"/verifications/{id}{path}", other);
                    await AssertProblemAsync(read, HttpStatusCode.NotFound, VerifierCodes.VerificationUnknown);
                }
                using var cancel = await verifier.SendAsync(HttpMethod.Delete, $"/verifications/{id}", other);
                Assert.Equal(HttpStatusCode.NotFound, cancel.StatusCode);
                using var put = await verifier.PostJsonAsync($"/verifications/{id}/digital-credentials", new JsonObject(), other);
                Assert.Equal(HttpStatusCode.NotFound, put.StatusCode);
            }
        }
        using (var hook = await verifier.GetAsync("/webhook", shop))
            await AssertProblemAsync(hook, HttpStatusCode.NotFound, VerifierCodes.WebhookNone);
        using (var deleted = await verifier.SendAsync(HttpMethod.Delete, "/webhook", shop))
            Assert.Equal(HttpStatusCode.NotFound, deleted.StatusCode);

        // The bank's webhook hears of the bank's own end, and had not heard of the shop's before.
        var message = await receiver.NextAsync();
        Assert.Equal((asked["Nuri Bank"].Created.Id, "not_accepted"), (message.TransactionId, message.State));
        Assert.False(receiver.HasMore);
    }

    [Fact]
    [Trait("Row", "VPV-16")]
    public async Task A_party_asks_what_its_policies_say_and_no_more()
    {
        await using var verifier = await StartAsync();
        var (shop, bank) = (verifier.Host.Ready.PartyKeys["shop"], verifier.Host.Ready.PartyKeys["bank"]);
        var own = new JsonObject
        {
            ["dcql_query"] = JsonNode.Parse("""{ "credentials": [ { "id": "a", "format": "dc+sd-jwt", "meta": { "vct_values": ["urn:credentials:kr:mdl:1"] } } ] }"""),
            ["purpose"] = "everything",
        };
        foreach (var (key, body, status, code) in new[]
        {
            (shop, Policy("over-19"), HttpStatusCode.Created, null),
            (shop, Policy("club-card"), HttpStatusCode.Created, null),
            (shop, Policy("driving-licence"), HttpStatusCode.BadRequest, VerifierCodes.PolicyUnknown),
            (shop, own, HttpStatusCode.Forbidden, VerifierCodes.RequestOwnQuery),
            (bank, Policy("driving-licence"), HttpStatusCode.Created, null),
            (bank, Policy("club-card"), HttpStatusCode.BadRequest, VerifierCodes.PolicyUnknown),
            (bank, own, HttpStatusCode.Created, null),
            (verifier.ApiKey, Policy("club-card"), HttpStatusCode.BadRequest, VerifierCodes.PolicyUnknown),
        })
        {
            using var answer = await verifier.PostJsonAsync("/verifications", body.DeepClone(), key);
            if (code is null)
                Assert.Equal(status, answer.StatusCode);
            else
                await AssertProblemAsync(answer, status, code);
        }
        using var unsigned = await verifier.PostJsonAsync("/verifications", With(own, "client_id_prefix", "redirect_uri"), bank);
        await AssertProblemAsync(unsigned, HttpStatusCode.BadRequest, VerifierCodes.RequestUnsigned);
        foreach (var (key, status) in new[] { (shop, HttpStatusCode.OK), (bank, HttpStatusCode.BadRequest) })
        {
            using var answer = await verifier.PostJsonAsync("/documents/verify", new JsonObject { ["document"] = "x", ["policy"] = "club-card" }, key);
            Assert.Equal(status, answer.StatusCode);
        }

        static JsonObject Policy(string name) => new() { ["policy"] = name };
    }

    [Fact]
    public async Task A_party_with_an_address_and_a_certificate_of_its_own_is_known_by_its_dns_name()
    {
        await using var verifier = new TestVerifier();
        using var authority = CertificateAuthority.Create("National Access Authority", "KR", verifier.Clock.Now);
        var (key, otherKey) = (SoftwareSigningKey.Generate(SignatureAlgorithm.Es256), SoftwareSigningKey.Generate(SignatureAlgorithm.Es256));
        using var certificate = authority.IssueAccessCertificate("Nuri Bank Ltd", key, ["bank.example"], verifier.Clock.Now);
        _folder.Write("bank.pem", certificate.ExportCertificatePem() + "\n" + authority.Certificate.ExportCertificatePem());
        _folder.Write("bank.key.pem", key.ExportPkcs8Pem());
        _folder.Write("other.key.pem", otherKey.ExportPkcs8Pem());
        string File(string keyFile) => _folder.Write("parties.json", $$"""
            { "parties": [ { "id": "bank", "name": "Nuri Bank", "public_url": "https://bank.example", "access_certificate": "bank.pem", "access_key": "{{keyFile}}" },
                           { "id": "shop", "name": "Hanbit Shop", "public_url": "https://shop.example" } ] }
            """);
        verifier.Alter = options => options with { PartiesFile = File("bank.key.pem") };
        await verifier.InitializeAsync();

        foreach (var (party, name, host, root) in new[]
        {
            ("bank", "Nuri Bank Ltd", "bank.example", authority.Certificate.ExportCertificatePem()),
            ("shop", "Hanbit Shop", "shop.example", await System.IO.File.ReadAllTextAsync(verifier.Host.Ready.Trust, Ct)),
        })
        {
            var created = await CreateAsync(verifier, verifier.Host.Ready.PartyKeys[party], body => body["client_id_prefix"] = "x509_san_dns");
            Assert.StartsWith($"https://{host}/v/", created.Page, StringComparison.Ordinal);
            var link = RequestUri.Parse(created.RequestUri);
            Assert.Equal(($"x509_san_dns:{host}", $"https://{host}"), (link.ClientId.Full, link.Location!.GetLeftPart(UriPartial.Authority)));
            // A proxy would bring it here.
            using var fetched = await verifier.Http.GetAsync(verifier.Url + link.Location.AbsolutePath, Ct);
            var request = await RequestVerifier.VerifyAsync(
                await fetched.Content.ReadAsStringAsync(Ct), link, new RequestExpectations(TrustStore.FromPem(root, TrustPurpose.Verifier), verifier.Clock.Now), Ct);
            Assert.Equal((name, host), (request.VerifierName, request.Request.ResponseUri.Host));
        }

        await verifier.Host.DisposeAsync();
        var refusal = await Assert.ThrowsAsync<VerifierStartException>(() => verifier.StartAsync(o => o with { PartiesFile = File("other.key.pem") }));
        Assert.Contains("party bank: access_certificate: ", refusal.Message, StringComparison.Ordinal);
        key.Dispose();
        otherKey.Dispose();
    }

    [Fact]
    public async Task A_party_is_found_by_its_did_below_the_address_that_it_shares()
    {
        await using var verifier = await StartAsync();
        var created = await CreateAsync(verifier, verifier.Host.Ready.PartyKeys["shop"], body =>
        {
            body["client_id_prefix"] = "decentralized_identifier";
            body["did_method"] = "web";
        });
        var did = RequestUri.Parse(created.RequestUri).ClientId.Name;
        Assert.EndsWith(":parties:shop", did, StringComparison.Ordinal);
        var request = await new TestWallet(verifier).ResolveAsync(created.RequestUri, alter: expected => expected with
        {
            Trust = TrustStore.Create([TrustAnchor.ForControlledIdentifier(did, TrustPurpose.Verifier)]),
            Dids = new DidResolver(DidMethods.Web, new OutboundHttp(new OutboundHttpOptions { AllowLoopbackHttp = true })),
        });
        Assert.Equal(did, request.VerifierName);
        using var unknown = await verifier.BrowseAsync("/parties/nobody/did.json");
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
    }

    [Fact]
    public async Task Keys_and_certificates_outlast_a_restart_and_a_party_taken_out_is_locked_out()
    {
        await using var verifier = await StartAsync(o => o with { Port = FreePort.Next() });
        var (shop, bank, port) = (verifier.Host.Ready.PartyKeys["shop"], verifier.Host.Ready.PartyKeys["bank"], new Uri(verifier.Url).Port);
        var (ofShop, ofBank) = (await CreateAsync(verifier, shop), await CreateAsync(verifier, bank));
        var client = RequestUri.Parse(ofBank.RequestUri).ClientId.Full;
        var start = verifier.Alter;
        verifier.Alter = o => start(o) with { Port = port };

        await verifier.RestartAsync();

        Assert.Empty(verifier.Host.Ready.PartyKeys);
        Assert.Equal(client, RequestUri.Parse((await CreateAsync(verifier, bank)).RequestUri).ClientId.Full);

        // A second key for one of them, limited to one thing.
        verifier.Alter = o => start(o) with { Port = port, RelyingParty = "bank", NewApiKey = true, Scopes = ["documents"] };
        await verifier.RestartAsync();
        using (var limited = await verifier.PostJsonAsync("/verifications", new JsonObject { ["policy"] = "over-19" }, verifier.Host.Ready.ApiKey))
            Assert.Equal(HttpStatusCode.Forbidden, limited.StatusCode);

        var file = _folder.Write("fewer.json", """{ "parties": [ { "id": "bank", "name": "New Bank" } ] }""");
        verifier.Alter = o => start(o) with { Port = port, PartiesFile = file };
        await verifier.RestartAsync();

        using (var locked = await verifier.GetAsync($"/verifications/{ofShop.Id}", shop))
            await AssertProblemAsync(locked, HttpStatusCode.Unauthorized, VerifierCodes.RequestUnauthorized);
        using (var over = await verifier.Http.GetAsync(RequestUri.Parse(ofShop.RequestUri).Location, Ct))
            Assert.Equal(HttpStatusCode.Gone, over.StatusCode);
        using (var still = await verifier.GetAsync($"/verifications/{ofBank.Id}", bank))
            Assert.Equal(HttpStatusCode.OK, still.StatusCode);
        // Another name is another certificate.
        var renamed = await new TestWallet(verifier).ResolveAsync((await CreateAsync(verifier, bank)).RequestUri);
        Assert.Equal("New Bank", renamed.VerifierName);
        Assert.NotEqual(client, renamed.Request.ClientId.Full);
    }

    [Theory]
    [InlineData("""{ "parties": {} }""", "the one member parties")]
    [InlineData("""{ "parties": [], "more": 1 }""", "the one member parties")]
    [InlineData("""{ "parties": [ """, "cannot be read as JSON")]
    [InlineData("""{ "parties": [ 7 ] }""", "parties[0]: must be an object")]
    [InlineData("""{ "parties": [ { "id": "a", "name": "A" }, { "id": "b c", "name": "B" } ] }""", "parties[1].id: must be")]
    [InlineData("""{ "parties": [ { "id": "..", "name": "A" } ] }""", "parties[0].id: must be")]
    [InlineData("""{ "parties": [ { "id": "a", "name": "A" }, { "id": "A", "name": "B" } ] }""", "parties[1].id: A is there twice")]
    [InlineData("""{ "parties": [ { "id": "Default", "name": "A" } ] }""", "party Default: id: is the service's own")]
    [InlineData("""{ "parties": [ { "id": "a" } ] }""", "parties[0].name: must have 1 to 200")]
    [InlineData("""{ "parties": [ { "id": "a", "name": 7 } ] }""", "parties[0].name: must be a text")]
    [InlineData("""{ "parties": [ { "id": "a", "name": "A", "nmae": "B" } ] }""", "parties[0].nmae: is not known here")]
    [InlineData("""{ "parties": [ { "id": "a", "name": "A", "public_url": "http://shop.example" } ] }""", "parties[0].public_url: must be https")]
    [InlineData("""{ "parties": [ { "id": "a", "name": "A", "access_certificate": "parties.json" } ] }""", "parties[0].access_key: is missing")]
    [InlineData("""{ "parties": [ { "id": "a", "name": "A", "access_certificate": "none.pem" } ] }""", "none.pem does not exist")]
    [InlineData("""{ "parties": [ { "id": "a", "name": "A", "access_certificate": "parties.json", "access_key": "parties.json" } ] }""", "party a: access_certificate: ")]
    [InlineData("""{ "parties": [ { "id": "a", "name": "A", "policies": ["no-such"] } ] }""", "party a: policies: there is no policy no-such")]
    [InlineData("""{ "parties": [ { "id": "a", "name": "A", "policies": "over-19" } ] }""", "parties[0].policies: must be a list")]
    [InlineData("""{ "parties": [ { "id": "a", "name": "A", "policy_folder": "nowhere" } ] }""", "parties[0].policy_folder: ")]
    [InlineData("""{ "parties": [ { "id": "a", "name": "A", "own_queries": "no" } ] }""", "parties[0].own_queries: must be true or false")]
    [InlineData("""{ "parties": [ { "id": "a", "name": "A", "verifier_info": "parties.json" } ] }""", "party a: attestation or verifier_info: ")]
    public async Task A_fault_in_the_file_keeps_the_service_from_starting_and_is_named(string content, string said)
    {
        var file = _folder.Write("parties.json", content);

        var refusal = await Assert.ThrowsAsync<VerifierStartException>(() => VerifierHost.BuildAsync(
            new VerifierHostOptions { DataFolder = _folder.Combine("data"), Port = 0, PartiesFile = file }, _ => { }, Ct));

        Assert.Contains(file, refusal.Message, StringComparison.Ordinal);
        Assert.Contains(said, refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("phone", 390, 844, "ko")]
    [InlineData("desktop", 1280, 800, "en")]
    public async Task A_clerk_sees_for_whom_and_goes_on_for_another_party(string name, int width, int height, string locale)
    {
        await using var verifier = await StartAsync();
        var page = await browser.NewPageAsync(width, height, locale);
        await SignInAsync("/ask", verifier.Host.Ready.PartyKeys["shop"]);
        await page.Locator("button[value=club-card]").WaitForAsync();
        Assert.Equal("Hanbit Shop", await page.InnerTextAsync(".service"));
        Assert.Equal(0, await page.Locator("button[value=driving-licence]").CountAsync());
        Assert.Equal(0, await page.Locator("#party").CountAsync());
        await CheckAsync($"one-{name}");

        await page.Locator(".party a").ClickAsync();
        await page.FillAsync("#api_key", verifier.Host.Ready.PartyKeys["bank"]);
        await page.Keyboard.PressAsync("Enter");
        await page.Locator("button[value=driving-licence]").WaitForAsync();
        Assert.Equal("Nuri Bank", await page.InnerTextAsync(".service"));
        Assert.Equal(0, await page.Locator("button[value=club-card]").CountAsync());
        await CheckAsync($"two-{name}");

        await page.SelectOptionAsync("#party", "shop");
        await page.Locator(".party button").ClickAsync();
        await page.Locator("button[value=club-card]").ClickAsync();
        await page.Locator("[data-state=created]").WaitForAsync();
        Assert.Equal("Hanbit Shop", await page.InnerTextAsync(".service"));
        await CheckAsync($"asked-{name}");
        var request = await new TestWallet(verifier).ResolveAsync((await page.Locator("a.button").GetAttributeAsync("href"))!);
        Assert.Equal("Hanbit Shop", request.VerifierName);

        // What was not signed in for cannot be chosen.
        await page.GotoAsync($"{verifier.Url}/ask");
        await page.EvaluateAsync("() => { document.querySelector('#party option').value = 'default'; document.querySelector('#party').selectedIndex = 0; }");
        var answer = await page.RunAndWaitForResponseAsync(() => page.Locator(".party button").ClickAsync(), response => response.Url.EndsWith("/party", StringComparison.Ordinal));
        Assert.Equal(400, answer.Status);

        async Task SignInAsync(string path, string key)
        {
            await page.GotoAsync(verifier.Url + path);
            await page.FillAsync("#api_key", key);
            await page.Keyboard.PressAsync("Enter");
        }

        async Task CheckAsync(string what)
        {
            if (Environment.GetEnvironmentVariable("CREDENTIALS_SCREENSHOTS") is { Length: > 0 } folder)
                await page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(folder, $"party-{what}.png"), FullPage = true });
            Assert.Empty(await Browser.SeriousFindingsAsync(page));
            Assert.True(await page.EvaluateAsync<bool>("() => document.documentElement.scrollWidth <= window.innerWidth"));
        }
    }

    private async Task<TestVerifier> StartAsync(Func<VerifierHostOptions, VerifierHostOptions>? alter = null)
    {
        Directory.CreateDirectory(_folder.Combine("shop"));
        _folder.Write("shop/club-card.json", OwnPolicy);
        var file = _folder.Write("parties.json", """
            { "parties": [
                { "id": "shop", "name": "Hanbit Shop", "policies": ["over-19"], "policy_folder": "shop", "own_queries": false },
                { "id": "bank", "name": "Nuri Bank", "allow_unsigned_queries": false } ] }
            """);
        var verifier = new TestVerifier { Alter = o => (alter?.Invoke(o) ?? o) with { PartiesFile = file } };
        await verifier.InitializeAsync();
        return verifier;
    }

    private static async Task<Created> CreateAsync(TestVerifier verifier, string key, Action<JsonObject>? alter = null)
    {
        var body = new JsonObject { ["policy"] = "over-19" };
        alter?.Invoke(body);
        using var response = await verifier.PostJsonAsync("/verifications", body, key);
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        var json = await TestVerifier.ReadAsync(response);
        return new Created(TestVerifier.Text(json, "id"), TestVerifier.Text(json, "request_uri"), TestVerifier.Text(json, "page"));
    }

    private static JsonNode With(JsonNode body, string name, string value)
    {
        var copy = body.DeepClone();
        copy[name] = value;
        return copy;
    }

    private static async Task AssertProblemAsync(HttpResponseMessage response, HttpStatusCode status, string code)
    {
        Assert.Equal(status, response.StatusCode);
        Assert.Equal(code, TestVerifier.Text(await TestVerifier.ReadAsync(response), "code"));
    }
}
