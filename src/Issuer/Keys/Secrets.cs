using System.Security.Cryptography;
using System.Text;
using Credentials.Codecs;

namespace Credentials.Issuer.Keys;

/// <summary>Random and derived secrets, and the hashes they are stored as.</summary>
internal static class Secrets
{
    /// <summary>A fresh identifier or secret of 128 bits.</summary>
    internal static string NewId() => StrictBase64Url.Encode(RandomNumberGenerator.GetBytes(16));

    /// <summary>A fresh secret of 256 bits.</summary>
    internal static string NewToken() => StrictBase64Url.Encode(RandomNumberGenerator.GetBytes(32));

    /// <summary>What is stored of a secret that is random enough by itself.</summary>
    internal static byte[] Hash(string secret) => SHA256.HashData(Encoding.UTF8.GetBytes(secret));

    /// <summary>A secret that need not be stored because it can be worked out again: 256 bits of HMAC under the server's secret.</summary>
    internal static string Derive(byte[] serverSecret, string purpose, string id) => StrictBase64Url.Encode(KeyedHash(serverSecret, purpose, id));

    /// <summary>What is stored of a secret that is short: without the server's secret it cannot be searched for.</summary>
    internal static byte[] KeyedHash(byte[] serverSecret, string purpose, string text) =>
        HMACSHA256.HashData(serverSecret, Encoding.UTF8.GetBytes($"{purpose}\n{text}"));

    internal static bool Same(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b) => CryptographicOperations.FixedTimeEquals(a, b);
}
