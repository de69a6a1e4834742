using System.Text;
using System.Text.Json;
using Credentials.Codecs;
using Credentials.DataIntegrity;
using Credentials.DataIntegrity.Suites;
using Credentials.Dids;
using Credentials.Jose;
using Credentials.JsonLd;
using Credentials.Keys;
using Credentials.Keys.Software;

namespace Credentials.Cli.Vectors;

/// <summary>Data Integrity: what is hashed, proofs made and verified, documents cut down.</summary>
internal static class DataIntegrityScenarios
{
    /// <summary>The canonical forms and hashes between a document with the options of a proof and what is signed.</summary>
    internal static Task HashAsync(Scenario scenario, CancellationToken cancelled) => Compare.Outcome(scenario, () =>
    {
        var proof = scenario.Input.RequireObjectMember("proof");
        var key = Jwk.ParsePublic(scenario.Input.RequireObjectMember("jwk"));
        if (Cryptosuite.Find(proof.RequireString("cryptosuite")) is not HashingCryptosuite suite)
            throw new MismatchException("the cryptosuite hashes otherwise");
        var document = scenario.Input.RequireObjectMember("document");
        var input = new ProofInput(document, proof, Previous(document, scenario.Input.OptionalStringArray("previous_proofs") ?? []), JsonLdContexts.BuiltIn, JsonLdLimits.Default);
        var hash = Cryptosuite.HashOf(key);
        if (scenario.Expect.OptionalString("canonical_document") is { } canonicalDocument)
            Compare.Same("canonical_document", canonicalDocument, Encoding.UTF8.GetString(suite.CanonicalDocument(input, hash)));
        if (scenario.Expect.OptionalString("canonical_proof") is { } canonicalProof)
            Compare.Same("canonical_proof", canonicalProof, Encoding.UTF8.GetString(suite.CanonicalProof(input, hash)));
        Compare.SameBytes("hash_hex", scenario.Expect.RequireHex("hash_hex"), suite.HashData(input, key));
    });

    internal static async Task VerifyAsync(Scenario scenario, CancellationToken cancelled)
    {
        var result = await DataIntegrityVerifier.VerifyAsync(scenario.Input.RequireObjectMember("document"), ExpectationsOf(scenario), cancelled);
        var failures = string.Join(", ", result.Checks.Where(check => check.Outcome is CheckOutcome.Failed or CheckOutcome.Indeterminate).Select(check => $"{check.Id} {check.Code}"));
        Compare.True(scenario.IsAccepted == result.IsVerified, result.IsVerified ? "accepted, and should have been refused" : $"refused: {failures}");
        foreach (var check in scenario.Expect.OptionalObject("checks")?.EnumerateObject() ?? default)
            Compare.Same($"check {check.Name}", check.Value.GetString(), NameOf(result.Checks.FirstOrDefault(line => line.Id == check.Name)?.Outcome));
        if (scenario.Code is { } code)
            Compare.True(result.Checks.Any(check => check.Outcome == CheckOutcome.Failed && check.Code == code), $"no check failed with {code}: {failures}");
        if (scenario.Expect.OptionalObject("document") is { } document && result.TryGetDocument(out var covered))
            Compare.SameJson("document", document, covered.Value);
    }

    /// <summary>Proofs that are the same each time they are made: those of Ed25519.</summary>
    internal static Task SignAsync(Scenario scenario, CancellationToken cancelled) => Compare.OutcomeAsync(scenario, async () =>
    {
        using var key = SoftwareSigningKey.FromPrivateJwk(scenario.Input.RequireObjectMember("private_jwk"));
        var options = scenario.Input.RequireObjectMember("options");
        var secured = await DataIntegrityIssuer.AddProofAsync(scenario.Input.RequireObjectMember("document"), new ProofOptions
        {
            Cryptosuite = options.RequireString("cryptosuite"),
            VerificationMethod = options.RequireString("verificationMethod"),
            Purpose = PurposeOf(options.RequireString("proofPurpose")),
            Contexts = JsonLdContexts.BuiltIn,
            Created = options.OptionalString("created") is { } created ? DateTimeStamp.Parse(created) : null,
            Id = options.OptionalString("id"),
            PreviousProofs = options.OptionalStringArray("previousProof") ?? [],
        }, key, cancelled);
        Compare.SameJson("document", scenario.Expect.RequireObjectMember("document"), secured);
    });

    private static DataIntegrityExpectations ExpectationsOf(Scenario scenario)
    {
        var keys = scenario.Json.RequireObjectMember("trust").RequireArray("keys").EnumerateArray().Select(key => Jwk.ParsePublic(key.RequireObjectMember("jwk"))).ToArray();
        return new DataIntegrityExpectations
        {
            Now = scenario.Now,
            Purpose = PurposeOf(scenario.Input.OptionalString("purpose") ?? "assertionMethod"),
            Keys = (method, _, _) => ValueTask.FromResult(KeyOf(method, keys)),
            Contexts = JsonLdContexts.BuiltIn,
            ContextRule = ContextRule.Known,
            Domains = scenario.Input.OptionalStringArray("domains"),
            Challenge = scenario.Input.OptionalString("challenge"),
        };
    }

    /// <summary>In the published examples the key is the fragment of its URL.</summary>
    private static PublicKey KeyOf(string verificationMethod, PublicKey[] trusted) =>
        Array.Find(trusted, key => Multikey.Write(key) == verificationMethod[(verificationMethod.IndexOf('#') + 1)..])
        ?? throw new NotSupportedCredentialException(CliCodes.VectorMalformed, "the scenario does not trust the key of the proof");

    private static VerificationRelationship PurposeOf(string name) =>
        Enum.GetValues<VerificationRelationship>().FirstOrDefault(purpose => DataIntegrityNames.PurposeOf(purpose) == name);

    private static JsonElement[] Previous(JsonElement document, IReadOnlyList<string> ids) => ids.Count == 0
        ? []
        : [.. DataIntegrityProof.ParseAll(document).Where(proof => proof.Id is not null && ids.Contains(proof.Id)).Select(proof => proof.Json)];

    private static string? NameOf(CheckOutcome? outcome) => outcome switch
    {
        null => null,
        CheckOutcome.Passed => "passed",
        CheckOutcome.Failed => "failed",
        CheckOutcome.Indeterminate => "indeterminate",
        CheckOutcome.NotApplicable => "not_applicable",
        _ => "not_run",
    };
}
