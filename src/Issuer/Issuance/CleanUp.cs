using Credentials.Issuer.Storage;
using Microsoft.EntityFrameworkCore;

namespace Credentials.Issuer.Issuance;

/// <summary>Deletes what has served its time: claims of offers nobody took, tokens, used nonces, kept answers.</summary>
internal sealed partial class CleanUp(IServiceScopeFactory scopes, IssuerOptions options, TimeProvider time, ClockGuard clock, ILogger<CleanUp> logger) : BackgroundService
{
    internal static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        do
        {
            try
            {
                if (clock.IsOff)
                    continue;
                await using var scope = scopes.CreateAsyncScope();
                await RunAsync(scope.ServiceProvider.GetRequiredService<IssuerDbContext>(), options, time.GetUtcNow(), stoppingToken);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                LogFailure(logger, e.GetType().Name);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    /// <summary>
    /// How long what was used once is remembered after it has expired: another replica's clock may be behind, and this one may have run ahead and be set back.
    /// </summary>
    private static readonly TimeSpan _rememberUsed = TimeSpan.FromDays(1);

    internal static async Task RunAsync(IssuerDbContext db, IssuerOptions options, DateTimeOffset now, CancellationToken ct)
    {
        db.Database.SetCommandTimeout(DatabaseSetup.LongWork);
        var at = now.ToUnixTimeMilliseconds();
        await db.Offers.Where(o => (o.State == OfferState.Created || o.State == OfferState.Redeemed) && o.ExpiresAt <= at)
            .ExecuteUpdateAsync(set => set.SetProperty(o => o.State, OfferState.Expired).SetProperty(o => o.Claims, (string?)null), ct);
        // An expired token still opens the kept answer of a request it made.
        var tokens = (now - options.AnswerLifetime).ToUnixTimeMilliseconds();
        await db.AccessTokens.Where(t => t.ExpiresAt <= tokens).ExecuteDeleteAsync(ct);
        await db.RefreshTokens.Where(t => t.ExpiresAt <= at).ExecuteDeleteAsync(ct);
        await db.Authorizations.Where(a => a.ExpiresAt <= at).ExecuteDeleteAsync(ct);
        await db.Deferred.Where(d => d.ExpiresAt <= at).ExecuteDeleteAsync(ct);
        var used = (now - _rememberUsed).ToUnixTimeMilliseconds();
        await db.UsedNonces.Where(n => n.ExpiresAt <= used).ExecuteDeleteAsync(ct);
        await db.Issuances.Where(i => i.Answer != null && i.AnswerUntil <= at).ExecuteUpdateAsync(set => set.SetProperty(i => i.Answer, (byte[]?)null), ct);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Clean-up failed and will be tried again: {Kind}")]
    private static partial void LogFailure(ILogger logger, string kind);
}
