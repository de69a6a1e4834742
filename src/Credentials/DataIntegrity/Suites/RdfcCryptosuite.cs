using System.Security.Cryptography;
using System.Text.Json;
using Credentials.Codecs;
using Credentials.JsonLd;
using Credentials.Keys;

namespace Credentials.DataIntegrity.Suites;

/// <summary>eddsa-rdfc-2022 (EdDSA Cryptosuites 1.0 §3.2) and ecdsa-rdfc-2019 (ECDSA Cryptosuites 1.0 §3.2).</summary>
internal sealed class RdfcCryptosuite(string name, params SignatureAlgorithm[] algorithms) : HashingCryptosuite(name, algorithms)
{
    internal override byte[] CanonicalProof(ProofInput input, HashAlgorithmName hash) => CanonicalOptions(input, hash);

    internal override byte[] CanonicalDocument(ProofInput input, HashAlgorithmName hash)
    {
        var expansion = new JsonLdExpansion(input.Document, input.Contexts, input.Limits, HideProofs(input));
        return Canonical(expansion.Run(input.Document), input, hash);
    }

    /// <summary>§3.2.5: the options as a document of their own, with the contexts of the document.</summary>
    internal static byte[] CanonicalOptions(ProofInput input, HashAlgorithmName hash)
    {
        JsonLdView? view = input.Proof.Member(DataIntegrityNames.ProofValue) is { } value ? JsonLdView.Without([JsonPosition.Of(value, input.Proof)]) : null;
        var expanded = new JsonLdExpansion(input.Proof, input.Contexts, input.Limits, view).Run(input.Proof, input.Document.Member(DataIntegrityNames.Context));
        ProofMeaning.Require(input.Proof, expanded is [var only] ? only : null);
        return Canonical(expanded, input, hash);
    }

    private static byte[] Canonical(List<ExpandedItem> expanded, ProofInput input, HashAlgorithmName hash) =>
        RdfCanonicalization.Canonicalize(RdfConversion.Convert(expanded, input.Limits), hash, input.Limits.Rdf).ToNQuads();

    private static JsonLdView? HideProofs(ProofInput input)
    {
        if (input.Document.Member(DataIntegrityNames.Proof) is not { } proofs) return null;
        if (input.Previous.Count == 0) return JsonLdView.Without([JsonPosition.Of(proofs, input.Document)]);
        var kept = input.Previous.Select(proof => JsonPosition.Of(proof, input.Document)).ToHashSet();
        var all = proofs.ValueKind == JsonValueKind.Array ? proofs.EnumerateArray().ToArray() : [proofs];
        return JsonLdView.Without([.. all.Select(proof => JsonPosition.Of(proof, input.Document)).Where(position => !kept.Contains(position))]);
    }
}
