using System.Text.Json;
using Credentials.DataIntegrity.Suites;
using Credentials.Keys;

namespace Credentials.DataIntegrity;

/// <summary>
/// Decides whether the proofs of a document are good (Data Integrity 1.0 §4.4, §4.5). All of them must be, also those that a reader
/// would not need. Whatever the document contains, the answer is a list of checks and never an exception; all checks that can run do.
/// </summary>
public static class DataIntegrityVerifier
{
    /// <summary>Verifies the proofs of a document.</summary>
    /// <param name="document">The secured document, a JSON object as <see cref="Codecs.StrictJson"/> reads it; not trusted.</param>
    /// <param name="expected">What the proofs must meet.</param>
    /// <param name="ct">Ends the search for keys early.</param>
    public static async Task<DataIntegrityVerification> VerifyAsync(JsonElement document, DataIntegrityExpectations expected, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(expected);
        CheckRecorder recorder = new(DataIntegrityChecks.All, DataIntegrityChecks.MayBeNotApplicable);
        try
        {
            Run run = new(document, Read(document, expected), expected, recorder);
            return await run.VerifyAsync(ct).ConfigureAwait(false);
        }
        catch (CredentialException e) when (recorder.Outcome(DataIntegrityChecks.Format) == CheckOutcome.NotRun)
        {
            recorder.Fail(DataIntegrityChecks.Format, e.Code, "Data Integrity 1.0 §2.1");
            recorder.BlockRest(DataIntegrityChecks.Format);
            return new DataIntegrityVerification(recorder, [], static () => throw new InvalidOperationException());
        }
    }

    private static List<(DataIntegrityProof Proof, Cryptosuite Suite)> Read(JsonElement document, DataIntegrityExpectations expected) =>
        [.. DataIntegrityProof.ParseAll(document, expected.MaxProofs).Select(proof => (proof, SuiteOf(proof, expected)))];

    private static Cryptosuite SuiteOf(DataIntegrityProof proof, DataIntegrityExpectations expected) =>
        expected.Cryptosuites?.Contains(proof.Cryptosuite) != false && Cryptosuite.Find(proof.Cryptosuite) is { } suite
            ? suite
            : throw new NotSupportedCredentialException(DataIntegrityCodes.CryptosuiteNotSupported, "The cryptosuite is not supported or not accepted.");

