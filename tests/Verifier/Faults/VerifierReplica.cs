using System.Globalization;
using System.Net;
using Credentials.Codecs;
using Credentials.Tests.Shared;

namespace Credentials.Verifier.Tests.Faults;

/// <summary>One verifier process of several on one database and data folder.</summary>
internal sealed class VerifierReplica(string folder, string connection, int port, string publicUrl, string webhookHost, IReadOnlyDictionary<string, string>? environment) : IAsyncDisposable
{
    private RunningScript? _process;
    private int _answered;
    private int _unavailable;

    internal Uri Address { get; } = new($"http://localhost:{port}");

    /// <summary>Answers that clients had from it, other than 503.</summary>
    internal int Answered => Volatile.Read(ref _answered);

    internal void CountAnswer() => Interlocked.Increment(ref _answered);

    internal void CountUnavailable() => Interlocked.Increment(ref _unavailable);

    /// <summary>Returns when it is ready, with what it said.</summary>
    internal async Task<System.Text.Json.JsonElement> StartAsync(CancellationToken ct)
    {
        string[] arguments =
        [
            "exec", typeof(VerifierHost).Assembly.Location, "--data", Path.Combine(folder, "data"), "--port", port.ToString(CultureInfo.InvariantCulture),
            "--public-url", publicUrl, "--connection", connection, "--trust", Path.Combine(folder, "trust.pem"), "--webhook-host", webhookHost,
        ];
        _process = new RunningScript(Shell.Start("dotnet", arguments, environment: new Dictionary<string, string>(environment ?? new Dictionary<string, string>()) { ["CREDENTIALS_ALLOW_LOOPBACK_HTTP"] = "1" }));
        var ready = StrictJson.Parse(await _process.ReadLineAsync(ct));
        Assert.Equal("ready", ready.RequireString("event"));
        return ready;
    }

    internal Task KillAsync() => _process!.DisposeAsync().AsTask(); // SIGKILL

    internal Task UntilAnsweredAsync(int more, CancellationToken ct) => UntilAsync(() => Answered, Answered + more, ct);

    internal Task UntilUnavailableAsync(int more, CancellationToken ct) => UntilAsync(() => Volatile.Read(ref _unavailable), Volatile.Read(ref _unavailable) + more, ct);

    internal async Task UntilReadyAsync(HttpClient http, CancellationToken ct)
    {
        while (true)
        {
            using var response = await http.GetAsync(new Uri(Address, "/readyz"), ct);
            if (response.StatusCode == HttpStatusCode.OK)
                return;
            await Task.Delay(20, ct);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
            await _process.DisposeAsync();
    }

    private async Task UntilAsync(Func<int> count, int enough, CancellationToken ct)
    {
        while (count() < enough)
        {
            Assert.False(_process!.HasExited, _process.Errors);
            await Task.Delay(5, ct);
        }
    }
}
