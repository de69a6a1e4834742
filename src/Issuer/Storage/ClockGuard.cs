using System.Diagnostics;
using Credentials.Issuer.Http;
using Microsoft.EntityFrameworkCore;

namespace Credentials.Issuer.Storage;

/// <summary>
/// Compares this machine's clock with the database server's, which all replicas share. A replica whose clock is off serves nobody and does nothing by
/// itself until it agrees again: its credentials and lists would be refused, and what it takes for expired is not. Between two looks the time goes on
/// by a clock that cannot be set, so that a step is noticed with the next request. Without PostgreSQL there is nothing to compare with.
/// </summary>
internal sealed partial class ClockGuard(IServiceScopeFactory scopes, TimeProvider time, Metrics metrics, ILogger<ClockGuard> logger) : BackgroundService
{
    /// <summary>What verifiers and wallets put up with.</summary>
    internal static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan _look = TimeSpan.FromSeconds(5);

    // A clock that a test holds is whoever's it is.
    private readonly GuardedClock? _clock = time as GuardedClock;
    private bool _told;

    /// <summary>How far this clock is ahead of the database's.</summary>
    internal TimeSpan Offset => _clock?.Offset ?? TimeSpan.Zero;

    internal bool IsOff => Offset.Duration() > Limit;

    /// <summary>Refuses everything but what tells how the process is.</summary>
    internal static void Use(IApplicationBuilder app, ClockGuard guard) => app.Use(async (http, next) =>
    {
        var path = http.Request.Path.Value ?? "";
        if (!path.EndsWith("/healthz", StringComparison.Ordinal) && !path.EndsWith("/metrics", StringComparison.Ordinal))
            guard.Require();
        try
        {
            await next(http);
        }
        catch (Exception e) when (e is not OperationCanceledException && guard.IsOff)
        {
            // What was under way when the clock was set has no time any more, which may have been told in other words.
            guard.Require();
            throw;
        }
    });

    private void Require()
    {
        if (IsOff)
            throw new ClockOffException();
    }

    /// <summary>Returns after the first look, before requests are taken.</summary>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await TryLookAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (_clock is null)
            return;
        using var timer = new PeriodicTimer(_look);
        while (await timer.WaitForNextTickAsync(stoppingToken))
            await TryLookAsync(stoppingToken);
    }

    private async Task TryLookAsync(CancellationToken ct)
    {
        if (_clock is null)
            return;
        try
        {
            await LookAsync(ct);
        }
        catch (Exception e) when (!ct.IsCancellationRequested && DatabaseSetup.IsUnavailable(e))
        {
            // The last comparison stands.
        }

        metrics.Set("issuer_clock_offset_milliseconds", (long)Offset.TotalMilliseconds);
        if (IsOff != _told)
        {
            _told = IsOff;
            LogOff(logger, _told, Offset);
        }
    }

    private async Task LookAsync(CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<IssuerDbContext>();
        if (!db.Database.IsNpgsql())
            return;
        var asked = Stopwatch.GetTimestamp();
        var theirs = (await db.Database.SqlQuery<DateTimeOffset>($"""SELECT clock_timestamp() AS "Value" """).ToListAsync(ct)).Single();
        var took = Stopwatch.GetElapsedTime(asked);
        // They looked somewhere in between; an answer that was long on its way says little.
        if (took < Limit / 10)
            _clock!.Compare(theirs + (took / 2), Stopwatch.GetTimestamp());
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "This machine's clock and the database server's differ too much, and requests are refused: {Off} (this one is ahead by {Offset})")]
    private static partial void LogOff(ILogger logger, bool off, TimeSpan offset);
}
