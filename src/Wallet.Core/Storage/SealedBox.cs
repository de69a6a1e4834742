using System.Security.Cryptography;

namespace Credentials.Wallet.Core.Storage;

/// <summary>AES-256-GCM with a fresh random nonce for every call. The bytes are nonce (12), ciphertext, tag (16).</summary>
internal static class SealedBox
{
    private const int NonceLength = 12;
    private const int TagLength = 16;

    /// <summary>How much longer a box is than its plaintext.</summary>
    public const int Overhead = NonceLength + TagLength;

    public static AesGcm Cipher(ReadOnlySpan<byte> key) => new(key, TagLength);

    public static byte[] Seal(ReadOnlySpan<byte> key, ReadOnlySpan<byte> plaintext, ReadOnlySpan<byte> associatedData)
    {
        using var aes = Cipher(key);
        return Seal(aes, plaintext, associatedData);
    }

    public static byte[] Seal(AesGcm aes, ReadOnlySpan<byte> plaintext, ReadOnlySpan<byte> associatedData)
    {
        var box = new byte[NonceLength + plaintext.Length + TagLength];
        var nonce = box.AsSpan(0, NonceLength);
        RandomNumberGenerator.Fill(nonce);
        aes.Encrypt(nonce, plaintext, box.AsSpan(NonceLength, plaintext.Length), box.AsSpan(NonceLength + plaintext.Length), associatedData);
        return box;
    }

    /// <summary>The plaintext, or null when key, bytes or associated data are not those that were sealed.</summary>
    public static byte[]? TryOpen(ReadOnlySpan<byte> key, ReadOnlySpan<byte> box, ReadOnlySpan<byte> associatedData)
    {
        if (box.Length < Overhead) return null;
        using var aes = Cipher(key);
        var plaintext = new byte[box.Length - Overhead];
        return TryOpen(aes, box, plaintext, associatedData) ? plaintext : null;
    }

    /// <summary>Writes the plaintext, which is <see cref="Overhead"/> octets shorter than the box; false as above.</summary>
    public static bool TryOpen(AesGcm aes, ReadOnlySpan<byte> box, Span<byte> plaintext, ReadOnlySpan<byte> associatedData)
    {
        if (box.Length < Overhead) return false;
        try
        {
            aes.Decrypt(box[..NonceLength], box[NonceLength..^TagLength], box[^TagLength..], plaintext[..(box.Length - Overhead)], associatedData);
            return true;
        }
        catch (AuthenticationTagMismatchException)
        {
            return false;
        }
    }
}
