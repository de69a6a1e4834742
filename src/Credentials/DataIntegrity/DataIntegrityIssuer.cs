using System.Text.Json;
using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.DataIntegrity.Suites;
using Credentials.Keys;

namespace Credentials.DataIntegrity;

/// <summary>Adds proofs to documents (Data Integrity 1.0 §4.2, §4.3).</summary>
public static class DataIntegrityIssuer
{
    /// <summary>Adds a proof: the first, one more beside others, or one that covers earlier ones.</summary>
    /// <param name="document">The document, with proofs or without; each member and type must be defined by its contexts if the suite canonicalizes RDF.</param>
    /// <param name="options">What the proof says.</param>
    /// <param name="key">The key of <see cref="ProofOptions.VerificationMethod"/>.</param>
    /// <param name="ct">Ends signing early.</param>
    /// <returns>The document with all of its proofs.</returns>
    /// <exception cref="ArgumentException">A cryptosuite that is not supported, or a key or purpose that it does not go with.</exception>
    /// <exception cref="MalformedDataException"><c>data_integrity.chain</c>: an earlier proof is not there; or a <c>jsonld.…</c> code: something would not be signed.</exception>
    public static async Task<JsonObject> AddProofAsync(JsonElement document, ProofOptions options, ISigningKey key, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(key);
        var suite = Cryptosuite.Find(options.Cryptosuite) ?? throw new ArgumentException("The cryptosuite is not supported.", nameof(options));
        if (!suite.Accepts(key.PublicKey)) throw new ArgumentException("The key is not of a kind that the cryptosuite uses.", nameof(key));
        document.RequireObject(DataIntegrityCodes.ProofMalformed);
        var earlier = document.Member(DataIntegrityNames.Proof) is null ? [] : DataIntegrityProof.ParseAll(document, int.MaxValue);
        var json = Write(document, suite, options);
        ProofInput input = new(document, StrictJson.ToElement(json), PreviousOf(earlier, options), options.Contexts, options.Limits) { MandatoryPointers = options.MandatoryPointers };
        json[DataIntegrityNames.ProofValue] = await suite.SignAsync(input, key, ct).ConfigureAwait(false);
        var secured = StrictJson.ToNode(document)!.AsObject();
        secured[DataIntegrityNames.Proof] = earlier.Count == 0 ? json : new JsonArray([.. earlier.Select(proof => StrictJson.ToNode(proof.Json)), json]);
        return secured;
    }

    /// <summary>The earlier proofs that the new one is to cover.</summary>
    private static JsonElement[] PreviousOf(IReadOnlyList<DataIntegrityProof> earlier, ProofOptions options)
    {
        // The first proof of a document, as nearly all are.
        if (earlier.Count == 0 && options.PreviousProofs.Count == 0) return [];
        JsonElement[] previous = [.. earlier.Where(proof => proof.Id is not null && options.PreviousProofs.Contains(proof.Id)).Select(proof => proof.Json)];
        return previous.Length == options.PreviousProofs.Count && (options.Id is null || earlier.All(proof => proof.Id != options.Id))
            ? previous
            : throw new MalformedDataException(DataIntegrityCodes.Chain, "A proof to be covered is not there, or the identifier is taken.");
    }

    private static JsonObject Write(JsonElement document, Cryptosuite suite, ProofOptions options)
    {
        JsonObject json = new()
        {
            [DataIntegrityNames.Type] = DataIntegrityNames.ProofTypeValue,
            [DataIntegrityNames.Cryptosuite] = suite.Name,
            [DataIntegrityNames.VerificationMethod] = options.VerificationMethod,
            [DataIntegrityNames.ProofPurpose] = DataIntegrityNames.PurposeOf(options.Purpose) ?? throw new ArgumentException("Nothing is signed for this purpose.", nameof(options)),
        };
        if (options.Id is not null) json[DataIntegrityNames.Id] = options.Id;
        if (options.Created is { } created) json[DataIntegrityNames.Created] = DateTimeStamp.Write(created);
        if (options.Expires is { } expires) json[DataIntegrityNames.Expires] = DateTimeStamp.Write(expires);
        if (options.Domains.Count > 0) json[DataIntegrityNames.Domain] = ListOf(options.Domains);
        if (options.Challenge is not null) json[DataIntegrityNames.Challenge] = options.Challenge;
        if (options.Nonce is not null) json[DataIntegrityNames.Nonce] = options.Nonce;
        if (options.PreviousProofs.Count > 0) json[DataIntegrityNames.PreviousProof] = ListOf(options.PreviousProofs);
        // EdDSA Cryptosuites 1.0 §3.3.1 step 2: so that contexts appended later do not break the proof.
        if (suite is JcsCryptosuite && document.Member(DataIntegrityNames.Context) is { } context) json[DataIntegrityNames.Context] = StrictJson.ToNode(context);
        return json;
    }

    private static JsonNode ListOf(IReadOnlyList<string> texts) =>
        texts is [var only] ? JsonValue.Create(only) : new JsonArray([.. texts.Select(text => (JsonNode)JsonValue.Create(text))]);
}
