using Credentials.Issuer.Http;
using Credentials.Issuer.Storage;
using Npgsql;

namespace Credentials.Issuer.Status;

/// <summary>
/// Elects the one replica that signs status lists: it holds an advisory lock of PostgreSQL in a session of its own. When the replica dies, or its
/// connection does, the session ends and with it the lock, and another takes it within seconds. On SQLite, which serves one process, that one is elected.
/// </summary>
internal sealed partial class PublisherElection(string? connection, TimeProvider time, ClockGuard? clock, Metrics metrics, ILogger<PublisherElection> logger)
{
    // Any number, the same in every replica.
    private const long Lock = 0x737461747573;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>How long the server keeps the session of a replica that it hears nothing of.</summary>
    internal TimeSpan Silence { get; init; } = TimeSpan.FromSeconds(15);

    private volatile bool _isElected = connection is null;

    /// <summary>Whether this process signs. May be true a moment too long in a replica that was cut off: what it signs then cannot be published.</summary>
    internal bool IsElected => _isElected && clock is not { IsOff: true };

    /// <summary>Stands for election until the end, and does this while elected, again and again.</summary>
    internal async Task RunAsync(Func<CancellationToken, Task> work, CancellationToken ct)
    {
        metrics.Set("issuer_status_publisher", _isElected ? 1 : 0);
        while (connection is not null)
        {
            try
            {
                await StandAsync(work, ct);
            }
            catch (Exception e) when (!ct.IsCancellationRequested)
            {
                LogLost(logger, e.GetType().Name);
            }
            finally
            {
                SetElected(false);
            }

            await Task.Delay(Pause, time, ct);
        }
    }

    private async Task StandAsync(Func<CancellationToken, Task> work, CancellationToken ct)
    {
        // One with a wrong clock leaves it to the others.
        while (clock is { IsOff: true })
            await Task.Delay(Pause, time, ct);
        await using var session = new NpgsqlConnection(SessionOf(connection!));
        await session.OpenAsync(ct);
        while (!await AskAsync(session, $"SELECT pg_try_advisory_lock({Lock})", ct))
            await Task.Delay(Pause, time, ct);
        SetElected(true);
        // The lock is there as long as its session is.
        while (clock is not { IsOff: true } && await AskAsync(session, "SELECT true", ct))
        {
            try
            {
                await work(ct);
            }
            catch (Exception e) when (!ct.IsCancellationRequested)
            {
                LogFailure(logger, e.GetType().Name);
            }

            await Task.Delay(StatusPublisher.CheckInterval, time, ct);
        }
    }

    // A server that hears nothing of a replica ends its session: where its machine is gone or cut off, and where its process has frozen, which a
    // machine hides that goes on answering for it. Whoever is at work in between is heard of by KeepAlive.
    private string SessionOf(string connection)
    {
        var settings = new NpgsqlConnectionStringBuilder(connection) { Pooling = false, CommandTimeout = 5, Timeout = 5, KeepAlive = 3 };
        settings.Options = $"-c idle_session_timeout={(int)Silence.TotalMilliseconds} {settings.Options}".Trim();
        return settings.ConnectionString;
    }

    private static async Task<bool> AskAsync(NpgsqlConnection session, string sql, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(sql, session);
        return await command.ExecuteScalarAsync(ct) is true;
    }

    private void SetElected(bool elected)
    {
        if (_isElected != elected)
            LogElection(logger, elected);
        _isElected = elected;
        metrics.Set("issuer_status_publisher", elected ? 1 : 0);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "This replica signs the status lists: {Elected}")]
    private static partial void LogElection(ILogger logger, bool elected);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The database session of the election of the status list publisher ended, another is opened: {Kind}")]
    private static partial void LogLost(ILogger logger, string kind);

    [LoggerMessage(Level = LogLevel.Error, Message = "Status lists could not be published, which will be tried again: {Kind}")]
    private static partial void LogFailure(ILogger logger, string kind);
}
