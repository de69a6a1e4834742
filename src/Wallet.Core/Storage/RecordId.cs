using System.Security.Cryptography;

namespace Credentials.Wallet.Core.Storage;

/// <summary>Ids of records: random, so that they say nothing; 64 bits, enough to be different inside one wallet.</summary>
internal static class RecordId
{
    /// <summary>Half as many as digits.</summary>
    public const int Bytes = 8;

    public static bool IsId(string text) => text.Length == 2 * Bytes && text.All(char.IsAsciiHexDigitLower);

    public static string New() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(Bytes));
}
