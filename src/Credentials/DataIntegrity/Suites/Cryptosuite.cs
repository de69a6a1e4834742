using System.Security.Cryptography;
using System.Text.Json;
using Credentials.Codecs;
using Credentials.Keys;

namespace Credentials.DataIntegrity.Suites;

/// <summary>A cryptosuite (Data Integrity 1.0 §3): how a document and the options of a proof become what is signed.</summary>
internal abstract class Cryptosuite(string name, params SignatureAlgorithm[] algorithms)
{
    private static readonly Cryptosuite[] s_all =
    [
        new JcsCryptosuite(DataIntegrityNames.EddsaJcs2022, SignatureAlgorithm.EdDsa),
        new JcsCryptosuite(DataIntegrityNames.EcdsaJcs2019, SignatureAlgorithm.Es256, SignatureAlgorithm.Es384),
        new RdfcCryptosuite(DataIntegrityNames.EddsaRdfc2022, SignatureAlgorithm.EdDsa),
        new RdfcCryptosuite(DataIntegrityNames.EcdsaRdfc2019, SignatureAlgorithm.Es256, SignatureAlgorithm.Es384),
        new EcdsaSdCryptosuite(),
    ];

    public string Name { get; } = name;

    /// <summary>Null if it is not supported.</summary>
    public static Cryptosuite? Find(string name) => Array.Find(s_all, suite => suite.Name == name);

    public bool Accepts(PublicKey key) => algorithms.Contains(key.Algorithm);

    /// <summary>What the proof covers of the document; its proofs are not part of it, except earlier ones.</summary>
    public virtual JsonElement CoveredDocument(ProofInput input) => WithoutProof(input.Document);

    /// <summary>True if the key made the proof.</summary>
    /// <exception cref="CredentialException">The document, the proof or its value is not in the form that the suite needs.</exception>
    public abstract bool Verify(ProofInput input, PublicKey key);

    /// <summary>The value of a new proof.</summary>
    /// <exception cref="CredentialException">The document cannot be signed without loss.</exception>
    public abstract ValueTask<string> SignAsync(ProofInput input, ISigningKey key, CancellationToken ct);

    internal static HashAlgorithmName HashOf(PublicKey key) => key.Algorithm == SignatureAlgorithm.Es384 ? HashAlgorithmName.SHA384 : HashAlgorithmName.SHA256;

    internal static byte[] Hash(HashAlgorithmName algorithm, ReadOnlySpan<byte> data)
    {
        var hash = new byte[algorithm == HashAlgorithmName.SHA384 ? SHA384.HashSizeInBytes : SHA256.HashSizeInBytes];
        ShortHash.HashData(algorithm, data, hash);
        return hash;
    }

    private static JsonElement WithoutProof(JsonElement document)
    {
        var copy = StrictJson.ToNode(document)!.AsObject();
        copy.Remove(DataIntegrityNames.Proof);
        return StrictJson.ToElement(copy);
    }
}
