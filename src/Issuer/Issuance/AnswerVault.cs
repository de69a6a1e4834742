using System.Security.Cryptography;
using System.Text;

namespace Credentials.Issuer.Issuance;

/// <summary>
/// Keeps an answer for a retry so that only the holder of the access token can have it again: the key comes from the token,
/// which the database does not hold.
/// </summary>
internal static class AnswerVault
{
    private const int NonceSize = 12;
    private const int TagSize = 16;

    internal static byte[] Seal(string accessToken, ReadOnlySpan<byte> requestHash, ReadOnlySpan<byte> answer)
    {
        var box = new byte[NonceSize + answer.Length + TagSize];
        RandomNumberGenerator.Fill(box.AsSpan(0, NonceSize));
        using var aes = new AesGcm(Key(accessToken), TagSize);
        aes.Encrypt(box.AsSpan(0, NonceSize), answer, box.AsSpan(NonceSize, answer.Length), box.AsSpan(NonceSize + answer.Length), requestHash);
        return box;
    }

    internal static byte[] Open(string accessToken, ReadOnlySpan<byte> requestHash, ReadOnlySpan<byte> box)
    {
        var answer = new byte[box.Length - NonceSize - TagSize];
        using var aes = new AesGcm(Key(accessToken), TagSize);
        aes.Decrypt(box[..NonceSize], box[NonceSize..^TagSize], box[^TagSize..], answer, requestHash);
        return answer;
    }

    private static byte[] Key(string accessToken) =>
        HKDF.DeriveKey(HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(accessToken), 32, info: "credential answer"u8.ToArray());
}
