using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.DataProtection;

namespace Credentials.Issuer.Keys;

/// <summary>
/// Protects what ASP.NET Core puts into cookies and forms, with keys derived from the server's secret: every replica reads what another
/// wrote, which a key ring of each host's own would not give.
/// </summary>
internal sealed class SecretProtection : IDataProtector
{
    private const int NonceSize = 12;
    private const int TagSize = 16;

    private readonly byte[] _secret;
    private readonly string _purposes;
    private readonly byte[] _key;

    public SecretProtection(IssuerKeys keys) : this(keys.Secret, "protection")
    {
    }

    private SecretProtection(byte[] secret, string purposes)
    {
        _secret = secret;
        _purposes = purposes;
        _key = HKDF.DeriveKey(HashAlgorithmName.SHA256, secret, 32, info: Encoding.UTF8.GetBytes(purposes));
    }

    // The length keeps chains of purposes apart that would read the same.
    public IDataProtector CreateProtector(string purpose) => new SecretProtection(_secret, $"{_purposes}\n{purpose.Length}:{purpose}");

    public byte[] Protect(byte[] plaintext)
    {
        var box = new byte[NonceSize + plaintext.Length + TagSize];
        RandomNumberGenerator.Fill(box.AsSpan(0, NonceSize));
        using var aes = new AesGcm(_key, TagSize);
        aes.Encrypt(box.AsSpan(0, NonceSize), plaintext, box.AsSpan(NonceSize, plaintext.Length), box.AsSpan(NonceSize + plaintext.Length));
        return box;
    }

    public byte[] Unprotect(byte[] protectedData)
    {
        if (protectedData.Length < NonceSize + TagSize)
            throw new CryptographicException("Not one of ours.");
        var plaintext = new byte[protectedData.Length - NonceSize - TagSize];
        using var aes = new AesGcm(_key, TagSize);
        aes.Decrypt(protectedData.AsSpan(0, NonceSize), protectedData.AsSpan(NonceSize, plaintext.Length), protectedData.AsSpan(NonceSize + plaintext.Length), plaintext);
        return plaintext;
    }
}
