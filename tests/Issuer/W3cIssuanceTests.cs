using System.Net;
using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.DataIntegrity;
using Credentials.Dids;
using Credentials.Http;
using Credentials.Issuer.Http;
using Credentials.Issuer.Tests.Setup;
using Credentials.Keys;
using Credentials.OpenId4Vci;
using Credentials.SdJwt;
using Credentials.StatusLists;
using Credentials.Tests.Shared;
using Credentials.Trust;
using Credentials.W3c;

namespace Credentials.Issuer.Tests;

/// <summary>W3C credentials from the catalogue and by the VC API, held against what the issuer serves: its DID document and its status lists.</summary>
public class W3cIssuanceTests(PostgresServer postgres)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private static async Task<VerificationReport> VerifyAsync(RunningIssuer issuer, string credential, OutboundHttp http, StatusMode status = StatusMode.Online, bool isV1 = true) =>
        await W3cVerifier.VerifyCredentialAsync(
            credential,
            new W3cExpectations
            {
                Trust = TrustStore.FromText(issuer.TrustPem, TrustPurpose.CredentialIssuer | TrustPurpose.StatusSigner),
                Now = TimeProvider.System.GetUtcNow(),
                Binding = KeyBindingExpectation.NotRequested,
                Status = new StatusPolicy(status, TimeSpan.Zero),
                BitstringStatusClient = new BitstringStatusListClient(http),
                Identifiers = new DidResolver(DidMethods.Web, http),
                AcceptsDataModelV1 = isV1,
            },
            Ct);

    private static OutboundHttp Loopback() => new(new OutboundHttpOptions { AllowLoopbackHttp = true });

    [Theory]
    [InlineData("university_degree", Databases.Sqlite)]
    [InlineData("university_degree", Databases.Postgres)]
    [InlineData("employment", Databases.Sqlite)]
    public async Task A_batch_verifies_by_the_issuers_did_and_shows_nothing_that_links_it(string id, string database)
    {
        using var folder = new TempFolder();
        using var http = Loopback();
        await using var issuer = await RunningIssuer.StartAsync(folder.FullPath, await Databases.ConnectionAsync(database, postgres));
        var credentials = await issuer.IssueAsync(3, id);
        var shown = credentials.Select(one => HolderProof.IsSelective(one) ? HolderProof.ShowAll(one) : one).ToList();
        var keys = new HashSet<object>();
        foreach (var one in shown)
        {
            var report = await VerifyAsync(issuer, one, http);
            Assert.True(report.TryGetVerified(out var verified), report.ToJson().ToJsonString());
            Assert.True(keys.Add(verified.HolderKey!));
            Assert.StartsWith("did:web:localhost%3A", verified.Issuer, StringComparison.Ordinal);
            var entries = BitstringStatusListEntry.ReadAll(verified.Claims);
            Assert.Equal(["revocation", "suspension"], entries.Select(entry => entry.Purpose));
            Assert.False(verified.Claims.TryGetProperty("id", out _));
        }

        Assert.All(await issuer.RegisterAsync(), row => Assert.Equal(id == "employment" ? "EmploymentCredential" : "UniversityDegreeCredential", row.RequireString("type")));
    }

    [Fact]
    public async Task Suspension_and_revocation_reach_the_lists_in_both_forms()
    {
        using var folder = new TempFolder();
        using var http = Loopback();
        await using var issuer = await RunningIssuer.StartAsync(folder.FullPath);
        var credential = (await issuer.IssueAsync(1, "employment"))[0];
        var id = (await issuer.RegisterAsync())[0].RequireString("id");
        Assert.True((await VerifyAsync(issuer, credential, http)).IsAccepted);
        foreach (var (status, code) in ((string, string?)[])[("suspended", StatusListCodes.Suspended), ("valid", null), ("revoked", StatusListCodes.Revoked)])
        {
            (await issuer.ChangeStatusAsync(id, status)).Dispose();
            var report = await VerifyAsync(issuer, credential, http);
            Assert.Equal(code, report.Checks.Single(check => check.Id == W3cChecks.Status).Code);
            Assert.Equal(code is null, report.IsAccepted);
        }

        var row = (await issuer.RegisterAsync())[0];
        var list = $"/status/{row.RequireString("status_list")}/revocation";
        foreach (var (accept, type) in ((string, string)[])[("application/vc+jwt", "application/vc+jwt"), ("application/vc", "application/vc"), ("application/ld+json, application/json;q=0.5", "application/ld+json"), ("application/json", "application/json"), ("*/*", "application/vc")])
        {
            var request = new HttpRequestMessage(HttpMethod.Get, list);
            request.Headers.Accept.ParseAdd(accept);
            using var answer = await issuer.Http.SendAsync(request, Ct);
            Assert.Equal((HttpStatusCode.OK, type), (answer.StatusCode, answer.Content.Headers.ContentType!.MediaType));
            Assert.NotNull(answer.Headers.ETag);
            var body = await answer.Content.ReadAsStringAsync(Ct);
            Assert.True((await VerifyAsync(issuer, body, http, StatusMode.Skip, isV1: false)).IsAccepted);
        }

        foreach (var (path, status) in ((string, HttpStatusCode)[])[(list.Replace("revocation", "other", StringComparison.Ordinal), HttpStatusCode.NotFound), ("/status/none/revocation", HttpStatusCode.NotFound)])
        {
            using var missing = await issuer.Http.GetAsync(new Uri(path, UriKind.Relative), Ct);
            Assert.Equal(status, missing.StatusCode);
        }
    }

    [Fact]
    public async Task The_metadata_define_the_credential_as_the_protocol_asks()
    {
        using var folder = new TempFolder();
        await using var issuer = await RunningIssuer.StartAsync(folder.FullPath);
        using var response = await issuer.Http.GetAsync(new Uri("/.well-known/openid-credential-issuer", UriKind.Relative), Ct);
        var configurations = (await RunningIssuer.JsonAsync(response)).RequireObjectMember("credential_configurations_supported");
        var degree = CredentialConfiguration.Parse(configurations.RequireObjectMember("university_degree"));
        Assert.Equal(("ldp_vc", "UniversityDegreeCredential"), (degree.Format, degree.DefinedTypes[^1]));
        Assert.Equal(W3cNames.BaseContextV1, degree.DefinedContexts[0]);
        Assert.Equal([DataIntegrityNames.EcdsaSd2023], degree.SigningAlgorithms);
        Assert.Contains(degree.Claims, claim => claim.Path.Equals(ClaimPath.Of("credentialSubject", "degree")));
        var employment = CredentialConfiguration.Parse(configurations.RequireObjectMember("employment"));
        Assert.Equal(("jwt_vc_json", 0), (employment.Format, employment.DefinedContexts.Count));
        var raw = configurations.RequireObjectMember("employment").RequireObjectMember("credential_definition");
        Assert.False(raw.TryGetProperty("@context", out _));
    }

    [Theory]
    [InlineData("""{"format":"ldp_vc"}""", "types")]
    [InlineData("""{"format":"ldp_vc","types":["T"]}""", "cryptosuite")]
    [InlineData("""{"format":"jwt_vc_json","types":["T"],"cryptosuite":"ecdsa-rdfc-2019"}""", "cryptosuite")]
    [InlineData("""{"format":"ldp_vc","types":["T"],"cryptosuite":"eddsa-rdfc-2022"}""", "cryptosuite")]
    [InlineData("""{"format":"ldp_vc","types":["T"],"cryptosuite":"ecdsa-sd-2023","contexts":["https://university.example/v1"]}""", "contexts")]
    [InlineData("""{"format":"jwt_vc_json","types":["VerifiableCredential"]}""", "types")]
    [InlineData("""{"format":"jwt_vc_json","types":["T"],"vct":"urn:x:1"}""", "vct")]
    [InlineData("""{"format":"dc+sd-jwt","vct":"urn:x:1","types":["T"]}""", "types")]
    public async Task A_catalogue_file_that_cannot_be_issued_stops_the_start(string members, string named)
    {
        using var folder = new TempFolder();
        var file = StrictJson.ToNode(StrictJson.Parse(members))!.AsObject();
        file["id"] = "own";
        file["validity"] = new JsonObject { ["days"] = 1 };
        file["display"] = new JsonArray(new JsonObject { ["locale"] = "en", ["name"] = "Own" });
        file["claims"] = new JsonArray(new JsonObject { ["name"] = "degree", ["type"] = "text", ["display"] = new JsonObject { ["en"] = "Degree" } });
        Directory.CreateDirectory(folder.Combine("catalog"));
        await File.WriteAllTextAsync(folder.Combine("catalog/own.json"), file.ToJsonString(), Ct);
        var refusal = await Assert.ThrowsAsync<IssuerStartException>(
            () => RunningIssuer.StartAsync(folder.Combine("data"), configure: options => options.CatalogFolder = folder.Combine("catalog")));
        Assert.Contains($"'{named}'", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_claim_that_no_context_defines_is_refused_when_it_is_offered()
    {
        using var folder = new TempFolder();
        Directory.CreateDirectory(folder.Combine("catalog"));
        await File.WriteAllTextAsync(folder.Combine("catalog/own.json"), """
            {"id":"own","format":"vc","types":["UniversityDegreeCredential"],"contexts":["urn:credentials:contexts:certificates:1"],"cryptosuite":"ecdsa-rdfc-2019",
             "validity":{"days":1},"display":[{"locale":"en","name":"Own"}],
             "claims":[{"name":"degree","type":"text","display":{"en":"Degree"}},{"name":"nickname","type":"text","display":{"en":"Nickname"}}]}
            """, Ct);
        await using var issuer = await RunningIssuer.StartAsync(folder.Combine("data"), configure: options => options.CatalogFolder = folder.Combine("catalog"));
        JsonObject Offer(JsonObject claims) => new() { ["credential_configuration_ids"] = new JsonArray("own"), ["claims"] = new JsonObject { ["own"] = claims } };
        using var refused = await issuer.AgencyAsync(HttpMethod.Post, "/agency/v1/offers", Offer(new() { ["degree"] = "BSc", ["nickname"] = "Ada" }));
        Assert.Equal((HttpStatusCode.BadRequest, IssuerCodes.Claims), (refused.StatusCode, (await RunningIssuer.JsonAsync(refused)).RequireString("code")));
        using var made = await issuer.AgencyAsync(HttpMethod.Post, "/agency/v1/offers", Offer(new() { ["degree"] = "BSc" }));
        Assert.Equal(HttpStatusCode.Created, made.StatusCode);
    }

    private static JsonObject Unsecured() => new()
    {
        ["@context"] = new JsonArray(W3cNames.BaseContext, "urn:credentials:contexts:certificates:1"),
        ["id"] = "urn:uuid:58172aac-d8ba-11ed-83dd-0b3aef56cc33",
        ["type"] = new JsonArray("VerifiableCredential", "UniversityDegreeCredential"),
        ["credentialSubject"] = new JsonObject { ["id"] = "urn:uuid:1", ["degree"] = "BSc", ["graduationYear"] = 2026, ["familyName"] = SampleClaims.FamilyName },
    };

    [Fact]
    public async Task The_VC_API_is_off_until_it_is_switched_on_and_behind_the_agencys_key()
    {
        using var folder = new TempFolder();
        await using (var off = await RunningIssuer.StartAsync(folder.Combine("off")))
        {
            using var none = await off.AgencyAsync(HttpMethod.Post, "/vc-api/credentials/issue", new JsonObject { ["credential"] = Unsecured() });
            Assert.Equal(HttpStatusCode.NotFound, none.StatusCode);
        }

        await using var issuer = await RunningIssuer.StartAsync(folder.Combine("on"), configure: options => options.VcApi = true);
        foreach (var path in (string[])["credentials/issue", "credentials/status", "credentials/derive", "presentations", "presentations/prove"])
        {
            using var refused = await issuer.AgencyAsync(HttpMethod.Post, $"/vc-api/{path}", new JsonObject(), key: "wrong");
            Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
            using var malformed = await issuer.AgencyAsync(HttpMethod.Post, $"/vc-api/{path}", new JsonObject());
            Assert.Equal(HttpStatusCode.BadRequest, malformed.StatusCode);
        }
    }

    [Fact]
    public async Task The_VC_API_takes_data_model_1_1_and_a_status_that_is_kept_elsewhere()
    {
        using var folder = new TempFolder();
        using var http = Loopback();
        await using var issuer = await RunningIssuer.StartAsync(folder.FullPath, configure: options => options.VcApi = true);
        var elsewhere = new JsonObject { ["id"] = "https://elsewhere.example/1#7", ["type"] = "BitstringStatusListEntry", ["statusPurpose"] = "revocation", ["statusListIndex"] = "7", ["statusListCredential"] = "https://elsewhere.example/1" };
        var document = new JsonObject
        {
            ["@context"] = new JsonArray(W3cNames.BaseContextV1, W3cNames.StatusListContext),
            ["type"] = new JsonArray("VerifiableCredential"),
            ["issuanceDate"] = "2026-01-01T00:00:00Z",
            ["credentialSubject"] = new JsonObject { ["id"] = "urn:uuid:1" },
            ["credentialStatus"] = elsewhere.DeepClone(),
        };
        using var response = await IssueAsync(issuer, document, DataIntegrityNames.EcdsaRdfc2019);
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        var secured = (await RunningIssuer.JsonAsync(response)).RequireObjectMember("verifiableCredential");
        Assert.Equal([W3cNames.BaseContextV1, W3cNames.StatusListContext, W3cNames.DataIntegrityContext], secured.RequireArray("@context").EnumerateArray().Select(context => context.GetString()));
        var entries = BitstringStatusListEntry.ReadAll(secured);
        Assert.Equal(["https://elsewhere.example/1", issuer.Http.BaseAddress!.GetLeftPart(UriPartial.Authority), issuer.Http.BaseAddress.GetLeftPart(UriPartial.Authority)],
            entries.Select((entry, i) => i == 0 ? entry.StatusListCredential : new Uri(entry.StatusListCredential).GetLeftPart(UriPartial.Authority)));
        Assert.True((await VerifyAsync(issuer, secured.GetRawText(), http, StatusMode.Skip)).IsAccepted);
        // A JWT of data model 1.1 has another form, which the catalogue's types have.
        using var enveloped = await IssueAsync(issuer, document, "vc+jwt");
        Assert.Equal(HttpStatusCode.BadRequest, enveloped.StatusCode);
        document["proof"] = new JsonObject { ["type"] = "DataIntegrityProof" };
        using var proved = await IssueAsync(issuer, document, DataIntegrityNames.EcdsaRdfc2019);
        Assert.Equal(HttpStatusCode.BadRequest, proved.StatusCode);
    }

    [Fact]
    public async Task An_issuer_at_an_address_is_a_did_key_and_signs_with_no_other_key()
    {
        using var folder = new TempFolder();
        await using var issuer = await RunningIssuer.StartAsync(folder.FullPath, configure: options => options.VcApi = true, publicUrl: "http://127.0.0.1:5101");
        var did = issuer.TrustPem.TrimEnd().Split('\n')[^1];
        Assert.StartsWith("did:key:zDn", did, StringComparison.Ordinal);
        using var refused = await IssueAsync(issuer, Unsecured(), DataIntegrityNames.EddsaRdfc2022);
        Assert.Equal((HttpStatusCode.BadRequest, IssuerCodes.VcApi), (refused.StatusCode, (await RunningIssuer.JsonAsync(refused)).RequireString("code")));
        Assert.Empty(await issuer.RegisterAsync());
        using var response = await IssueAsync(issuer, Unsecured(), DataIntegrityNames.EcdsaJcs2019);
        var proof = DataIntegrityProof.ParseAll((await RunningIssuer.JsonAsync(response)).RequireObjectMember("verifiableCredential"))[0];
        Assert.Equal(DidKey.VerificationMethodOf(did), proof.VerificationMethod);
    }

    [Fact]
    public async Task A_proof_with_EdDSA_verifies_also_after_the_VC_API_was_switched_off()
    {
        using var folder = new TempFolder();
        using var http = Loopback();
        string secured, url;
        await using (var issuer = await RunningIssuer.StartAsync(folder.FullPath, configure: options => options.VcApi = true))
        {
            using var response = await IssueAsync(issuer, Unsecured(), DataIntegrityNames.EddsaJcs2022);
            secured = (await RunningIssuer.JsonAsync(response)).RequireObjectMember("verifiableCredential").GetRawText();
            url = issuer.Http.BaseAddress!.GetLeftPart(UriPartial.Authority);
        }

        await using var later = await RunningIssuer.StartAsync(folder.FullPath, publicUrl: url);
        using var document = await later.Http.GetAsync(new Uri("/.well-known/did.json", UriKind.Relative), Ct);
        var resolver = new DidResolver(DidMethods.None) { AtHand = [ControlledIdentifierDocument.Parse(await document.Content.ReadAsByteArrayAsync(Ct), later.TrustPem.TrimEnd().Split('\n')[^1])] };
        var method = await resolver.RetrieveAsync(DataIntegrityProof.ParseAll(StrictJson.Parse(secured))[0].VerificationMethod, VerificationRelationship.AssertionMethod, TimeProvider.System.GetUtcNow(), Ct);
        Assert.Equal(SignatureAlgorithm.EdDsa, method.Key.Algorithm);
    }

    private static Task<HttpResponseMessage> IssueAsync(RunningIssuer issuer, JsonObject document, string suite) => issuer.AgencyAsync(
        HttpMethod.Post, "/vc-api/credentials/issue", new JsonObject { ["credential"] = document.DeepClone(), ["options"] = new JsonObject { ["cryptosuite"] = suite } });

    [Theory]
    [InlineData(DataIntegrityNames.EddsaRdfc2022)]
    [InlineData(DataIntegrityNames.EddsaJcs2022)]
    [InlineData(DataIntegrityNames.EcdsaRdfc2019)]
    [InlineData(DataIntegrityNames.EcdsaJcs2019)]
    [InlineData(DataIntegrityNames.EcdsaSd2023)]
    [InlineData("vc+jwt")]
    public async Task What_the_VC_API_issues_verifies_and_can_be_revoked(string suite)
    {
        using var folder = new TempFolder();
        using var http = Loopback();
        await using var issuer = await RunningIssuer.StartAsync(folder.FullPath, configure: options => options.VcApi = true);
        using var response = await IssueAsync(issuer, Unsecured(), suite);
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        var secured = (await RunningIssuer.JsonAsync(response)).RequireObjectMember("verifiableCredential");
        var shown = secured;
        if (suite == DataIntegrityNames.EcdsaSd2023)
        {
            using var derived = await issuer.AgencyAsync(HttpMethod.Post, "/vc-api/credentials/derive", new JsonObject
            {
                ["verifiableCredential"] = StrictJson.ToNode(secured),
                ["options"] = new JsonObject { ["selectivePointers"] = new JsonArray("/credentialSubject/degree") },
            });
            Assert.Equal(HttpStatusCode.Created, derived.StatusCode);
            shown = (await RunningIssuer.JsonAsync(derived)).RequireObjectMember("verifiableCredential");
            Assert.DoesNotContain(SampleClaims.FamilyName, shown.GetRawText(), StringComparison.Ordinal);
        }

        Assert.True((await VerifyAsync(issuer, shown.GetRawText(), http)).IsAccepted);
        using var revoked = await issuer.AgencyAsync(HttpMethod.Post, "/vc-api/credentials/status", new JsonObject
        {
            ["credentialId"] = "urn:uuid:58172aac-d8ba-11ed-83dd-0b3aef56cc33",
            ["credentialStatus"] = new JsonObject { ["type"] = "BitstringStatusListEntry", ["statusPurpose"] = "revocation" },
            ["status"] = true,
        });
        Assert.Equal(HttpStatusCode.OK, revoked.StatusCode);
        (await issuer.ChangeStatusAsync((await issuer.RegisterAsync())[0].RequireString("id"), "revoked")).Dispose(); // waits until it is served
        var report = await VerifyAsync(issuer, shown.GetRawText(), http);
        Assert.Equal(StatusListCodes.Revoked, report.Checks.Single(check => check.Id == W3cChecks.Status).Code);
    }

    [Fact]
    public async Task The_VC_API_proves_presentations_as_a_holder_of_its_own()
    {
        using var folder = new TempFolder();
        await using var issuer = await RunningIssuer.StartAsync(folder.FullPath, configure: options => options.VcApi = true);
        var presentation = new JsonObject { ["@context"] = new JsonArray(W3cNames.BaseContext), ["type"] = new JsonArray("VerifiablePresentation") };
        using var response = await issuer.AgencyAsync(HttpMethod.Post, "/vc-api/presentations/prove", new JsonObject
        {
            ["presentation"] = presentation,
            ["options"] = new JsonObject { ["domain"] = "https://shop.example", ["challenge"] = "c-1" },
        });
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        var proved = (await RunningIssuer.JsonAsync(response)).RequireObjectMember("verifiablePresentation");
        var proof = DataIntegrityProof.ParseAll(proved)[0];
        Assert.Equal(("authentication", "c-1", "https://shop.example"), (proof.ProofPurpose, proof.Challenge, proof.Domains[0]));
        Assert.StartsWith(proved.RequireString("holder"), proof.VerificationMethod, StringComparison.Ordinal);
        presentation["holder"] = "did:key:somebody-else";
        using var refused = await issuer.AgencyAsync(HttpMethod.Post, "/vc-api/presentations", new JsonObject { ["presentation"] = presentation.DeepClone() });
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
    }
}
