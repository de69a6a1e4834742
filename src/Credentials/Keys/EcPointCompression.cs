using System.Globalization;
using System.Numerics;

namespace Credentials.Keys;

/// <summary>
/// Points of the NIST curves in compressed form (SEC 1 §2.3.3, §2.3.4), which the platform does not read. Public values only; that
/// the point is on its curve is checked again by the platform when the key is made.
/// </summary>
internal static class EcPointCompression
{
    // SP 800-186 §3.2.1. All three primes are 3 modulo 4, so that a square root is one exponentiation; a is -3 for all three.
    private static readonly BigInteger s_p256 = BigInteger.Pow(2, 256) - BigInteger.Pow(2, 224) + BigInteger.Pow(2, 192) + BigInteger.Pow(2, 96) - 1;
    private static readonly BigInteger s_p384 = BigInteger.Pow(2, 384) - BigInteger.Pow(2, 128) - BigInteger.Pow(2, 96) + BigInteger.Pow(2, 32) - 1;
    private static readonly BigInteger s_p521 = BigInteger.Pow(2, 521) - 1;
    private static readonly BigInteger s_b256 = Hex("5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604b");
    private static readonly BigInteger s_b384 = Hex(
        "b3312fa7e23ee7e4988e056be3f82d19181d9c6efe8141120314088f5013875ac656398d8a2ed19d2a85c8edd3ec2aef");
    private static readonly BigInteger s_b521 = Hex(
        "0051953eb9618e1c9a1f929a21a0b68540eea2da725b99b315f3b8b489918ef109e156193951ec7e937b1652c0bd3bb1bf073573df883d2c34f1ef451fd46b503f00");

    /// <summary>The key's point with the sign of y in front of x.</summary>
    public static byte[] Compress(PublicKey key) => [(byte)(2 | (key.Y[^1] & 1)), .. key.X];

    /// <summary>Reads a compressed point.</summary>
    /// <exception cref="MalformedDataException"><c>key.invalid</c>: another length or form, or no point of the curve has this x.</exception>
    public static PublicKey Decompress(SignatureAlgorithm algorithm, ReadOnlySpan<byte> point)
    {
        if (point.Length != algorithm.CoordinateLength + 1 || point[0] is not (2 or 3)) throw Invalid();
        var (p, b) = algorithm.CoordinateLength switch { 32 => (s_p256, s_b256), 48 => (s_p384, s_b384), _ => (s_p521, s_b521) };
        BigInteger x = new(point[1..], isUnsigned: true, isBigEndian: true);
        if (x >= p) throw Invalid();
        BigInteger square = ((((x * x) - 3) * x) + b) % p;
        BigInteger y = BigInteger.ModPow(square, (p + 1) / 4, p);
        if (y * y % p != square) throw Invalid();
        if (y.IsEven != (point[0] == 2)) y = p - y;
        byte[] yBytes = new byte[algorithm.CoordinateLength];
        byte[] digits = y.ToByteArray(isUnsigned: true, isBigEndian: true);
        digits.CopyTo(yBytes.AsSpan(yBytes.Length - digits.Length));
        return PublicKey.FromCoordinates(algorithm, point[1..], yBytes);
    }

    private static BigInteger Hex(string digits) => BigInteger.Parse("0" + digits, NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    private static MalformedDataException Invalid() => new(KeyCodes.Invalid, "Not a compressed point of its curve.");
}
