using System.Net;
using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.Dcql;
using Credentials.Dids;
using Credentials.Http;
using Credentials.Keys;
using Credentials.Keys.Software;
using Credentials.OpenId4Vp;
using Credentials.Tests.Shared;
using Credentials.Trust;
using Credentials.Verifier.Tests.Setup;

namespace Credentials.Verifier.Tests;

/// <summary>The names by which wallets know this service: DIDs and attestations, and what others say about it.</summary>
public sealed class ClientIdentityTests(TestVerifier verifier) : IClassFixture<TestVerifier>
{
    private readonly TestWallet _wallet = new(verifier);

    [Theory]
    [InlineData("jwk", "get")]
    [InlineData("key", "post")]
    [InlineData("web", "get")]
    public async Task A_request_is_signed_as_a_did_and_answered(string method, string fetch)
    {
        var created = await verifier.CreateAsync("over-19", body =>
        {
            body["client_id_prefix"] = "decentralized_identifier";
            body["did_method"] = method;
            body["request_uri_method"] = fetch;
        });
        var did = RequestUri.Parse(created.RequestUri).ClientId.Name;
        Assert.StartsWith($"did:{method}:", did, StringComparison.Ordinal);
        var request = await _wallet.ResolveAsync(created.RequestUri, fetch == "post", expected => expected with
        {
            Trust = TrustStore.Create([TrustAnchor.ForControlledIdentifier(did, TrustPurpose.Verifier)]),
            Dids = new DidResolver(DidMethods.Key | DidMethods.Jwk | DidMethods.Web, new OutboundHttp(new OutboundHttpOptions { AllowLoopbackHttp = true })),
        });
        Assert.Equal(did, request.VerifierName);

        using var response = await _wallet.AnswerAsync(request, await _wallet.PresentAsync(await verifier.Issuer.IssueLicenceAsync(), request.Request));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("accepted", TestVerifier.Text(await verifier.StateAsync(created.Id), "state"));
    }

    [Fact]
    public async Task A_request_is_signed_under_an_attestation_with_what_others_say_about_the_verifier()
    {
        using var folder = new TempFolder();
        using var attester = SoftwareSigningKey.Generate(SignatureAlgorithm.Es256);
        await using var own = new TestVerifier();
        await own.InitializeAsync();
        using (var none = await own.PostJsonAsync("/verifications", new JsonObject { ["policy"] = "over-19", ["client_id_prefix"] = "verifier_attestation" }))
            Assert.Equal(VerifierCodes.RequestNoAttestation, TestVerifier.Text(await TestVerifier.ReadAsync(none), "code"));
        var accessKey = SoftwareSigningKey.FromPkcs8Pem(await File.ReadAllTextAsync(Path.Combine(own.DataFolder, "keys", "access.key.pem"), TestContext.Current.CancellationToken));
        var attestation = new VerifierAttestation("https://attester.example", "shop.example", accessKey.PublicKey, own.Clock.Now.AddDays(30));
        var file = folder.Write("attestation.jwt", await attestation.IssueAsync(attester, own.Clock.Now, TestContext.Current.CancellationToken) + "\n");
        var infos = folder.Write("infos.json", """[{"format":"registration_cert","data":"abc"}]""");
        own.Alter = options => options with { AttestationFile = file, VerifierInfoFile = infos };
        await own.RestartAsync();

        var created = await own.CreateAsync("over-19", body => body["client_id_prefix"] = "verifier_attestation");
        var wallet = new TestWallet(own);
        var request = await wallet.ResolveAsync(created.RequestUri, alter: expected => expected with
        {
            Trust = TrustStore.Create([TrustAnchor.ForKey(attester.PublicKey, TrustPurpose.Verifier, issuer: "https://attester.example")]),
        });
        Assert.Equal(("shop.example", "verifier_attestation:shop.example"), (request.VerifierName, request.Request.ClientId.Full));
        Assert.Contains(request.Request.VerifierInfo, info => info.Format == "registration_cert");
        using var response = await wallet.AnswerAsync(request, await wallet.PresentAsync(await own.Issuer.IssueLicenceAsync(), request.Request));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);

