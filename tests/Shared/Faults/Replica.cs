using System.Diagnostics;
using System.Net;
using System.Text.Json;

namespace Credentials.Tests.Shared;

/// <summary>One process of several of a service on one database and data folder, killed and started again on the same port.</summary>
public abstract class Replica : IAsyncDisposable
{
    private readonly List<string> _failures = [];
    private RunningScript? _process;
    private int _answered;
    private int _unavailable;

    protected int Port { get; } = FreePort.Next();

    public Uri Address => new($"http://localhost:{Port}");

    /// <summary>Answers that clients had from it, other than 503.</summary>
    public int Answered => Volatile.Read(ref _answered);

    /// <summary>What its processes logged as a mistake of their own.</summary>
    public IEnumerable<string> Failures => [.. _failures, .. FailuresOf(_process)];

    /// <summary>How long the slowest start took until the service said that it is ready.</summary>
    public TimeSpan SlowestStart { get; private set; }

    public void CountAnswer() => Interlocked.Increment(ref _answered);

    /// <summary>Counts a 503.</summary>
    public void CountUnavailable() => Interlocked.Increment(ref _unavailable);

    /// <summary>Whether a line of its log tells of a mistake of its own that no client sees.</summary>
    protected virtual bool IsMistake(string line) => false;

    /// <summary>Starts a process of it.</summary>
    protected abstract Process Start();

    /// <summary>Returns when it is ready, with what it said.</summary>
    public async Task<JsonElement> StartAsync(CancellationToken ct)
    {
        var began = Stopwatch.GetTimestamp();
        _process = new RunningScript(Start());
        var ready = JsonElement.Parse(await _process.ReadLineAsync(ct));
        Assert.Equal("ready", ready.GetProperty("event").GetString());
        var took = Stopwatch.GetElapsedTime(began);
        SlowestStart = took > SlowestStart ? took : SlowestStart;
        return ready;
    }

    /// <summary>By SIGKILL.</summary>
    public async Task KillAsync()
    {
        await _process!.DisposeAsync();
        _failures.AddRange(FailuresOf(_process));
        _process = null;
    }

    /// <summary>Returns when clients had so many more answers from it.</summary>
    public Task UntilAnsweredAsync(int more, CancellationToken ct) => UntilAsync(() => Answered, Answered + more, ct);

    /// <summary>The same for answers of 503.</summary>
    public Task UntilUnavailableAsync(int more, CancellationToken ct) => UntilAsync(() => Volatile.Read(ref _unavailable), Volatile.Read(ref _unavailable) + more, ct);

    /// <summary>Returns when it says that it is ready.</summary>
    public async Task UntilReadyAsync(HttpClient http, CancellationToken ct)
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
        GC.SuppressFinalize(this);
        if (_process is not null)
            await _process.DisposeAsync();
    }

    private IEnumerable<string> FailuresOf(RunningScript? process) =>
        process?.Errors.Split('\n').Where(IsMistake) ?? [];

    private async Task UntilAsync(Func<int> count, int enough, CancellationToken ct)
    {
        while (count() < enough)
        {
            Assert.False(_process!.HasExited, _process.Errors);
            await Task.Delay(5, ct);
        }
    }
}
