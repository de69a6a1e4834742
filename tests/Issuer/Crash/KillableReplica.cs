using System.Diagnostics;
using System.Globalization;
using System.Net;
using Credentials.Codecs;
using Credentials.Tests.Shared;

namespace Credentials.Issuer.Tests.Crash;

/// <summary>One issuer process of several on one database and data folder, killed and started again on the same port.</summary>
/// <param name="environment">What its processes are given besides.</param>
internal sealed class KillableReplica(string folder, string connection, string publicUrl, IReadOnlyDictionary<string, string>? environment = null) : IAsyncDisposable
{
    private readonly int _port = FreePort.Next();
    private readonly List<string> _failures = [];
    private RunningScript? _process;
    private int _answered;
    private int _unavailable;

    internal Uri Address => new($"http://localhost:{_port}");

    /// <summary>Answers that clients had from it, other than 503.</summary>
    internal int Answered => Volatile.Read(ref _answered);

    /// <summary>Answers of 503.</summary>
    internal int Unavailable => Volatile.Read(ref _unavailable);

    /// <summary>What its process has logged.</summary>
    internal string Log => _process?.Errors ?? "";

    /// <summary>What its processes logged as a mistake of their own.</summary>
    internal IEnumerable<string> Failures => [.. _failures, .. FailuresOf(_process)];

    /// <summary>How long the slowest start took until the service said that it is ready.</summary>
    internal TimeSpan SlowestStart { get; private set; }

    internal void CountAnswer() => Interlocked.Increment(ref _answered);

    internal void CountUnavailable() => Interlocked.Increment(ref _unavailable);

    /// <summary>Returns when it is ready; with the API key at the very first start of all.</summary>
    internal async Task<string?> StartAsync(CancellationToken ct)
    {
        var began = Stopwatch.GetTimestamp();
        string[] arguments =
        [
            "exec", typeof(IssuerHost).Assembly.Location, "--data", folder, "--port", _port.ToString(CultureInfo.InvariantCulture), "--public-url", publicUrl, "--connection", connection,
        ];
        _process = new RunningScript(Shell.Start("dotnet", arguments, folder, new Dictionary<string, string>(environment ?? new Dictionary<string, string>())
        {
            ["Issuer__PublicRequestsPerMinute"] = "1000000",
            ["Issuer__StatusListSize"] = "131072",
            ["Issuer__OpenStatusLists"] = "2",
            // So that what was used can still be looked up at the end of a long run.
            ["Issuer__NonceLifetime"] = "01:00:00",
            ["Issuer__AnswerLifetime"] = "01:00:00",
        }));
        var ready = StrictJson.Parse(await _process.ReadLineAsync(ct));
        Assert.Equal("ready", ready.RequireString("event"));
        var took = Stopwatch.GetElapsedTime(began);
        SlowestStart = took > SlowestStart ? took : SlowestStart;
        return ready.OptionalString("api_key");
    }

    internal async Task KillAsync()
    {
        await _process!.DisposeAsync(); // SIGKILL
        _failures.AddRange(FailuresOf(_process));
        _process = null;
    }

    /// <summary>Returns when clients had so many more answers from it.</summary>
    internal Task UntilAnsweredAsync(int more, CancellationToken ct) => UntilAsync(() => Answered, Answered + more, ct);

    internal Task UntilUnavailableAsync(int more, CancellationToken ct) => UntilAsync(() => Unavailable, Unavailable + more, ct);

    /// <summary>Returns when it says that it is ready.</summary>
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

    /// <summary>Whether it says that it is the one that signs status lists.</summary>
    internal async Task<bool> IsPublisherAsync(HttpClient http, CancellationToken ct) =>
        (await http.GetStringAsync(new Uri(Address, "/metrics"), ct)).Contains("\nissuer_status_publisher 1\n", StringComparison.Ordinal);

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
            await _process.DisposeAsync();
    }

    private static IEnumerable<string> FailuresOf(RunningScript? process) =>
        process?.Errors.Split('\n').Where(line => line.Contains("Unexpected", StringComparison.Ordinal)) ?? [];

    private async Task UntilAsync(Func<int> count, int enough, CancellationToken ct)
    {
        while (count() < enough)
        {
            Assert.False(_process!.HasExited, _process.Errors);
            await Task.Delay(5, ct);
        }
    }
}
