using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Credentials.Issuer.Keys;
using SimpleBase;

namespace Credentials.Issuer.Staff;

/// <summary>Time-based one-time codes (RFC 6238): six digits, 30 seconds, HMAC-SHA-1 as authenticator apps have it.</summary>
internal static class OneTimeCode
{
    internal const int SecretLength = 20;
    private const int Period = 30;

    internal static string At(byte[] secret, long step)
    {
        Span<byte> counter = stackalloc byte[8];
        BinaryPrimitives.WriteInt64BigEndian(counter, step);
#pragma warning disable CA5350 // RFC 6238: the apps that people have know SHA-1 alone, and HMAC does not need collision resistance
        var mac = HMACSHA1.HashData(secret, counter);
#pragma warning restore CA5350
        // RFC 4226 §5.3
        var number = BinaryPrimitives.ReadUInt32BigEndian(mac.AsSpan(mac[^1] & 0xf, 4)) & 0x7fff_ffff;
        return (number % 1_000_000).ToString("D6", CultureInfo.InvariantCulture);
    }

    internal static long StepAt(DateTimeOffset now) => now.ToUnixTimeSeconds() / Period;

    /// <summary>The time step whose code this is: now, one before or one after (RFC 6238 §5.2); null for none.</summary>
    internal static long? Match(byte[] secret, string code, DateTimeOffset now)
    {
        long? match = null;
        for (var step = StepAt(now) - 1; step <= StepAt(now) + 1; step++)
        {
            if (Secrets.Same(Encoding.UTF8.GetBytes(At(secret, step)), Encoding.UTF8.GetBytes(code)))
                match = step;
        }

        return match;
    }

    /// <summary>What an authenticator app reads from a QR code.</summary>
    internal static string Link(byte[] secret, string name, string agency) =>
        $"otpauth://totp/{Uri.EscapeDataString(agency)}:{Uri.EscapeDataString(name)}?secret={Base32.Rfc4648.Encode(secret)}&issuer={Uri.EscapeDataString(agency)}&algorithm=SHA1&digits=6&period=30";
}
