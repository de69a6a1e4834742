using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Credentials.Codecs;
using NSec.Cryptography;

namespace Credentials.Wallet.Core.Storage;

/// <summary>
/// The one readable row of a wallet file: how the random data key is wrapped. Its parameters are authenticated together
/// with the wrapped key, so that nobody can weaken them unnoticed.
/// </summary>
internal sealed record StoreHeader(string Kdf, int MemoryKib, int Passes, byte[] Salt, byte[] WrappedKey)
{
    public const int Format = 1;

    private const string Argon2id = "argon2id";
    private const string AppKey = "app-key";
    private const int SaltLength = 16;

    // Above what OWASP's Password Storage Cheat Sheet asks of Argon2id (19 MiB, 2 passes), still about 0.2 s.
    private const int DefaultMemoryKib = 64 * 1024;
    private const int DefaultPasses = 3;

    // A header is read before anything is authenticated: it must not be able to ask for hours or gigabytes.
    private const int MaxMemoryKib = 1024 * 1024;
    private const int MaxPasses = 20;

    /// <summary>True if unwrapping takes no more memory and time than with the parameters that this version chooses.</summary>
    public bool CostsAtMostOurs => MemoryKib <= DefaultMemoryKib && Passes <= DefaultPasses;

    /// <summary>Wraps <paramref name="dataKey"/> for a new wallet file.</summary>
    public static StoreHeader Create(StoreKey key, ReadOnlySpan<byte> dataKey)
    {
        var salt = RandomNumberGenerator.GetBytes(SaltLength);
        var header = key.Passphrase is null
            ? new StoreHeader(AppKey, 0, 0, salt, [])
            : new StoreHeader(Argon2id, DefaultMemoryKib, DefaultPasses, salt, []);
        var wrappingKey = header.DeriveWrappingKey(key);
        try
        {
            return header with { WrappedKey = SealedBox.Seal(wrappingKey, dataKey, header.AssociatedData()) };
        }
        finally
        {
            CryptographicOperations.ZeroMemory(wrappingKey);
        }
    }

    public static StoreHeader Parse(ReadOnlySpan<byte> utf8)
    {
        const string code = WalletCodes.StoreCorrupt;
        var json = StrictJson.ParseObject(utf8, code: code);
        var header = new StoreHeader(
            json.RequireString("kdf", code),
            ReadNumber(json, "memory_kib", MaxMemoryKib),
            ReadNumber(json, "passes", MaxPasses),
            StrictBase64Url.Decode(json.RequireString("salt", code), code),
            StrictBase64Url.Decode(json.RequireString("key", code), code));
        if (header.Salt.Length != SaltLength || header.Kdf is not (Argon2id or AppKey)
            || (header.Kdf == Argon2id && (header.MemoryKib < 8 || header.Passes < 1)))
            throw new MalformedDataException(code, "The wallet file's header is not one that this library writes.");
        return header;
    }

    public byte[] ToUtf8() => StrictJson.ToUtf8(new JsonObject
    {
        ["format"] = Format,
        ["kdf"] = Kdf,
        ["memory_kib"] = MemoryKib,
        ["passes"] = Passes,
        ["salt"] = StrictBase64Url.Encode(Salt),
        ["key"] = StrictBase64Url.Encode(WrappedKey),
    });

    /// <summary>The data key. Costs memory and time on purpose when it comes from a passphrase.</summary>
    /// <exception cref="KeyUnavailableException"><c>wallet.wrong_key</c>: the key does not open this file, or the header was changed.</exception>
    public byte[] UnwrapDataKey(StoreKey key)
    {
        if ((key.Passphrase is null) != (Kdf == AppKey)) throw WrongKey();
        var wrappingKey = DeriveWrappingKey(key);
        try
        {
            return SealedBox.TryOpen(wrappingKey, WrappedKey, AssociatedData()) is { Length: StoreKey.KeyLength } dataKey
                ? dataKey
                : throw WrongKey();
        }
        finally
        {
            CryptographicOperations.ZeroMemory(wrappingKey);
        }
    }

    private static KeyUnavailableException WrongKey() =>
        new(WalletCodes.WrongKey, "The passphrase or key does not open this wallet.");

    private static int ReadNumber(JsonElement json, string name, int max) =>
        json.OptionalIndex(name, WalletCodes.StoreCorrupt) is { } value && value <= max
            ? (int)value
            : throw new MalformedDataException(WalletCodes.StoreCorrupt, "The wallet file's header is not one that this library writes.");

    private byte[] AssociatedData() =>
        Encoding.UTF8.GetBytes($"credentials-wallet/{Format}/{Kdf}/{MemoryKib}/{Passes}/{Convert.ToHexString(Salt)}");

    private byte[] DeriveWrappingKey(StoreKey key)
    {
        if (key.Passphrase is null) return key.Key!.Value.ToArray();
        var parameters = new Argon2Parameters { DegreeOfParallelism = 1, MemorySize = MemoryKib, NumberOfPasses = Passes };
        var secret = Encoding.UTF8.GetBytes(key.Passphrase);
        try
        {
            return PasswordBasedKeyDerivationAlgorithm.Argon2id(parameters).DeriveBytes(secret, Salt, StoreKey.KeyLength);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(secret);
        }
    }
}
