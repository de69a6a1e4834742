using System.Security.Cryptography;
using Credentials.Keys;
using Credentials.Keys.Software;

namespace Credentials.DataIntegrity.Suites;

/// <summary>
/// ecdsa-sd-2023 (ECDSA Cryptosuites 1.0 §3.6): the issuer signs every statement by itself with a key made for this document, and that
/// key together with the mandatory statements with its own. Verified are derived proofs only; a base proof is not for verifiers.
/// </summary>
internal sealed class EcdsaSdCryptosuite() : Cryptosuite(DataIntegrityNames.EcdsaSd2023, SignatureAlgorithm.Es256)
{
    public override bool Verify(ProofInput input, PublicKey key)
    {
        if (input.Previous.Count > 0) throw NoChain();
        var proof = SdDerivedProof.Parse(input.ProofValue);
        var dataset = SdDataset.WithLabels(input, proof.Labels);
        var mandatory = proof.MandatoryIndexes.Where(index => index >= 0 && index < dataset.Lines.Count).Select(index => (int)index).ToHashSet();
        if (mandatory.Count != proof.MandatoryIndexes.Count || dataset.Lines.Count - mandatory.Count != proof.Signatures.Count)
            throw new MalformedDataException(DataIntegrityCodes.ProofValue, "The proof value has another number of signatures than the document has statements.");
        if (!key.Verify(SignData(input, proof.PublicKey, dataset, mandatory), proof.BaseSignature.Span)) return false;
        var statementKey = StatementKey(proof.PublicKey);
        return Enumerable.Range(0, dataset.Lines.Count).Where(line => !mandatory.Contains(line)).Zip(proof.Signatures)
            .All(pair => statementKey.Verify(dataset.Lines[pair.First], pair.Second.Span));
    }

    public override async ValueTask<string> SignAsync(ProofInput input, ISigningKey key, CancellationToken ct)
    {
        using var statementKey = SoftwareSigningKey.Generate(SignatureAlgorithm.Es256);
        return await SignAsync(input, key, statementKey, RandomNumberGenerator.GetBytes(SdBaseProof.HmacKeyLength), ct).ConfigureAwait(false);
    }

    /// <summary>§3.6.1 to §3.6.5, with the keys that are otherwise made for each proof.</summary>
    internal static async ValueTask<string> SignAsync(ProofInput input, ISigningKey key, ISigningKey statementKey, byte[] hmacKey, CancellationToken ct)
    {
        if (input.Previous.Count > 0) throw NoChain();
        var dataset = SdDataset.WithHmac(input, hmacKey);
        var mandatory = dataset.Select(input.MandatoryPointers);
        var publicKey = Multikey.Encode(statementKey.PublicKey);
        List<ReadOnlyMemory<byte>> signatures = [];
        for (var line = 0; line < dataset.Lines.Count; line++)
            if (!mandatory.Contains(line)) signatures.Add(await statementKey.SignAsync(dataset.Lines[line], ct).ConfigureAwait(false));
        var baseSignature = await key.SignAsync(SignData(input, publicKey, dataset, mandatory), ct).ConfigureAwait(false);
        return new SdBaseProof(baseSignature, publicKey, hmacKey, signatures, input.MandatoryPointers).Write();
    }

    /// <summary>§3.6.6: the value of a derived proof, and what it discloses.</summary>
    internal static (string ProofValue, HashSet<int> Positions) Derive(ProofInput input, IReadOnlyList<string> selectivePointers)
    {
        var proof = SdBaseProof.Parse(input.ProofValue);
        var dataset = SdDataset.WithHmac(input, proof.HmacKey);
        string[] combinedPointers = [.. proof.MandatoryPointers, .. selectivePointers];
        var positions = JsonPointers.Select(input.Document, combinedPointers)
            ?? throw new MalformedDataException(DataIntegrityCodes.Pointer, "Nothing is to be disclosed.");
        var mandatory = dataset.Select(proof.MandatoryPointers);
        var combined = dataset.Select(combinedPointers);
        if (dataset.Lines.Count - mandatory.Count != proof.Signatures.Count)
            throw new MalformedDataException(DataIntegrityCodes.ProofValue, "The proof value has another number of signatures than the document has statements.");

        List<ReadOnlyMemory<byte>> signatures = [];
        List<long> mandatoryIndexes = [];
        for (int line = 0, signature = 0, disclosed = 0; line < dataset.Lines.Count; line++)
        {
            var isMandatory = mandatory.Contains(line);
            if (combined.Contains(line))
            {
                if (isMandatory) mandatoryIndexes.Add(disclosed);
                else signatures.Add(proof.Signatures[signature]);
                disclosed++;
            }

            if (!isMandatory) signature++;
        }

        SdDerivedProof derived = new(proof.BaseSignature, proof.PublicKey, signatures, dataset.LabelsFor(positions), mandatoryIndexes);
        return (derived.Write(), positions);
    }

    /// <summary>§3.5.1: hash of the options, key of the statements, hash of the mandatory statements.</summary>
    internal static byte[] SignData(ProofInput input, ReadOnlyMemory<byte> publicKey, SdDataset dataset, HashSet<int> mandatory) =>
    [
        .. SHA256.HashData(RdfcCryptosuite.CanonicalOptions(input, HashAlgorithmName.SHA256)), .. publicKey.Span, .. dataset.Hash(mandatory.Order()),
    ];

    internal static PublicKey StatementKey(ReadOnlyMemory<byte> multikey)
    {
        var key = Multikey.Decode(multikey.Span);
        return key.Algorithm == SignatureAlgorithm.Es256 ? key : throw new MalformedDataException(DataIntegrityCodes.ProofValue, "The statements are not signed with P-256.");
    }

    // Derived documents have one proof; what an earlier one covers would be cut as well.
    private static NotSupportedCredentialException NoChain() => new(DataIntegrityCodes.NotSelectable, "Selective disclosure does not cover earlier proofs.");
}
