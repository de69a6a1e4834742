using System.Security.Cryptography;
using Credentials.Codecs;

namespace Credentials.SdJwt.TypeMetadata;

/// <summary>
/// "Integrity metadata" of a document (SD-JWT VC §6; syntax of W3C SRI §3): hashes of its octets, of which the strongest
/// kind counts and the weaker ones do not.
/// </summary>
internal static class IntegrityMetadata
{
    private const int MaxLength = 2048;

    // From weak to strong.
    private static readonly (string Name, HashAlgorithmName Hash, int Length)[] s_algorithms =
    [
        ("sha256", HashAlgorithmName.SHA256, 32), ("sha384", HashAlgorithmName.SHA384, 48), ("sha512", HashAlgorithmName.SHA512, 64),
    ];

    /// <summary>False also where the text is malformed or names no supported algorithm.</summary>
    public static bool Matches(string integrity, ReadOnlySpan<byte> document)
    {
        if (integrity.Length > MaxLength) return false;
        var strongest = -1;
        List<byte[]> digests = [];
        foreach (var expression in integrity.Split([' ', '\t', '\n', '\r', '\f'], StringSplitOptions.RemoveEmptyEntries))
        {
            var dash = expression.IndexOf('-', StringComparison.Ordinal);
            if (dash < 1) return false;
            var strength = Array.FindIndex(s_algorithms, algorithm => algorithm.Name == expression[..dash]);
            if (strength < 0) continue;
            if (Digest(expression[(dash + 1)..]) is not { } digest || digest.Length != s_algorithms[strength].Length) return false;
            digests.Add(digest);
            strongest = Math.Max(strongest, strength);
        }

        if (strongest < 0) return false;
        var actual = CryptographicOperations.HashData(s_algorithms[strongest].Hash, document);
        // Of the digests, only those of the strongest algorithm have its length.
        return digests.Exists(digest => digest.AsSpan().SequenceEqual(actual));
    }

    /// <summary>The digest without its options; SRI allows both alphabets and leaves padding open.</summary>
    private static byte[]? Digest(string expression)
    {
        var text = expression.Split('?')[0].TrimEnd('=').Replace('+', '-').Replace('/', '_');
        return StrictBase64Url.TryDecode(text, out var digest) ? digest : null;
    }
}
