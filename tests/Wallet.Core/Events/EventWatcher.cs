using System.Diagnostics;
using System.Globalization;
using Credentials.Http;
using Credentials.Tests.Shared;
using Credentials.Wallet.Core.Tests.Peers;

namespace Credentials.Wallet.Core.Tests.Events;

/// <summary>
/// A process that looks at the documents of a wallet at a time to come, gets the first event, and never gets done with it: this test
/// program itself, started with variables set (see Program.cs).
/// </summary>
internal static class EventWatcher
{
    private const string FileVariable = "CREDENTIALS_TEST_EVENTS_FILE";
    private const string TimeVariable = "CREDENTIALS_TEST_EVENTS_TIME";

    /// <summary>Starts the watcher and returns when it has its event.</summary>
    public static async Task<Process> StartAsync(string path, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true };
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet") start.ArgumentList.Add(typeof(EventWatcher).Assembly.Location);
        start.Environment[FileVariable] = path;
        start.Environment[TimeVariable] = now.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);
        var watcher = Process.Start(start)!;
        Assert.Equal("told", await watcher.StandardOutput.ReadLineAsync(cancellationToken));
        return watcher;
    }

    /// <summary>Plays the watcher, and does not return, when this program was started as one.</summary>
    public static async Task RunWhenAskedAsync()
    {
        if (Environment.GetEnvironmentVariable(FileVariable) is not { } path) return;
        var time = long.Parse(Environment.GetEnvironmentVariable(TimeVariable)!, CultureInfo.InvariantCulture);
        using var http = new OutboundHttp(new OutboundHttpOptions());
        await using var wallet = await CredentialWallet.OpenAsync(new WalletOptions
        {
            Path = path,
            Key = WalletFixture.Key,
            Http = http,
            Time = new TestClock(DateTimeOffset.FromUnixTimeMilliseconds(time)),
        });
        await wallet.RefreshStatusAsync();
        await foreach (var _ in wallet.WatchEventsAsync())
        {
            await Console.Out.WriteLineAsync("told");
            await Task.Delay(Timeout.Infinite);
        }
    }
}
