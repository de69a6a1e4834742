using System.Diagnostics;
using Credentials.Wallet.Core.Storage;

namespace Credentials.Wallet.Core.Tests.Storage;

/// <summary>
/// A process that writes batches into a wallet file until it is killed: this test program itself, started with a variable set (see Program.cs).
/// </summary>
internal static class CrashWriter
{
    public const int BatchSize = 5;

    private const string FileVariable = "CREDENTIALS_TEST_CRASH_FILE";

    /// <summary>Starts the writer and returns when it has the file open.</summary>
    public static async Task<Process> StartAsync(string path, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true };
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet") start.ArgumentList.Add(typeof(CrashWriter).Assembly.Location);
        start.Environment[FileVariable] = path;
        var writer = Process.Start(start)!;
        Assert.Equal("writing", await writer.StandardOutput.ReadLineAsync(cancellationToken));
        return writer;
    }

    /// <summary>Plays the writer, and does not return, when this program was started as one.</summary>
    public static async Task RunWhenAskedAsync()
    {
        if (Environment.GetEnvironmentVariable(FileVariable) is { } path) await WriteUntilKilledAsync(path);
    }

    private static async Task WriteUntilKilledAsync(string path)
    {
        await using var store = await EncryptedStore.OpenAsync(path, StoreFixture.Key, CancellationToken.None);
        await Console.Out.WriteLineAsync("writing");
        for (var batch = 0; ; batch++) await store.WriteAsync(transaction => WriteBatch(transaction, batch), CancellationToken.None);
    }

    private static void WriteBatch(StoreTransaction transaction, int batch)
    {
        for (var i = 0; i < BatchSize; i++)
        {
            transaction.Put(RecordKind.Document, $"{batch % 7}-{i}", StoreFixture.Body("x", "new"));
            transaction.Delete(RecordKind.Document, $"{(batch + 3) % 7}-{i}");
        }
    }
}
