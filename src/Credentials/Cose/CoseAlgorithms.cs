using Credentials.Keys;

namespace Credentials.Cose;

/// <summary>Signature algorithms by their COSE numbers: the older ones of RFC 9053 and the fully specified ones of RFC 9864.</summary>
public static class CoseAlgorithms
{
    private static readonly (SignatureAlgorithm Algorithm, int Number, int FullySpecified)[] s_known =
    [
        (SignatureAlgorithm.Es256, -7, -9),
        (SignatureAlgorithm.Es384, -35, -51),
        (SignatureAlgorithm.Es512, -36, -52),
        (SignatureAlgorithm.EdDsa, -8, -19),
    ];

    /// <summary>The number that we write (RFC 9053), which ISO/IEC 18013-5 names.</summary>
    public static int NumberOf(SignatureAlgorithm algorithm)
    {
        foreach (var known in s_known)
            if (known.Algorithm == algorithm) return known.Number;
        throw new ArgumentOutOfRangeException(nameof(algorithm));
    }

    /// <summary>Both numbers of an algorithm, for metadata.</summary>
    public static IReadOnlyList<int> NumbersOf(SignatureAlgorithm algorithm)
    {
        var (_, number, fullySpecified) = s_known.Single(known => known.Algorithm == algorithm);
        return [number, fullySpecified];
    }

    /// <summary>The algorithm of a number; null if it is not supported.</summary>
    public static SignatureAlgorithm? Find(long number)
    {
        foreach (var known in s_known)
            if (known.Number == number || known.FullySpecified == number) return known.Algorithm;
        return null;
    }
}
