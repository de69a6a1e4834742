using System.Security.Cryptography;
using System.Text;
using Credentials.Codecs;

namespace Credentials.Verifier.Http;

/// <summary>Fresh unguessable values, their stored form, and their comparison.</summary>
internal static class RandomToken
{
    /// <summary>128 bits, base64url.</summary>
    public static string New() => StrictBase64Url.Encode(RandomNumberGenerator.GetBytes(16));

    /// <summary>256 bits, for what lives long.</summary>
    public static string NewLong() => StrictBase64Url.Encode(RandomNumberGenerator.GetBytes(32));

    public static byte[] Hash(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));

    public static bool Matches(string presented, ReadOnlySpan<byte> hash) => CryptographicOperations.FixedTimeEquals(Hash(presented), hash);

    public static bool Same(string a, string b) => CryptographicOperations.FixedTimeEquals(Hash(a), Hash(b));
}
