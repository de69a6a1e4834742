using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.DataIntegrity;
using Credentials.Dids;
using Credentials.JsonLd;
using Credentials.Keys;
using Credentials.Keys.Software;
using Credentials.Tests.Shared;
using Credentials.Verifier.Tests.Setup;
using Credentials.W3c;

namespace Credentials.Verifier.Tests;

/// <summary>W3C credentials at hand, and the VC API.</summary>
public sealed class W3cTests : IAsyncLifetime
{
    private readonly TempFolder _folder = new();
    private readonly SoftwareSigningKey _issuerKey = SoftwareSigningKey.Generate(SignatureAlgorithm.Es256);
    private readonly SoftwareSigningKey _holderKey = SoftwareSigningKey.Generate(SignatureAlgorithm.EdDsa);
    private readonly TestVerifier _verifier = new();

    private string Issuer => DidKey.Create(_issuerKey.PublicKey);

    private string Holder => DidKey.Create(_holderKey.PublicKey);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        // A line with an identifier is trusted as a certificate is.
        _folder.Write("trust.txt", Issuer + "\n");
        _verifier.Alter = options => options with { VcApi = true, TrustFiles = [.. options.TrustFiles, _folder.Combine("trust.txt")] };
        await _verifier.InitializeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _verifier.DisposeAsync();
        _issuerKey.Dispose();
        _holderKey.Dispose();
        _folder.Dispose();
    }

    private async Task<JsonObject> CredentialAsync(Action<JsonObject>? change = null)
    {
        var document = new JsonObject
        {
            ["@context"] = new JsonArray(W3cNames.BaseContext, "urn:credentials:contexts:certificates:1"),
            ["type"] = new JsonArray("VerifiableCredential", "UniversityDegreeCredential"),
            ["issuer"] = Issuer,
            ["credentialSubject"] = new JsonObject { ["id"] = Holder, ["degree"] = "BSc" },
        };
        change?.Invoke(document);
        var options = new ProofOptions
        {
            Cryptosuite = DataIntegrityNames.EcdsaRdfc2019,
            VerificationMethod = DidKey.VerificationMethodOf(Issuer),
            Purpose = VerificationRelationship.AssertionMethod,
            Contexts = JsonLdContexts.BuiltIn,
        };
        return await W3cIssuer.IssueWithProofAsync(document, options, _issuerKey, Ct);
    }

    private async Task<(HttpStatusCode Status, JsonElement Body)> PostAsync(string path, JsonObject body, string? key = null)
    {
        using var response = await _verifier.PostJsonAsync(path, body, key);
        return (response.StatusCode, await TestVerifier.ReadAsync(response));
    }

    [Fact]
    public async Task A_document_at_hand_is_verified_with_trust_in_an_identifier()
    {
        var (status, report) = await PostAsync("/documents/verify", new JsonObject { ["document"] = (await CredentialAsync()).ToJsonString() });
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.True(report.GetProperty("accepted").GetBoolean(), report.GetRawText());
        Assert.Equal("vc", report.GetProperty("parts")[0].GetProperty("format").GetString());
    }

    [Fact]
    public async Task The_VC_API_verifies_credentials_and_says_why_not()
    {
        var credential = await CredentialAsync();
        var (status, body) = await PostAsync("/vc-api/credentials/verify", new JsonObject { ["verifiableCredential"] = credential.DeepClone() });
        Assert.Equal((HttpStatusCode.OK, true), (status, body.GetProperty("verified").GetBoolean()));
        Assert.Empty(body.GetProperty("problemDetails").EnumerateArray());
        var jwt = await W3cIssuer.IssueJwtAsync(new W3cContent { Credential = Without(credential, "proof"), KeyId = DidKey.VerificationMethodOf(Issuer) }, _issuerKey, Ct);
        Assert.Equal(HttpStatusCode.OK, (await PostAsync("/vc-api/credentials/verify", new JsonObject { ["verifiableCredential"] = jwt })).Status);

        credential["credentialSubject"]!["degree"] = "PhD";
        (status, body) = await PostAsync("/vc-api/credentials/verify", new JsonObject { ["verifiableCredential"] = credential.DeepClone() });
        Assert.Equal((HttpStatusCode.BadRequest, false), (status, body.GetProperty("verified").GetBoolean()));
        Assert.EndsWith("#CRYPTOGRAPHIC_SECURITY_ERROR", body.GetProperty("problemDetails")[0].GetProperty("type").GetString(), StringComparison.Ordinal);
        // A map in a text is not a map.
        var text = await CredentialAsync();
        foreach (var wrong in (JsonNode?[])[text.ToJsonString(), " " + text.ToJsonString(), null, 1, new JsonArray(), "", "x.y.z", new JsonObject()])
            Assert.Equal(HttpStatusCode.BadRequest, (await PostAsync("/vc-api/credentials/verify", new JsonObject { ["verifiableCredential"] = wrong })).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await PostAsync("/vc-api/credentials/verify", new JsonObject(), "wrong")).Status);
    }

    [Fact]
    public async Task The_VC_API_verifies_presentations_for_their_challenge_and_domain()
    {
        var content = new W3cPresentationContent
        {
            Credentials = [StrictJson.ToUtf8(await CredentialAsync())],
            Audience = "https://shop.example",
            Nonce = "c-1",
            SignedAt = _verifier.Clock.GetUtcNow(),
            Holder = Holder,
            KeyId = DidKey.VerificationMethodOf(Holder),
        };
        var presentation = await W3cPresenter.PresentWithProofAsync(content, DataIntegrityNames.EddsaRdfc2022, JsonLdContexts.BuiltIn, _holderKey, Ct);
        JsonObject Asking(string? domain, string? challenge) => new()
        {
            ["verifiablePresentation"] = presentation.DeepClone(),
            ["options"] = new JsonObject { ["domain"] = domain, ["challenge"] = challenge },
        };
        var (status, body) = await PostAsync("/vc-api/presentations/verify", Asking("https://shop.example", "c-1"));
        Assert.True(status == HttpStatusCode.OK, body.GetRawText());
        Assert.Equal(HttpStatusCode.BadRequest, (await PostAsync("/vc-api/presentations/verify", Asking("https://shop.example", "c-2"))).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await PostAsync("/vc-api/presentations/verify", Asking("https://evil.example", "c-1"))).Status);
        Assert.Equal(HttpStatusCode.OK, (await PostAsync("/vc-api/presentations/verify", new JsonObject { ["verifiablePresentation"] = presentation.DeepClone() })).Status);
    }

    [Fact]
    public async Task Data_model_1_1_is_accepted_where_it_is_switched_on()
    {
        var credential = await CredentialAsync(document =>
        {
            document["@context"] = new JsonArray(W3cNames.BaseContextV1, W3cNames.DataIntegrityContext, "urn:credentials:contexts:certificates:1");
            document["issuanceDate"] = "2026-01-01T00:00:00Z";
        });
        var body = new JsonObject { ["verifiableCredential"] = credential };
        Assert.Equal(HttpStatusCode.BadRequest, (await PostAsync("/vc-api/credentials/verify", body)).Status);
        await using var other = new TestVerifier { Alter = options => _verifier.Alter!(options) with { AcceptsDataModelV1 = true } };
        await other.InitializeAsync();
        foreach (var (path, asked) in ((string, JsonObject)[])[("/vc-api/credentials/verify", body), ("/documents/verify", new JsonObject { ["document"] = credential.ToJsonString() })])
        {
            using var response = await other.PostJsonAsync(path, asked, null);
            Assert.True(response.StatusCode == HttpStatusCode.OK, await response.Content.ReadAsStringAsync(Ct));
        }
    }

    [Fact]
    public async Task The_VC_API_is_off_until_it_is_switched_on()
    {
        await using var plain = await _verifier.StartAsync(options => options with { DataFolder = _folder.Combine("other") });
        using var http = new HttpClient();
        using var response = await http.PostAsync(new Uri(plain.Ready.Url + "/vc-api/credentials/verify"), null, Ct);
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    private static JsonObject Without(JsonObject document, string member)
    {
        var copy = document.DeepClone().AsObject();
        copy.Remove(member);
        return copy;
    }
}
