using Credentials.Verifier.Http;
using Credentials.Verifier.Pages;
using Credentials.Verifier.Storage;

namespace Credentials.Verifier.Transactions;

/// <summary>Who may look at a transaction: the relying party that made it, and the browser that opened its page.</summary>
internal static class TransactionAccess
{
    /// <summary>The relying party's own transaction; another's is as unknown as one that does not exist.</summary>
    public static async Task<TransactionRow> RequireOwnAsync(HttpContext http, VerifierDbContext db, TimeProvider time, string id, CancellationToken ct, string scope = ApiScopes.Verifications)
    {
        var party = await ApiKeys.RequireAsync(http, db, scope, ct);
        var row = await LoadAsync(db, time, id, ct);
        return row is not null && row.RelyingParty == party.Id ? row : throw RequestRefusal.Unknown();
    }

    /// <summary>The transaction for its relying party or for a browser with its cookie.</summary>
    public static async Task<TransactionRow> RequireOwnOrPageAsync(HttpContext http, VerifierDbContext db, TimeProvider time, PageCookie cookie, string id, CancellationToken ct)
    {
        if (http.Request.Headers.Authorization.Count == 0 && cookie.IsPresent(http, id))
            return await LoadAsync(db, time, id, ct) ?? throw RequestRefusal.Unknown();
        return await RequireOwnAsync(http, db, time, id, ct);
    }

    /// <summary>Reads a transaction as it stands now: one whose time is over is expired, swept or not.</summary>
    public static async Task<TransactionRow?> LoadAsync(VerifierDbContext db, TimeProvider time, string id, CancellationToken ct)
    {
        var row = await db.FindTransactionAsync(id, ct);
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        if (row is null || TransactionStates.IsFinal(row.State) || row.ExpiresAt > now)
            return row;
        await TransactionChanges.ExpireAsync(db, id, now, ct);
        return await db.FindTransactionAsync(id, ct);
    }
}