        // One for another key is of no use, and said so at the start.
        using var otherKey = SoftwareSigningKey.Generate(SignatureAlgorithm.Es256);
        var foreign = folder.Write("foreign.jwt", await (attestation with { Key = otherKey.PublicKey }).IssueAsync(attester, own.Clock.Now, TestContext.Current.CancellationToken));
        var broken = folder.Write("broken.json", "{}");
        await own.Host.DisposeAsync();
        await Assert.ThrowsAsync<VerifierStartException>(() => own.StartAsync(o => o with { AttestationFile = foreign }));
        await Assert.ThrowsAsync<VerifierStartException>(() => own.StartAsync(o => o with { VerifierInfoFile = broken }));
        await Assert.ThrowsAsync<VerifierStartException>(() => own.StartAsync(o => o with { Scopes = ["everything"] }));
    }

    [Theory]
    [InlineData("etsi_tl", "https://lotl.example")]
    [InlineData("openid_federation", "https://anchor.example")]
    [InlineData("aki", "s9tIpPmhxdiuNkHMEWNpYim8S8Y")]
    [Trait("Row", "VPV-10")]
    public async Task A_kind_of_trusted_authority_that_cannot_be_checked_is_not_asked_for(string type, string value)
    {
        var query = JsonNode.Parse($$"""
            { "credentials": [ { "id": "a", "format": "dc+sd-jwt", "meta": { "vct_values": ["urn:credentials:kr:mdl:1"] },
              "trusted_authorities": [ { "type": "{{type}}", "values": ["{{value}}"] } ] } ] }
            """);
        using var answer = await verifier.PostJsonAsync("/verifications", new JsonObject { ["dcql_query"] = query, ["purpose"] = "test" });
        if (type == TrustedAuthoritiesQuery.AuthorityKeyIdentifier)
            Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        else
            Assert.Equal(VerifierCodes.RequestTrustedAuthorities, TestVerifier.Text(await TestVerifier.ReadAsync(answer), "code"));
    }

    [Fact]
    public async Task A_query_with_claim_sets_and_credential_sets_is_answered_by_an_alternative()
    {
        var query = JsonNode.Parse("""
            { "credentials": [
                { "id": "resident", "format": "dc+sd-jwt", "meta": { "vct_values": ["urn:credentials:kr:resident-certificate:1"] } },
                { "id": "licence", "format": "dc+sd-jwt", "meta": { "vct_values": ["urn:credentials:kr:mdl:1"] },
                  "claims": [ { "id": "n", "path": ["nickname"] }, { "id": "f", "path": ["family_name"] }, { "id": "a", "path": ["age_over_19"] } ],
                  "claim_sets": [["n"], ["f", "a"]] } ],
              "credential_sets": [ { "options": [["resident"], ["licence"]] } ] }
            """);
        var held = await verifier.Issuer.IssueLicenceAsync();
        async Task<string> AnswerAsync(params string[] paths)
        {
            var created = await verifier.CreateAsync(new JsonObject { ["dcql_query"] = query!.DeepClone(), ["purpose"] = "test" });
            var request = await _wallet.ResolveAsync(created.RequestUri);
            var presentation = await _wallet.PresentAsync(held, request.Request, null, paths);
            (await _wallet.AnswerAsync(request, TestWallet.Token("licence", presentation))).Dispose();
            var state = await verifier.StateAsync(created.Id);
            if (TestVerifier.Text(state, "state") == "accepted")
                Assert.Equal("""{"age_over_19":true,"family_name":"홍"}""", StrictJson.ToText(new JsonObject(state.GetProperty("credentials")[0].GetProperty("claims").EnumerateObject()
                    .OrderBy(claim => claim.Name, StringComparer.Ordinal).Select(claim => KeyValuePair.Create(claim.Name, StrictJson.ToNode(claim.Value))))));
            return TestVerifier.Text(state, "state");
        }

        Assert.Equal("accepted", await AnswerAsync("family_name", "age_over_19"));
        Assert.Equal("not_accepted", await AnswerAsync("family_name"));
    }

    [Fact]
    [Trait("Row", "VPV-16")]
    public async Task A_key_does_what_its_scopes_say_and_no_more()
    {
        await using var own = new TestVerifier();
        await own.InitializeAsync();
        await own.Host.DisposeAsync();
        await using var second = await own.StartAsync(o => o with { NewApiKey = true, Scopes = ["documents"] });
        var key = second.Ready.ApiKey!;
        using var document = await own.PostJsonAsync($"{second.Ready.Url}/documents/verify", new JsonObject { ["document"] = "x" }, key);
        using var create = await own.PostJsonAsync($"{second.Ready.Url}/verifications", new JsonObject { ["policy"] = "over-19" }, key);
        using var evidence = await own.GetAsync($"{second.Ready.Url}/verifications/x/evidence", key);
        using var whole = await own.PostJsonAsync($"{second.Ready.Url}/verifications", new JsonObject { ["policy"] = "over-19" });
        Assert.Equal(HttpStatusCode.OK, document.StatusCode);
        Assert.All([create, evidence], answer => Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode));
        Assert.Equal(HttpStatusCode.Created, whole.StatusCode);
    }
}
