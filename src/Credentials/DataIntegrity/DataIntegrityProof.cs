using System.Text.Json;
using Credentials.Codecs;

namespace Credentials.DataIntegrity;

/// <summary>A proof as it stands in a document (Data Integrity 1.0 §2.1), read but not verified.</summary>
public sealed class DataIntegrityProof
{
    private const int MaxText = 4096;
    private const int MaxEntries = 16;

    private DataIntegrityProof(JsonElement json)
    {
        Json = json;
        Id = Text(DataIntegrityNames.Id);
        Cryptosuite = Text(DataIntegrityNames.Cryptosuite) ?? throw Malformed();
        VerificationMethod = Text(DataIntegrityNames.VerificationMethod) ?? throw Malformed();
        ProofPurpose = Text(DataIntegrityNames.ProofPurpose) ?? throw Malformed();
        Created = Time(DataIntegrityNames.Created);
        Expires = Time(DataIntegrityNames.Expires);
        Domains = Texts(DataIntegrityNames.Domain);
        Challenge = Text(DataIntegrityNames.Challenge);
        PreviousProofs = Texts(DataIntegrityNames.PreviousProof);
        _ = Text(DataIntegrityNames.Nonce);
        ProofValue = json.RequireString(DataIntegrityNames.ProofValue, DataIntegrityCodes.ProofMalformed);
    }

    /// <summary>The proof as received.</summary>
    public JsonElement Json { get; }

    /// <summary>Its identifier; null if it has none.</summary>
    public string? Id { get; }

    /// <summary>The name of the cryptosuite.</summary>
    public string Cryptosuite { get; }

    /// <summary>The URL of the key.</summary>
    public string VerificationMethod { get; }

    /// <summary>Why it was made, such as <c>assertionMethod</c>.</summary>
    public string ProofPurpose { get; }

    /// <summary>When it was made; null if it does not say.</summary>
    public DateTimeOffset? Created { get; }

    /// <summary>When it ends; null if it does not say.</summary>
    public DateTimeOffset? Expires { get; }

    /// <summary>Where it may be used; empty if it does not say.</summary>
    public IReadOnlyList<string> Domains { get; }

    /// <summary>What it answers; null if it does not say.</summary>
    public string? Challenge { get; }

    /// <summary>The identifiers of the proofs that it covers too.</summary>
    public IReadOnlyList<string> PreviousProofs { get; }

    internal string ProofValue { get; }

    /// <summary>Reads the proofs of a document.</summary>
    /// <param name="document">The secured document; not trusted.</param>
    /// <param name="maxProofs">How many are read.</param>
    /// <exception cref="MalformedDataException"><c>data_integrity.proof_missing</c>, <c>data_integrity.proof_malformed</c>, <c>data_integrity.too_many_proofs</c>.</exception>
    /// <exception cref="NotSupportedCredentialException"><c>data_integrity.proof_type</c>: another type of proof.</exception>
    public static IReadOnlyList<DataIntegrityProof> ParseAll(JsonElement document, int maxProofs = 8)
    {
        var proof = document.Member(DataIntegrityNames.Proof);
        if (proof is { ValueKind: JsonValueKind.Object } single) return [Parse(single)];
        if (proof is not { ValueKind: JsonValueKind.Array } list || list.GetArrayLength() == 0)
            throw new MalformedDataException(DataIntegrityCodes.ProofMissing, "The document has no proof.");
        if (list.GetArrayLength() > maxProofs) throw new MalformedDataException(DataIntegrityCodes.TooManyProofs, $"The document has over {maxProofs} proofs.");
        return [.. list.EnumerateArray().Select(Parse)];
    }

    /// <summary>Reads one proof.</summary>
    /// <inheritdoc cref="ParseAll"/>
    public static DataIntegrityProof Parse(JsonElement json)
    {
        if (json.RequireString(DataIntegrityNames.Type, DataIntegrityCodes.ProofMalformed) != DataIntegrityNames.ProofTypeValue)
            throw new NotSupportedCredentialException(DataIntegrityCodes.ProofType, "The proof is no DataIntegrityProof.");
        return new DataIntegrityProof(json);
    }

    private string? Text(string name)
    {
        var text = Json.OptionalString(name, DataIntegrityCodes.ProofMalformed);
        return text is null or { Length: > 0 and <= MaxText } ? text : throw Malformed();
    }

    private IReadOnlyList<string> Texts(string name)
    {
        if (Json.Member(name) is not { } value) return [];
        if (value.ValueKind == JsonValueKind.String) return [Text(name)!];
        var texts = Json.OptionalStringArray(name, DataIntegrityCodes.ProofMalformed)!;
        return texts.Count is > 0 and <= MaxEntries && texts.All(text => text.Length is > 0 and <= MaxText) && texts.Distinct().Count() == texts.Count
            ? texts
            : throw Malformed();
    }

    // A time without a zone may be read as UTC; it is refused here, as others read it as their own time.
    private DateTimeOffset? Time(string name) => Text(name) is { } text ? DateTimeStamp.Parse(text, DataIntegrityCodes.ProofMalformed) : null;

    private static MalformedDataException Malformed() => new(DataIntegrityCodes.ProofMalformed, "A proof lacks a member, or has one of the wrong kind.");
}
