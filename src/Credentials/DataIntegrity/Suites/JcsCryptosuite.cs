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
        Jcs.CanonicalizeObject(Members(input.Proof).Where(member => member.Key != DataIntegrityNames.ProofValue));

    internal override byte[] CanonicalDocument(ProofInput input, HashAlgorithmName hash)
    {
        var members = Members(input.Document).Where(member => member.Key != DataIntegrityNames.Proof);
        if (input.Proof.Member(DataIntegrityNames.Context) is { } context)
        {
            // §3.3.2 step 4: contexts that were appended later are not signed.
            if (!StartsWith(input.Document.Member(DataIntegrityNames.Context), context))
                throw new MalformedDataException(DataIntegrityCodes.ProofContext, "The document does not begin with the contexts of the proof.");
            members = members.Where(member => member.Key != DataIntegrityNames.Context).Append(KeyValuePair.Create(DataIntegrityNames.Context, context));
        }

        if (input.Previous.Count > 0)
            members = members.Append(KeyValuePair.Create(DataIntegrityNames.Proof, StrictJson.ToElement(new JsonArray([.. input.Previous.Select(StrictJson.ToNode)]))));
        return Jcs.CanonicalizeObject(members);
    }

    private static IEnumerable<KeyValuePair<string, JsonElement>> Members(JsonElement json) =>
        json.EnumerateObject().Select(member => KeyValuePair.Create(member.Name, member.Value));

    private static bool StartsWith(JsonElement? contexts, JsonElement first)
    {
        if (contexts is not { } all) return false;
        JsonElement[] list = all.ValueKind == JsonValueKind.Array ? [.. all.EnumerateArray()] : [all];
        JsonElement[] start = first.ValueKind == JsonValueKind.Array ? [.. first.EnumerateArray()] : [first];
        return start.Length <= list.Length && start.Zip(list).All(pair => JsonElement.DeepEquals(pair.First, pair.Second));
    }
}
