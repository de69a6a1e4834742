using System.Text.Json;
using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.DataIntegrity.Suites;
using Credentials.JsonLd;

namespace Credentials.DataIntegrity;

/// <summary>Cuts a document with a base proof of ecdsa-sd-2023 down to what is to be shown (ECDSA Cryptosuites 1.0 §3.6.6).</summary>
public static class DataIntegrityPresenter
{
    /// <summary>The JSON pointers of what is always disclosed.</summary>
    /// <param name="document">A document with a base proof; not trusted.</param>
    /// <exception cref="MalformedDataException"><c>data_integrity.proof_missing</c>: no such proof; <c>data_integrity.proof_value</c>.</exception>
    public static IReadOnlyList<string> MandatoryPointers(JsonElement document) => SdBaseProof.Parse(BaseProofOf(document).ProofValue).MandatoryPointers;

    /// <summary>Makes the document to be shown: what the issuer made mandatory, what the pointers point to, and one derived proof.</summary>
    /// <param name="document">The document with its base proof, as the issuer sent it.</param>
    /// <param name="selectivePointers">JSON pointers (RFC 6901); the empty one points to the whole document.</param>
    /// <param name="contexts">The contexts that the document may name.</param>
    /// <param name="limits">Caps; null: <see cref="JsonLdLimits.Default"/>.</param>
    /// <exception cref="MalformedDataException"><c>data_integrity.pointer</c>: a pointer points to nothing, or nothing would be disclosed;
    /// <c>data_integrity.proof_missing</c>, <c>data_integrity.proof_value</c>, <c>data_integrity.not_selectable</c>; or a <c>jsonld.…</c> code.</exception>
    public static JsonObject Derive(JsonElement document, IReadOnlyList<string> selectivePointers, JsonLdContexts contexts, JsonLdLimits? limits = null)
    {
        ArgumentNullException.ThrowIfNull(selectivePointers);
        var proof = BaseProofOf(document).Json;
        ProofInput input = new(document, proof, [], contexts, limits ?? JsonLdLimits.Default);
        var (proofValue, positions) = EcdsaSdCryptosuite.Derive(input, selectivePointers);
        var shown = JsonPointers.Cut(document, positions);
        var derived = StrictJson.ToNode(proof)!.AsObject();
        derived[DataIntegrityNames.ProofValue] = proofValue;
        shown[DataIntegrityNames.Proof] = derived;
        return shown;
    }

    private static DataIntegrityProof BaseProofOf(JsonElement document)
    {
        var proofs = DataIntegrityProof.ParseAll(document).Where(proof => proof.Cryptosuite == DataIntegrityNames.EcdsaSd2023).ToArray();
        return proofs is [var only] ? only : throw new MalformedDataException(DataIntegrityCodes.ProofMissing, "The document does not have one proof of ecdsa-sd-2023.");
    }
}
