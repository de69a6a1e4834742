using System.Security.Cryptography;
using System.Text;

namespace Credentials.Verifier.Storage;

/// <summary>
/// The service's own 256-bit key, a file in the data folder. It seals what rests in the database (AES-256-GCM, bound to
/// what it is and whose it is) and makes the page cookies. Replicas on one database share it.
/// </summary>
internal sealed class ServiceKey
{
    private const int NonceLength = 12;
    private const int TagLength = 16;
    private readonly byte[] _sealing;
    private readonly byte[] _cookies;
    private readonly byte[] _copies;

    private ServiceKey(byte[] key)
    {
        _sealing = HKDF.DeriveKey(HashAlgorithmName.SHA256, key, 32, info: "seal"u8.ToArray());
        _cookies = HKDF.DeriveKey(HashAlgorithmName.SHA256, key, 32, info: "page cookie"u8.ToArray());
        _copies = HKDF.DeriveKey(HashAlgorithmName.SHA256, key, 32, info: "kept copies"u8.ToArray());
        Id = Convert.ToHexStringLower(HKDF.DeriveKey(HashAlgorithmName.SHA256, key, 16, info: "identifier"u8.ToArray()));
    }

    /// <summary>Names the key without telling anything about it.</summary>
    public string Id { get; }

    public static ServiceKey LoadOrCreate(string path)
    {
        if (!File.Exists(path))
            PrivateFile.Write(path, RandomNumberGenerator.GetBytes(32));
        var key = File.ReadAllBytes(path);
        return key.Length == 32
            ? new ServiceKey(key)
            : throw new VerifierStartException($"the service key file {path} must hold exactly 32 bytes");
    }

    public byte[] Seal(ReadOnlySpan<byte> plaintext, string what, string whose)
    {
        var output = new byte[NonceLength + plaintext.Length + TagLength];
        RandomNumberGenerator.Fill(output.AsSpan(0, NonceLength));
        using var aes = new AesGcm(_sealing, TagLength);
        aes.Encrypt(output.AsSpan(0, NonceLength), plaintext, output.AsSpan(NonceLength, plaintext.Length),
            output.AsSpan(NonceLength + plaintext.Length), Bind(what, whose));
        return output;
    }

    /// <exception cref="CryptographicException">The value was changed, or sealed under another key, purpose or owner.</exception>
    public byte[] Open(ReadOnlySpan<byte> sealedValue, string what, string whose)
    {
        var plaintext = new byte[sealedValue.Length - NonceLength - TagLength];
        using var aes = new AesGcm(_sealing, TagLength);
        aes.Decrypt(sealedValue[..NonceLength], sealedValue[NonceLength..^TagLength], sealedValue[^TagLength..], plaintext, Bind(what, whose));
        return plaintext;
    }

    /// <summary>What copies of fetched documents on disk are sealed with.</summary>
    public ReadOnlySpan<byte> CopiesKey => _copies;

    /// <summary>The value of the cookie that opens one transaction's page.</summary>
    public string PageCookie(string transactionId) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(_cookies, Encoding.UTF8.GetBytes(transactionId)));

    /// <summary>Seals the text of a clerk's session, or of a form in it, so that nobody else can make one.</summary>
    /// <param name="what">What the text is: a value made for one use is none for another.</param>
    public string Mac(string what, string text) => Convert.ToHexStringLower(HMACSHA256.HashData(_cookies, Bind(what, text)));

    private static byte[] Bind(string what, string whose) => Encoding.UTF8.GetBytes($"{what}|{whose}");
}
