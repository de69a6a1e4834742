using System.Collections.Concurrent;
using Credentials.Verifier.Http;
using Credentials.Verifier.Storage;
using Microsoft.EntityFrameworkCore;

namespace Credentials.Verifier.Webhooks;

/// <summary>
/// Delivers what is in the outbox, at least once. Each relying party has its own task, so that a receiver that hangs holds up nobody else.
/// Replicas share the work: a message is claimed for a while, and when that is over without a result, because its process died, it is
/// anybody's again.
/// </summary>
internal sealed partial class WebhookWorker(
    IServiceScopeFactory scopes, WebhookSender sender, VerifierHostOptions options, VerifierMetrics metrics, ClockGuard clock, ILogger<WebhookWorker> logger) : BackgroundService
{
    public const int PartiesAtOnce = 64;
    public const int MessagesAtOnce = 8;

    /// <summary>How long a claim holds; longer than any attempt takes.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan GiveUpAfter = TimeSpan.FromDays(3);

    private static readonly TimeSpan[] Pauses =
    [
        TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(30), TimeSpan.FromHours(1),
    ];

    private readonly ConcurrentDictionary<string, bool> _parties = new(StringComparer.Ordinal);
    private readonly List<Task> _tasks = [];

    private long Now => options.Time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>When a message that has failed is tried again; null when it is given up.</summary>
    /// <param name="attempts">How often it has failed, at least once.</param>
    /// <param name="finishedAt">When its transaction ended, Unix milliseconds.</param>
    /// <param name="now">Unix milliseconds.</param>
    public static long? Next(int attempts, long finishedAt, long now)
    {
        var next = now + (long)Pauses[Math.Min(attempts, Pauses.Length) - 1].TotalMilliseconds;
        return next - finishedAt <= (long)GiveUpAfter.TotalMilliseconds ? next : null;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // The real clock paces the loop; the service's clock, which a test may hold, decides what is due.
        using var timer = new PeriodicTimer(Look);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                _tasks.RemoveAll(task => task.IsCompleted);
                try
                {
                    if (!clock.IsOff)
                        await TakeUpAsync(stoppingToken);
                }
                // A loop that ended would end the service with it.
                catch (Exception e) when (e is not OperationCanceledException)
                {
                    LogFailure(e.GetType().Name);
                }
            }
        }
        finally
        {
            await Task.WhenAll(_tasks);
        }
    }

    private async Task TakeUpAsync(CancellationToken ct)
    {
        var places = PartiesAtOnce - _parties.Count;
        if (places <= 0)
            return;
        await using var scope = scopes.CreateAsyncScope();
        var (now, working) = (Now, _parties.Keys.ToList());
        var parties = await scope.ServiceProvider.GetRequiredService<VerifierDbContext>().WebhookMessages
            .Where(m => m.DueAt <= now && !working.Contains(m.RelyingParty))
            .GroupBy(m => m.RelyingParty)
            .Select(g => new { Party = g.Key, Due = g.Min(m => m.DueAt) })
            .OrderBy(p => p.Due)
            .Take(places)
            .ToListAsync(ct);
        foreach (var waiting in parties)
        {
            if (_parties.TryAdd(waiting.Party, true))
                _tasks.Add(DeliverAsync(waiting.Party, ct));
        }
    }

    private async Task DeliverAsync(string party, CancellationToken ct)
    {
        try
        {
            while (await DeliverSomeAsync(party, ct))
            {
            }
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // Nothing was claimed yet, or what was has been given back.
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            LogFailure(e.GetType().Name);
        }
        finally
        {
            _parties.TryRemove(party, out _);
        }
    }

    /// <summary>Tries a few messages at once; false when there are no more, or the receiver does not take them.</summary>
    private async Task<bool> DeliverSomeAsync(string party, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<VerifierDbContext>();
        var hook = await db.Webhooks.AsNoTracking().SingleOrDefaultAsync(w => w.RelyingParty == party, ct);
        if (hook is null)
        {
            // Written while the webhook was being deleted.
            await DropWaitingAsync(db, party, ct);
            return false;
        }

        var claim = RandomToken.New();
        var messages = await ClaimAsync(db, party, claim, ct);
        if (messages.Count == 0)
            return false;
        var attempts = await Task.WhenAll(messages.Select(message => sender.SendAsync(hook, message, ct)));
        // What has been sent is written down even when the process is to end.
        await RecordAsync(db, hook, claim, [.. messages.Zip(attempts)], CancellationToken.None);
        return attempts.All(attempt => attempt.Result == WebhookResult.Delivered);
    }

    private async Task<List<WebhookMessageRow>> ClaimAsync(VerifierDbContext db, string party, string claim, CancellationToken ct)
    {
        var now = Now;
        var due = await db.WebhookMessages
            .Where(m => m.RelyingParty == party && m.DueAt <= now)
            .OrderBy(m => m.DueAt).ThenBy(m => m.FinishedAt)
            .Select(m => m.TransactionId)
            .Take(MessagesAtOnce)
            .ToListAsync(ct);
        // The condition is looked at again by the statement that claims: of several replicas one gets a message.
        var until = now + (long)Lease.TotalMilliseconds;
        var taken = due.Count == 0 ? 0 : await db.WebhookMessages
            .Where(m => due.Contains(m.TransactionId) && m.DueAt <= now)
            .ExecuteUpdateAsync(u => u.SetProperty(m => m.DueAt, until).SetProperty(m => m.Claim, claim), ct);
        return taken == 0 ? [] : await db.WebhookMessages.AsNoTracking()
            .Where(m => due.Contains(m.TransactionId) && m.Claim == claim)
            .OrderBy(m => m.FinishedAt)
            .ToListAsync(ct);
    }

    private async Task RecordAsync(
        VerifierDbContext db, WebhookRow hook, string claim, IReadOnlyList<(WebhookMessageRow Message, WebhookAttempt Attempt)> sent, CancellationToken ct)
    {
        var now = Now;
        var delivered = Of(WebhookResult.Delivered);
        if (delivered.Count > 0)
        {
            metrics.CountWebhooks("delivered", await Claimed(db, delivered, claim).ExecuteUpdateAsync(u => u
                .SetProperty(m => m.DueAt, (long?)null)
                .SetProperty(m => m.Claim, (string?)null)
                .SetProperty(m => m.EndedAt, now), ct));
        }

        if (sent.Any(s => s.Attempt.Result == WebhookResult.Gone) && await RemoveAsync(db, hook, ct))
            return;
        var interrupted = Of(WebhookResult.Interrupted);
        if (interrupted.Count > 0)
        {
            await Claimed(db, interrupted, claim).ExecuteUpdateAsync(u => u
                .SetProperty(m => m.DueAt, now)
                .SetProperty(m => m.Claim, (string?)null), ct);
        }

        foreach (var (message, _) in sent.Where(s => s.Attempt.Result is WebhookResult.Failed or WebhookResult.Gone))
            await PutOffAsync(db, message, claim, now, ct);
        var error = sent.Select(s => s.Attempt.Error).LastOrDefault(e => e is not null);
        if (error != hook.LastError && (error is not null || delivered.Count > 0))
        {
            await db.Webhooks.Where(w => w.RelyingParty == hook.RelyingParty && w.Version == hook.Version)
                .ExecuteUpdateAsync(u => u.SetProperty(w => w.LastError, error), ct);
        }

        List<string> Of(WebhookResult result) => [.. sent.Where(s => s.Attempt.Result == result).Select(s => s.Message.TransactionId)];
    }

    private async Task PutOffAsync(VerifierDbContext db, WebhookMessageRow message, string claim, long now, CancellationToken ct)
    {
        var next = Next(message.Attempts + 1, message.FinishedAt, now);
        long? ended = next is null ? now : null;
        var changed = await Claimed(db, [message.TransactionId], claim).ExecuteUpdateAsync(u => u
            .SetProperty(m => m.Attempts, m => m.Attempts + 1)
            .SetProperty(m => m.DueAt, next)
            .SetProperty(m => m.Claim, (string?)null)
            .SetProperty(m => m.EndedAt, ended)
            .SetProperty(m => m.GivenUp, next == null), ct);
        metrics.CountWebhooks(next is null ? "given_up" : "put_off", changed);
    }

    /// <summary>Takes the receiver at its word, unless the relying party has named another one in the meantime.</summary>
    private async Task<bool> RemoveAsync(VerifierDbContext db, WebhookRow hook, CancellationToken ct)
    {
        if (await db.Webhooks.Where(w => w.RelyingParty == hook.RelyingParty && w.Version == hook.Version).ExecuteDeleteAsync(ct) != 1)
            return false;
        metrics.CountWebhooks("removed", 1);
        await DropWaitingAsync(db, hook.RelyingParty, ct);
        return true;
    }

    /// <summary>Forgets what a relying party without a webhook will not be told.</summary>
    public static Task DropWaitingAsync(VerifierDbContext db, string party, CancellationToken ct) =>
        db.WebhookMessages.Where(m => m.RelyingParty == party && m.DueAt != null).ExecuteDeleteAsync(ct);

    private static IQueryable<WebhookMessageRow> Claimed(VerifierDbContext db, List<string> ids, string claim) =>
        db.WebhookMessages.Where(m => ids.Contains(m.TransactionId) && m.Claim == claim);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The outbox could not be worked on and will be again: {Kind}")]
    private partial void LogFailure(string kind);
}
