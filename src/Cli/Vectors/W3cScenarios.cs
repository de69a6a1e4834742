using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.JsonLd;
using Credentials.Keys.Software;
using Credentials.SdJwt;
using Credentials.StatusLists;
using Credentials.Trust;
using Credentials.W3c;

namespace Credentials.Cli.Vectors;

/// <summary>W3C credentials: the data model by itself, JOSE and COSE around it, and bitstring status lists.</summary>
internal static class W3cScenarios
{
    /// <summary>The form of a document, and that its contexts define all that it says.</summary>
    internal static Task DataModelAsync(Scenario scenario, CancellationToken cancelled) => Compare.Outcome(scenario, () =>
    {
        var document = scenario.Input.RequireObjectMember("document");
        if (scenario.Input.RequireString("kind") == "presentation") W3cPresentation.Parse(document);
        else W3cCredential.Parse(document);
        DefinedTerms.Check(document, JsonLdContexts.BuiltIn);
    });

    internal static async Task VerifyAsync(Scenario scenario, CancellationToken cancelled)
    {
        var expected = Expecting(scenario, SdJwtScenarios.TrustOf(scenario));
        ReadOnlyMemory<byte> content = scenario.Input.OptionalString("cose_hex") is null ? Encoding.UTF8.GetBytes(scenario.Input.RequireString("text")) : scenario.Input.RequireHex("cose_hex");
        var report = scenario.Input.RequireString("kind") == "presentation"
            ? await W3cVerifier.VerifyPresentationAsync(content, expected, cancelled)
            : await W3cVerifier.VerifyCredentialAsync(content, expected, cancelled);
        var failed = report.Parts.Append(report).SelectMany(part => part.Checks).Where(check => check.Outcome is CheckOutcome.Failed or CheckOutcome.Indeterminate).ToList();
        var said = string.Join(", ", failed.Select(check => $"{check.Id} {check.Code}"));
        Compare.True(scenario.IsAccepted == report.IsAccepted, report.IsAccepted ? "accepted, and should have been refused" : $"refused: {said}");
        if (scenario.Code is { } code) Compare.True(failed.Exists(check => check.Code == code), $"no check failed with {code}: {said}");
        if (scenario.Expect.OptionalObject("claims") is { } claims)
        {
            Compare.True(report.TryGetVerified(out var verified), "no claims");
            Compare.SameJson("claims", claims, verified!.Claims);
        }
    }

    /// <summary>Signed and read back.</summary>
    internal static Task RoundTripAsync(Scenario scenario, CancellationToken cancelled) => Compare.OutcomeAsync(scenario, async () =>
    {
        using var key = SoftwareSigningKey.FromPrivateJwk(scenario.Input.RequireObjectMember("private_jwk"));
        var document = scenario.Input.RequireObjectMember("document");
        var content = new W3cContent { Credential = (JsonObject)StrictJson.ToNode(document)!, KeyId = scenario.Input.RequireString("key_id"), Contexts = JsonLdContexts.BuiltIn };
        var secured = scenario.Input.RequireString("format") == "vc+cose"
            ? await W3cIssuer.IssueCoseAsync(content, key, cancelled)
            : Encoding.ASCII.GetBytes(await W3cIssuer.IssueJwtAsync(content, key, cancelled));
        var trust = TrustStore.Create([TrustAnchor.ForKey(key.PublicKey, TrustPurpose.CredentialIssuer)]);
        var report = await W3cVerifier.VerifyCredentialAsync(secured, Expecting(scenario, trust), cancelled);
        Compare.True(report.TryGetVerified(out var verified), "what was issued is refused");
        Compare.SameJson("claims", document, verified!.Claims);
    });

    internal static Task BitstringAsync(Scenario scenario, CancellationToken cancelled) => Compare.Outcome(scenario, () =>
    {
        var (input, size) = (scenario.Input, (int)(scenario.Input.OptionalIndex("status_size") ?? 1));
        // A list says what its statuses are about; an entry, where one of them stands.
        var subject = new JsonObject { ["type"] = "BitstringStatusList", ["statusPurpose"] = StatusPurposes.Revocation, ["encodedList"] = input.RequireString("encoded_list") };
        var list = BitstringListDocument.Read(W3cCredential.Parse(StrictJson.ToElement(new JsonObject
        {
            ["@context"] = new JsonArray(W3cNames.BaseContext),
            ["id"] = "https://issuer.example/status/1",
            ["type"] = new JsonArray("VerifiableCredential", W3cNames.StatusListCredentialType),
            ["issuer"] = "https://issuer.example",
            ["credentialSubject"] = subject,
        })), "https://issuer.example/status/1");
        if (scenario.Expect.OptionalString("sha256") is { } digest) Compare.Same("SHA-256 of the bits", digest, Convert.ToHexStringLower(SHA256.HashData(list.Bytes)));
        foreach (var pair in input.RequireArray("indexes").EnumerateArray().Select((index, i) => (Index: index.GetInt32(), I: i)))
        {
            var entry = new BitstringStatusListEntry(StatusPurposes.Revocation, pair.Index, "https://issuer.example/status/1") { StatusSize = size };
            var result = list.Read(entry, TimeSpan.Zero);
            if (result.Outcome is StatusOutcome.Unknown or StatusOutcome.Refused) throw new MalformedDataException(result.Code!, "The status cannot be read.");
            var status = scenario.Expect.RequireArray("statuses")[pair.I].GetUInt32();
            Compare.Same($"status {pair.Index}", status, BitstringStatusList.Over(list.Bytes, size)[pair.Index]);
            Compare.Same($"outcome {pair.Index}", status == 0 ? StatusOutcome.Valid : StatusOutcome.Revoked, result.Outcome);
        }
    });

    private static W3cExpectations Expecting(Scenario scenario, TrustStore trust) => new()
    {
        Trust = trust,
        Now = scenario.Now,
        Binding = KeyBindingExpectation.NotRequested,
        Status = new StatusPolicy(StatusMode.Skip),
    };
}
