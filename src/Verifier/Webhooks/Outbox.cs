using Credentials.Verifier.Storage;
using Microsoft.EntityFrameworkCore;

namespace Credentials.Verifier.Webhooks;

/// <summary>
/// Writes the messages of transactions that have just ended, for relying parties that have a webhook. To be called inside the database
/// transaction that ends them: both are there, or neither.
/// </summary>
internal static class Outbox
{
    public static Task AddAsync(VerifierDbContext db, string transactionId, CancellationToken ct) => db.Database.ExecuteSqlAsync(
        $"""
        INSERT INTO "webhook_messages" ("TransactionId", "RelyingParty", "State", "FinishedAt", "DueAt", "Attempts", "GivenUp")
        SELECT t."Id", t."RelyingParty", t."State", t."FinishedAt", t."FinishedAt", 0, FALSE
        FROM "transactions" t JOIN "webhooks" w ON w."RelyingParty" = t."RelyingParty"
        WHERE t."Id" = {transactionId}
        """, ct);

    /// <summary>The same for all that were given this end at this time and have no message yet.</summary>
    public static Task AddAllAsync(VerifierDbContext db, string state, long finishedAt, CancellationToken ct) => db.Database.ExecuteSqlAsync(
        $"""
        INSERT INTO "webhook_messages" ("TransactionId", "RelyingParty", "State", "FinishedAt", "DueAt", "Attempts", "GivenUp")
        SELECT t."Id", t."RelyingParty", t."State", t."FinishedAt", t."FinishedAt", 0, FALSE
        FROM "transactions" t JOIN "webhooks" w ON w."RelyingParty" = t."RelyingParty"
        WHERE t."State" = {state} AND t."FinishedAt" = {finishedAt}
        AND NOT EXISTS (SELECT 1 FROM "webhook_messages" m WHERE m."TransactionId" = t."Id")
        """, ct);

    /// <summary>Forgets messages whose end, delivered or given up, lies as far back.</summary>
    public static Task PurgeAsync(VerifierDbContext db, long endedBefore, CancellationToken ct) =>
        db.WebhookMessages.Where(m => m.EndedAt <= endedBefore).ExecuteDeleteAsync(ct);
}
