using System.Text;
using System.Text.Json.Nodes;
using Credentials.Tests.Shared;
using Credentials.Wallet.Core.Storage;
using Microsoft.Data.Sqlite;

namespace Credentials.Wallet.Core.Tests.Storage;

/// <summary>A wallet file in a folder of its own, and the ways to look at and to harm it from outside.</summary>
internal sealed class StoreFixture : IDisposable
{
    public const string Passphrase = "correct horse battery staple";

    public static readonly StoreKey Key = new(null, Enumerable.Range(1, 32).Select(i => (byte)i).ToArray());

    private readonly TempFolder _folder = new();

    public string Path => _folder.Combine("wallet.db");

    public Task<EncryptedStore> OpenAsync(StoreKey? key = null) =>
        EncryptedStore.OpenAsync(Path, key ?? Key, TestContext.Current.CancellationToken);

    /// <summary>Writes records ("a" to "e", of some kilobytes) and closes the file.</summary>
    public async Task FillAsync(string text = "value")
    {
        await using var store = await OpenAsync();
        foreach (var id in new[] { "a", "b", "c", "d", "e" }) await PutAsync(store, id, text);
    }

    public static Task PutAsync(EncryptedStore store, string id, string text) => store.WriteAsync(
        transaction => transaction.Put(RecordKind.Document, id, Body(id, text)), TestContext.Current.CancellationToken);

    public static JsonObject Body(string id, string text) => new() { ["id"] = id, ["text"] = text, ["filling"] = new string('x', 3000) };

    public static Task<IReadOnlyList<StoredRecord>> ListAsync(EncryptedStore store) =>
        store.ReadAsync(transaction => transaction.List(RecordKind.Document), TestContext.Current.CancellationToken);

    /// <summary>Opens the file and returns what it says, in one text that two equal wallets share.</summary>
    public async Task<string> ReadAllAsync()
    {
        await using var store = await OpenAsync();
        var records = await ListAsync(store);
        return string.Join('\n', records.OrderBy(record => record.Id, StringComparer.Ordinal).Select(record => $"{record.Id}: {record.Body}"));
    }

    /// <summary>Runs SQL on the closed file, as anybody could who has it.</summary>
    public void Execute(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={Path};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    /// <summary>Every byte of every file of the folder: the wallet and whatever SQLite puts beside it.</summary>
    public byte[] AllBytes() => [.. Directory.GetFiles(_folder.FullPath).Order(StringComparer.Ordinal).SelectMany(File.ReadAllBytes)];

    public int CountFiles() => Directory.GetFiles(_folder.FullPath).Length;

    public static bool Contains(byte[] bytes, string text) =>
        bytes.AsSpan().IndexOf(Encoding.UTF8.GetBytes(text)) >= 0 || bytes.AsSpan().IndexOf(Encoding.Unicode.GetBytes(text)) >= 0;

    public void Dispose() => _folder.Dispose();
}
