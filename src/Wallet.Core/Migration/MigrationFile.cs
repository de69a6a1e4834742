using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.Wallet.Core.Storage;

namespace Credentials.Wallet.Core.Migration;

/// <summary>
/// The file that takes the list of documents to another wallet: a line that says what it is, a line with the header of a wallet file, by which
/// a passphrase gives the key, and the list, encrypted and bound to both lines.
/// </summary>
internal static class MigrationFile
{
    public const int MaxBytes = 16 * 1024 * 1024;

    private const int MaxHeaderBytes = 4096;

    private static ReadOnlySpan<byte> FirstLine => "credentials-wallet-migration/1\n"u8;

    /// <exception cref="KeyUnavailableException"><c>wallet.full</c>: more than a file may hold.</exception>
    public static byte[] Seal(IReadOnlyList<DocumentToReissue> entries, string passphrase)
    {
        var content = StrictJson.ToUtf8(new JsonObject { ["documents"] = new JsonArray([.. entries.Select(entry => (JsonNode)entry.ToJson())]) });
        var key = RandomNumberGenerator.GetBytes(StoreKey.KeyLength);
        try
        {
            byte[] head = [.. FirstLine, .. StoreHeader.Create(new StoreKey(passphrase, null), key).ToUtf8(), (byte)'\n'];
            byte[] file = [.. head, .. SealedBox.Seal(key, content, head)];
            return file.Length <= MaxBytes ? file : throw StoreAccount.Full();
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }

    /// <exception cref="MalformedDataException"><c>wallet.migration_malformed</c>.</exception>
    /// <exception cref="KeyUnavailableException"><c>wallet.wrong_key</c>.</exception>
    public static IReadOnlyList<DocumentToReissue> Open(ReadOnlySpan<byte> file, string passphrase)
    {
        if (file.Length > MaxBytes || !file.StartsWith(FirstLine)) throw Malformed();
        var rest = file[FirstLine.Length..];
        var end = rest[..Math.Min(rest.Length, MaxHeaderBytes)].IndexOf((byte)'\n');
        if (end < 0) throw Malformed();
        var head = file[..(FirstLine.Length + end + 1)];
        var key = ReadHeader(rest[..end]).UnwrapDataKey(new StoreKey(passphrase, null));
        try
        {
            var content = SealedBox.TryOpen(key, file[head.Length..], head) ?? throw Malformed();
            return [.. StrictJson.ParseObject(content, new JsonLimits(MaxBytes), WalletCodes.MigrationMalformed).RequireArray("documents", WalletCodes.MigrationMalformed)
                .EnumerateArray().Select(entry => DocumentToReissue.Parse(entry, WalletCodes.MigrationMalformed))];
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }

    private static StoreHeader ReadHeader(ReadOnlySpan<byte> line)
    {
        StoreHeader header;
        try
        {
            header = StoreHeader.Parse(line);
        }
        catch (MalformedDataException error)
        {
            throw Malformed(error);
        }
        // Anybody may have sent this file: it gets no more memory and time than our own.
        return header.CostsAtMostOurs ? header : throw Malformed();
    }

    private static MalformedDataException Malformed(Exception? inner = null) =>
        new(WalletCodes.MigrationMalformed, "The file is no migration file, or was damaged or changed.", inner);
}