    /// <summary>One verification of a document whose proofs could be read.</summary>
    private sealed class Run(
        JsonElement document, List<(DataIntegrityProof Proof, Cryptosuite Suite)> proofs, DataIntegrityExpectations expected, CheckRecorder recorder)
    {
        private readonly PublicKey?[] _keys = new PublicKey?[proofs.Count];

        public async Task<DataIntegrityVerification> VerifyAsync(CancellationToken ct)
        {
            recorder.Pass(DataIntegrityChecks.Format);
            // A proof may repeat the contexts that it covers.
            var rule = expected.ContextRule.AlsoIn([.. expected.ContextRule.DocumentsIn, DataIntegrityNames.Proof]);
            Record(DataIntegrityChecks.Contexts, rule.FindFault(document, expected.Contexts), "Data Integrity 1.0 §4.6");
            Record(DataIntegrityChecks.Purpose, FirstFault(PurposeFault), "Data Integrity 1.0 §4.4");
            Record(DataIntegrityChecks.Time, FirstFault(TimeFault), "Data Integrity 1.0 §2.1");
            if (expected.Domains is null) recorder.NotApplicable(DataIntegrityChecks.Domain);
            else Record(DataIntegrityChecks.Domain, FirstFault(DomainFault), "Data Integrity 1.0 §4.4");
            if (expected.Challenge is null) recorder.NotApplicable(DataIntegrityChecks.Challenge);
            else Record(DataIntegrityChecks.Challenge, FirstFault(ChallengeFault), "Data Integrity 1.0 §4.4");
            CheckChain();
            await FindKeysAsync(ct).ConfigureAwait(false);
            CheckSignatures();
            return new DataIntegrityVerification(
                recorder, [.. proofs.Zip(_keys, (entry, key) => new ProofFinding(entry.Proof, key))], CoveredDocument);
        }

        private string? PurposeFault(DataIntegrityProof proof) =>
            proof.ProofPurpose == DataIntegrityNames.PurposeOf(expected.Purpose) ? null : DataIntegrityCodes.ProofPurpose;

        private string? TimeFault(DataIntegrityProof proof)
        {
            // The skew goes to our own time: a time in a proof may be the first or the last there is.
            if (proof.Created > expected.Now + expected.ClockSkew) return DataIntegrityCodes.CreatedInFuture;
            return proof.Expires <= expected.Now - expected.ClockSkew || proof.Expires < proof.Created ? DataIntegrityCodes.Expired : null;
        }

        private string? DomainFault(DataIntegrityProof proof) =>
            proof.Domains.ToHashSet(StringComparer.Ordinal).SetEquals(expected.Domains!) ? null : DataIntegrityCodes.Domain;

        private string? ChallengeFault(DataIntegrityProof proof) => proof.Challenge == expected.Challenge ? null : DataIntegrityCodes.Challenge;

        private void CheckChain()
        {
            if (proofs.Count == 1 && proofs[0].Proof.PreviousProofs.Count == 0) recorder.NotApplicable(DataIntegrityChecks.Chain);
            else Record(DataIntegrityChecks.Chain, ProofChain.IsSound([.. proofs.Select(entry => entry.Proof)]) ? null : DataIntegrityCodes.Chain, "Data Integrity 1.0 §4.5");
        }

        private async Task FindKeysAsync(CancellationToken ct)
        {
            try
            {
                for (var i = 0; i < proofs.Count; i++)
                    _keys[i] = await expected.Keys(proofs[i].Proof.VerificationMethod, expected.Purpose, ct).ConfigureAwait(false);
                Record(
                    DataIntegrityChecks.Key, proofs.Zip(_keys).All(entry => entry.First.Suite.Accepts(entry.Second!)) ? null : DataIntegrityCodes.KeyType,
                    "Data Integrity 1.0 §4.4");
            }
            catch (FetchException e)
            {
                recorder.Indeterminate(DataIntegrityChecks.Key, e.Code, "Controlled Identifiers 1.0 §3.3");
            }
            catch (CredentialException e)
            {
                recorder.Fail(DataIntegrityChecks.Key, e.Code, "Controlled Identifiers 1.0 §3.3");
            }
        }

        private void CheckSignatures()
        {
            foreach (var needed in (ReadOnlySpan<string>)[DataIntegrityChecks.Contexts, DataIntegrityChecks.Chain, DataIntegrityChecks.Key])
            {
                if (recorder.Outcome(needed) is CheckOutcome.Passed or CheckOutcome.NotApplicable) continue;
                recorder.Block(needed, DataIntegrityChecks.Signature);
                return;
            }

            try
            {
                var isGood = Enumerable.Range(0, proofs.Count).All(i => proofs[i].Suite.Verify(InputOf(i), _keys[i]!));
                Record(DataIntegrityChecks.Signature, isGood ? null : DataIntegrityCodes.SignatureInvalid, "Data Integrity 1.0 §4.4");
            }
            catch (CredentialException e)
            {
                recorder.Fail(DataIntegrityChecks.Signature, e.Code, "Data Integrity 1.0 §4.4");
            }
        }

        private ProofInput InputOf(int i) => new(
            document, proofs[i].Proof.Json,
            [.. proofs.Select(entry => entry.Proof).Where(other => other.Id is not null && proofs[i].Proof.PreviousProofs.Contains(other.Id)).Select(other => other.Json)],
            expected.Contexts, expected.Limits);

        /// <summary>What every proof covers: of documents that differ in appended contexts, the one with the fewest.</summary>
        private JsonElement CoveredDocument() =>
            Enumerable.Range(0, proofs.Count).Select(i => proofs[i].Suite.CoveredDocument(InputOf(i)))
                .MinBy(covered => covered.TryGetProperty(DataIntegrityNames.Context, out var contexts) && contexts.ValueKind == JsonValueKind.Array ? contexts.GetArrayLength() : 0);

        private string? FirstFault(Func<DataIntegrityProof, string?> faultOf) => proofs.Select(entry => faultOf(entry.Proof)).FirstOrDefault(fault => fault is not null);

        private void Record(string id, string? fault, string section)
        {
            if (fault is null) recorder.Pass(id);
            else recorder.Fail(id, fault, section);
        }
    }
}
