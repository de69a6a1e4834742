using System.Text.Json;
using Credentials.Codecs;
using Credentials.JsonLd;

namespace Credentials.DataIntegrity.Suites;

/// <summary>
/// What the members of a proof are read as must be what they were signed as: by other contexts, <c>proofPurpose</c> could stand for
/// something else, and the signed purpose under another name (Data Integrity 1.0 §2.4.1).
/// </summary>
internal static class ProofMeaning
{
    private static readonly (string Member, string Iri)[] s_members =
    [
        (DataIntegrityNames.Cryptosuite, DataIntegrityNames.SecurityVocabulary + "cryptosuite"),
        (DataIntegrityNames.VerificationMethod, DataIntegrityNames.SecurityVocabulary + "verificationMethod"),
        (DataIntegrityNames.ProofPurpose, DataIntegrityNames.SecurityVocabulary + "proofPurpose"),
        (DataIntegrityNames.Created, "http://purl.org/dc/terms/created"),
        (DataIntegrityNames.Expires, DataIntegrityNames.SecurityVocabulary + "expiration"),
        (DataIntegrityNames.Domain, DataIntegrityNames.SecurityVocabulary + "domain"),
        (DataIntegrityNames.Challenge, DataIntegrityNames.SecurityVocabulary + "challenge"),
        (DataIntegrityNames.PreviousProof, DataIntegrityNames.SecurityVocabulary + "previousProof"),
    ];

    public static void Require(JsonElement proof, ExpandedItem? expanded)
    {
        if (expanded is not ExpandedNode node
            || !node.Types.SequenceEqual([DataIntegrityNames.SecurityVocabulary + DataIntegrityNames.ProofTypeValue])
            || proof.OptionalString(DataIntegrityNames.Id) != node.Id
            || !Array.TrueForAll(s_members, pair => IsSame(proof.Member(pair.Member), pair.Member, node, pair.Iri)))
            throw new MalformedDataException(DataIntegrityCodes.ProofMeaning, "By the contexts of the document, a proof means something else than it says.");
    }

    private static bool IsSame(JsonElement? member, string name, ExpandedNode node, string iri)
    {
        string?[] said = member is not { } value ? [] : value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray().Select(TextOf)] : [TextOf(value)];
        string?[] signed = [.. node.Values.Where(entry => entry.Property == iri).Select(entry => TextOf(entry.Value))];
        if (name == DataIntegrityNames.ProofPurpose) said = [.. said.Select(PurposeIri)];
        return said.Length == signed.Length && said.Zip(signed).All(pair => pair.First is not null && pair.First == pair.Second);
    }

    private static string? TextOf(JsonElement json) => json.ValueKind == JsonValueKind.String ? json.GetString() : null;

    private static string? TextOf(ExpandedItem item) => item switch
    {
        ExpandedNode { IsReference: true } node => node.Id,
        ExpandedValue value => TextOf(value.Value),
        _ => null,
    };

    /// <summary>The vocabulary's names for the relationships, which differ from those in JSON.</summary>
    private static string? PurposeIri(string? purpose) => purpose switch
    {
        null => null,
        "assertionMethod" => DataIntegrityNames.SecurityVocabulary + purpose,
        _ => $"{DataIntegrityNames.SecurityVocabulary}{purpose}Method",
    };
}
