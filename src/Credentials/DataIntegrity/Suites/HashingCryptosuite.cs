using System.Security.Cryptography;
using Credentials.Codecs;
using Credentials.Keys;

namespace Credentials.DataIntegrity.Suites;

/// <summary>A suite that signs the hash of the canonical proof options and the hash of the canonical document, one behind the other.</summary>
internal abstract class HashingCryptosuite(string name, params SignatureAlgorithm[] algorithms) : Cryptosuite(name, algorithms)
{
    public override bool Verify(ProofInput input, PublicKey key)
    {
        var signature = Multibase.DecodeBase58Btc(input.ProofValue, DataIntegrityCodes.ProofValue);
        if (signature.Length != key.Algorithm.SignatureLength) throw new MalformedDataException(DataIntegrityCodes.ProofValue, "The proof value has another length than a signature.");
        return key.Verify(HashData(input, key), signature);
    }

    public override async ValueTask<string> SignAsync(ProofInput input, ISigningKey key, CancellationToken ct) =>
        Multibase.EncodeBase58Btc(await key.SignAsync(HashData(input, key.PublicKey), ct).ConfigureAwait(false));

    /// <summary>The canonical proof options, without the value of the proof.</summary>
    internal abstract byte[] CanonicalProof(ProofInput input, HashAlgorithmName hash);

    /// <summary>The canonical document, without its proofs but the earlier ones.</summary>
    internal abstract byte[] CanonicalDocument(ProofInput input, HashAlgorithmName hash);

    internal byte[] HashData(ProofInput input, PublicKey key)
    {
        var hash = HashOf(key);
        return [.. Hash(hash, CanonicalProof(input, hash)), .. Hash(hash, CanonicalDocument(input, hash))];
    }
}
