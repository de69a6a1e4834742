using System.Security.Cryptography;

namespace Credentials.Codecs;

/// <summary>
/// Random octets for salts. To ask the platform's generator costs the same for 16 octets as for a thousand, and as much as five hashes, so each
/// thread asks for a stock at once. Every octet is given out once and wiped here as it goes.
/// </summary>
internal static class Salts
{
    private const int StockLength = 1024;

    [ThreadStatic]
    private static byte[]? s_stock;

    [ThreadStatic]
    private static int s_left;

    /// <summary>Fills all of <paramref name="destination"/> with octets that nobody else has.</summary>
    public static void Fill(Span<byte> destination)
    {
        if (destination.Length > StockLength)
        {
            RandomNumberGenerator.Fill(destination);
            return;
        }

        var stock = s_stock ??= new byte[StockLength];
        if (s_left < destination.Length)
        {
            RandomNumberGenerator.Fill(stock);
            s_left = StockLength;
        }

        s_left -= destination.Length;
        var taken = stock.AsSpan(s_left, destination.Length);
        taken.CopyTo(destination);
        taken.Clear();
    }
}
