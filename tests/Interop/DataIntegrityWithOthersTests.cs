using System.Text.Json;
using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.DataIntegrity;
using Credentials.Dids;
using Credentials.JsonLd;
using Credentials.Keys;
using Credentials.Keys.Software;
using Credentials.SdJwt;
using Credentials.StatusLists;
using Credentials.Tests.Shared;
using Credentials.Trust;
using Credentials.W3c;

namespace Credentials.Interop.Tests;

/// <summary>Data Integrity with the libraries of Digital Bazaar, both ways: theirs verify and derive from our proofs, and we from theirs.</summary>
public sealed class DataIntegrityWithOthersTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private static string Context => RepositoryRoot.Combine("spec", "contexts", "certificates-v1.jsonld");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(DataIntegrityNames.EddsaRdfc2022)]
    [InlineData(DataIntegrityNames.EcdsaSd2023)]
    public async Task Our_proofs_are_verified_by_others(string suite)
    {
        NodeScript.SkipWhenMissing();
        var issued = await IssueAsync(suite);
        var shown = suite == DataIntegrityNames.EcdsaSd2023 ? HolderProof.Show(issued, ["/credentialSubject/degree", "/credentialSubject/graduationYear"]) : issued;
        var answer = await TheyAsync("verify", Save(shown));
        Assert.True(answer.OptionalBoolean("verified"), answer.GetRawText());
        var changed = await TheyAsync("verify", Save(shown.Replace("Bachelor", "Master", StringComparison.Ordinal)));
        Assert.False(changed.OptionalBoolean("verified"));
    }

    [Theory]
    [InlineData(DataIntegrityNames.EddsaRdfc2022)]
    [InlineData(DataIntegrityNames.EcdsaSd2023)]
    public async Task Proofs_of_others_are_verified_here(string suite)
    {
        NodeScript.SkipWhenMissing();
        var answer = await TheyAsync("issue", suite);
        var issued = answer.RequireObjectMember("credential").GetRawText();
        var shown = suite == DataIntegrityNames.EcdsaSd2023 ? HolderProof.Show(issued, ["/credentialSubject/degree"]) : issued;
        Assert.Equal(suite == DataIntegrityNames.EddsaRdfc2022, shown.Contains("4.21", StringComparison.Ordinal));
        var report = await VerifyAsync(shown, answer.RequireString("issuer"));
        Assert.True(report.IsAccepted, report.ToJson().ToJsonString());
        Assert.False((await VerifyAsync(shown.Replace("Bachelor", "Master", StringComparison.Ordinal), answer.RequireString("issuer"))).IsAccepted);
    }

    [Fact]
    public async Task Each_derives_from_what_the_other_issued()
    {
        NodeScript.SkipWhenMissing();
        // Issued here, cut down there, verified here.
        var ours = await IssueAsync(DataIntegrityNames.EcdsaSd2023);
        var theirs = (await TheyAsync("derive", Save(ours), "/credentialSubject/graduationYear")).RequireObjectMember("credential");
        Assert.False(theirs.GetProperty("credentialSubject").TryGetProperty("familyName", out _));
        var report = await VerifyAsync(theirs.GetRawText(), StrictJson.Parse(ours).RequireString("issuer"));
        Assert.True(report.IsAccepted, report.ToJson().ToJsonString());

        // Issued there, cut down here, verified there.
        var issued = (await TheyAsync("issue", DataIntegrityNames.EcdsaSd2023)).RequireObjectMember("credential").GetRawText();
        var answer = await TheyAsync("verify", Save(HolderProof.Show(issued, ["/credentialSubject/degree"])));
        Assert.True(answer.OptionalBoolean("verified"), answer.GetRawText());
    }

    private static async Task<string> IssueAsync(string suite)
    {
        using var key = SoftwareSigningKey.Generate(suite == DataIntegrityNames.EddsaRdfc2022 ? SignatureAlgorithm.EdDsa : SignatureAlgorithm.Es256);
        var issuer = DidKey.Create(key.PublicKey);
        var document = new JsonObject
        {
            ["@context"] = new JsonArray(W3cNames.BaseContext, "urn:credentials:contexts:certificates:1"),
            ["type"] = new JsonArray(W3cNames.CredentialType, "UniversityDegreeCredential"),
            ["issuer"] = issuer,
            ["validFrom"] = "2026-01-01T00:00:00Z",
            ["credentialSubject"] = new JsonObject
            {
                ["id"] = "urn:uuid:d58b2365-0951-4373-96c8-e886d61829f2",
                ["familyName"] = "홍",
                ["degree"] = "Bachelor of Science",
                ["graduationYear"] = 2026,
            },
        };
        return (await W3cIssuer.IssueWithProofAsync(document, new ProofOptions
        {
            Cryptosuite = suite,
            VerificationMethod = DidKey.VerificationMethodOf(issuer),
            Purpose = VerificationRelationship.AssertionMethod,
            Contexts = JsonLdContexts.BuiltIn,
            Created = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero),
            MandatoryPointers = suite == DataIntegrityNames.EcdsaSd2023 ? ["/issuer", "/validFrom"] : [],
        }, key, TestContext.Current.CancellationToken)).ToJsonString();
    }

    private static Task<VerificationReport> VerifyAsync(string credential, string issuer) => W3cVerifier.VerifyCredentialAsync(
        credential,
        new W3cExpectations
        {
            Trust = TrustStore.Create([TrustAnchor.ForControlledIdentifier(issuer, TrustPurpose.CredentialIssuer)]),
            Now = TimeProvider.System.GetUtcNow(),
            Binding = KeyBindingExpectation.NotRequested,
            Status = new StatusPolicy(StatusMode.Offline),
            Identifiers = W3cSupport.Offline.Identifiers,
        },
        TestContext.Current.CancellationToken);

    private string Save(string credential)
    {
        var path = _folder.Combine($"{Guid.NewGuid():N}.json");
        File.WriteAllText(path, credential);
        return path;
    }

    private static async Task<JsonElement> TheyAsync(string action, params string[] arguments)
    {
        var result = await NodeScript.RunAsync("scripts/data-integrity.mjs", [action, Context, .. arguments], cancellationToken: TestContext.Current.CancellationToken);
        Assert.True(result.ExitCode == 0, result.Stderr);
        return StrictJson.Parse(result.Stdout);
    }
}
