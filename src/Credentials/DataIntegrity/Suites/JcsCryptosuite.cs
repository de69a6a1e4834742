using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.Keys;

namespace Credentials.DataIntegrity.Suites;

/// <summary>eddsa-jcs-2022 (EdDSA Cryptosuites 1.0 §3.3) and ecdsa-jcs-2019 (ECDSA Cryptosuites 1.0 §3.3).</summary>
internal sealed class JcsCryptosuite(string name, params SignatureAlgorithm[] algorithms) : HashingCryptosuite(name, algorithms)
{
    /// <summary>What was signed, read back: with the contexts of the proof, and with numbers as they were signed.</summary>
    public override JsonElement CoveredDocument(ProofInput input) => StrictJson.ParseOwn(CanonicalDocument(input with { Previous = [] }, default));

    internal override byte[] CanonicalProof(ProofInput input, HashAlgorithmName hash) =>
        Jcs.CanonicalizeObject(input.Proof, static member => member.NameEquals(DataIntegrityNames.ProofValue) ? null : member.Value);

    internal override byte[] CanonicalDocument(ProofInput input, HashAlgorithmName hash)
    {
        // §3.3.2 step 4: contexts that were appended later are not signed.
        var context = input.Proof.Member(DataIntegrityNames.Context);
        if (context is { } first && !StartsWith(input.Document.Member(DataIntegrityNames.Context), first))
            throw new MalformedDataException(DataIntegrityCodes.ProofContext, "The document does not begin with the contexts of the proof.");
        // Earlier proofs are some of those that the document has.
        JsonElement? previous = input.Previous.Count > 0 ? StrictJson.ToElement(new JsonArray([.. input.Previous.Select(StrictJson.ToNode)])) : null;
        return Jcs.CanonicalizeObject(input.Document, member =>
            member.NameEquals(DataIntegrityNames.Proof) ? previous
            : context is not null && member.NameEquals(DataIntegrityNames.Context) ? context
            : member.Value);
    }

    private static bool StartsWith(JsonElement? contexts, JsonElement first)
    {
        if (contexts is not { } all) return false;
        // Nearly always they are the same, to the letter.
        if (JsonMarshal.GetRawUtf8Value(all).SequenceEqual(JsonMarshal.GetRawUtf8Value(first))) return true;
        JsonElement[] list = all.ValueKind == JsonValueKind.Array ? [.. all.EnumerateArray()] : [all];
        JsonElement[] start = first.ValueKind == JsonValueKind.Array ? [.. first.EnumerateArray()] : [first];
        return start.Length <= list.Length && start.Zip(list).All(pair => JsonElement.DeepEquals(pair.First, pair.Second));
    }
}
