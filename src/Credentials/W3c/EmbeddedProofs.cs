using System.Text.Json;
using Credentials.DataIntegrity;
using Credentials.Dids;
using Credentials.JsonLd;

namespace Credentials.W3c;

/// <summary>Verifies the proofs inside a document (Data Integrity 1.0 §4.5), and says what came of it in the words of W3C reports.</summary>
internal sealed class EmbeddedProofs
{
    /// <summary>What makes a proof of a document, apart from its key and its time.</summary>
    private static readonly string[] s_ofSignature =
        [DataIntegrityChecks.Format, DataIntegrityChecks.Contexts, DataIntegrityChecks.Purpose, DataIntegrityChecks.Chain, DataIntegrityChecks.Signature];

    private readonly DataIntegrityVerification _verification;

    private EmbeddedProofs(DataIntegrityVerification verification) => _verification = verification;

    /// <summary>The proofs that could be read, with their keys.</summary>
    public IReadOnlyList<ProofFinding> Proofs => _verification.Proofs;

    /// <summary>What the proofs cover, without them; null unless all are good.</summary>
    public JsonElement? Covered => _verification.TryGetDocument(out var document) ? document : null;

    /// <summary>Verifies all proofs of a document.</summary>
    /// <param name="isPresentation">Whether they must be bound to the request.</param>
    public static async Task<EmbeddedProofs> VerifyAsync(
        JsonElement document, W3cExpectations expected, VerificationRelationship purpose, VerificationKeyResolver keys, bool isPresentation, CancellationToken ct)
    {
        var rule = expected.Contexts is { } known ? ContextRule.Only(known) : ContextRule.Known;
        var isBound = isPresentation && expected.Binding.IsRequired;
        return new EmbeddedProofs(await DataIntegrityVerifier.VerifyAsync(document, new DataIntegrityExpectations
        {
            Now = expected.Now,
            Purpose = purpose,
            Keys = keys,
            Contexts = expected.JsonLdContexts,
            // Credentials inside a presentation are documents of their own.
            ContextRule = isPresentation ? rule.AlsoIn(W3cNames.Credential) : rule,
            Domains = isBound ? [expected.Binding.Audience!] : null,
            Challenge = isBound ? expected.Binding.Nonce : null,
            ClockSkew = expected.ClockSkew,
        }, ct).ConfigureAwait(false));
    }

    /// <summary>Records whether the keys could be had, and whether they made the proofs.</summary>
    public void Record(CheckRecorder recorder, string keyId, string signatureId)
    {
        var key = Of(DataIntegrityChecks.Key);
        if (key.Outcome == CheckOutcome.Passed) recorder.Pass(keyId);
        else if (key.Outcome == CheckOutcome.Indeterminate) recorder.Indeterminate(keyId, key.Code!, key.Section);
        else if (key.Outcome == CheckOutcome.Failed) recorder.Fail(keyId, key.Code!, key.Section);
        var fault = s_ofSignature.Select(Of).FirstOrDefault(check => check.Outcome == CheckOutcome.Failed);
        if (fault is not null) recorder.Fail(signatureId, fault.Code!, fault.Section);
        else if (Of(DataIntegrityChecks.Signature).Outcome == CheckOutcome.Passed) recorder.Pass(signatureId);
        else recorder.Block(keyId, signatureId);
        // Where no proof could be read there was no key to look for.
        if (key.Outcome == CheckOutcome.NotRun) recorder.Block(signatureId, keyId);
    }

    /// <summary>The code of a check of the proofs that failed; null if it did not.</summary>
    public string? FaultOf(string proofCheck) => Of(proofCheck) is { Outcome: CheckOutcome.Failed } check ? check.Code : null;

    private VerificationCheck Of(string id) => _verification.Checks.Single(check => check.Id == id);
}
