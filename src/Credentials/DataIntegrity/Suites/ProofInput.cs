using System.Text.Json;
using Credentials.Codecs;
using Credentials.JsonLd;

namespace Credentials.DataIntegrity.Suites;

/// <summary>What a cryptosuite works on.</summary>
/// <param name="Document">The document, with its proofs or without.</param>
/// <param name="Proof">The proof, with its value or without: a part of the document, or not yet.</param>
/// <param name="Previous">The proofs of the document that the proof covers too (Data Integrity 1.0 §4.3, §4.5).</param>
internal sealed record ProofInput(
    JsonElement Document, JsonElement Proof, IReadOnlyList<JsonElement> Previous, JsonLdContexts Contexts, JsonLdLimits Limits)
{
    /// <summary>ecdsa-sd-2023: what is disclosed always.</summary>
    public IReadOnlyList<string> MandatoryPointers { get; init; } = [];

    public string ProofValue => Proof.RequireString(DataIntegrityNames.ProofValue, DataIntegrityCodes.ProofMalformed);
}
