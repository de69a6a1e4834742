using System.Security.Cryptography;

namespace Credentials.Wallet.Core.Storage;

/// <summary>AES-256-GCM with a fresh random nonce for every call. The bytes are nonce (12), ciphertext, tag (16).</summary>
internal static class SealedBox
{
    private const int NonceLength = 12;
    private const int TagLength = 16;

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
        using var aes = Cipher(key);
        return TryOpen(aes, box, associatedData);
    }

    /// <inheritdoc cref="TryOpen(ReadOnlySpan{byte}, ReadOnlySpan{byte}, ReadOnlySpan{byte})"/>
    public static byte[]? TryOpen(AesGcm aes, ReadOnlySpan<byte> box, ReadOnlySpan<byte> associatedData)
    {
        if (box.Length < NonceLength + TagLength) return null;
        var plaintext = new byte[box.Length - NonceLength - TagLength];
        try
        {
            aes.Decrypt(box[..NonceLength], box[NonceLength..^TagLength], box[^TagLength..], plaintext, associatedData);
            return plaintext;
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
    }
}
