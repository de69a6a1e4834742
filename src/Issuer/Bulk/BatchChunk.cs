using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.Issuer.Agency;
using Credentials.Issuer.Catalog;
using Credentials.Issuer.Formats;
using Credentials.Issuer.Http;
using Credentials.Issuer.Issuance;
using Credentials.Issuer.Keys;
using Credentials.Issuer.Offers;
using Credentials.Issuer.Recovery;
using Credentials.Issuer.Status;
using Credentials.Issuer.Storage;
using Credentials.Jose;
using Credentials.Keys;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace Credentials.Issuer.Bulk;

/// <summary>
/// Does some rows of a batch. A row changes its state in the transaction that makes what it stands for, and only while the lease is ours:
/// wherever the process dies, the row is either as before or done.
/// </summary>
internal sealed class BatchChunk(
    IssuerDbContext db, StatusIndexes statuses, CredentialCatalog catalog, CredentialFormats formats, BatchSources sources, CredentialSigner signer, IssuerKeys keys, IssuerOptions options,
    TimeProvider time, Metrics metrics)
{
    internal const int Size = 400;

    // While the database writes one part of a chunk, the next one is being signed.
    private const int PartSize = 100;

    private static readonly Dictionary<int, BatchSources.Asked> NobodyAsked = [];

    private IQueryable<BatchRow> Next(Batch batch) =>
        db.BatchRows.AsNoTracking().Where(r => r.BatchId == batch.Id && r.State == BatchRowState.Pending).OrderBy(r => r.Number).Take(Size);

    /// <summary>False when there is nothing left to do here: the batch has ended, or is another process's.</summary>
    internal async Task<bool> RunAsync(Batch batch, CancellationToken ct)
    {
        var type = catalog.Find(batch.ConfigurationId);
        if (await AskAsync(batch, type, ct) is not { } asked)
            return false;
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        // A token may take its time for so many signatures.
        if (db.Database.IsNpgsql())
            await db.Database.ExecuteSqlRawAsync("SET LOCAL idle_in_transaction_session_timeout = '2min'", ct);
        if (!await HoldAsync(batch, ct))
            return false;
        var rows = await Next(batch).ToListAsync(ct);
        if (rows.Count == 0)
        {
            await EndAsync(batch, transaction, ct);
            return false;
        }

        IReadOnlyList<IssuedCredential> made = [];
        if (type is null)
            rows.ForEach(row => Fail(row, IssuerCodes.UnknownConfiguration, "The credential configuration is not in the catalog any more."));
        else if (batch.ForKeys)
            made = await IssueAsync(batch, type, rows, asked, ct);
        else
            MakeOffers(batch, type, rows, asked);
        if (made.Count == 0)
            await SaveAsync(batch, rows, made, ct);
        var detail = new JsonObject { ["from"] = rows[0].Number, ["to"] = rows[^1].Number, ["failed"] = rows.Count(row => row.State == BatchRowState.Failed) }.With(made);
        await AuditLog.AppendAsync(db, time.GetUtcNow(), batch.Actor, batch.ForKeys ? "batch.issue" : "batch.offer", batch.Id, detail, ct);
        await transaction.CommitAsync(ct);
        var done = rows.Count(row => row.State == BatchRowState.Done);
        if (batch.ForKeys)
            metrics.Count("issuer_credentials_issued_total", $"type=\"{batch.ConfigurationId}\"", done);
        else
            metrics.Count("issuer_offers_created_total", by: done);
        return true;
    }

    /// <summary>Takes the batch's row for this transaction and prolongs the lease. Two processes cannot both come past here.</summary>
    private async Task<bool> HoldAsync(Batch batch, CancellationToken ct)
    {
        var lease = (time.GetUtcNow() + options.BatchLease).ToUnixTimeMilliseconds();
        var held = await db.Batches.Where(b => b.Id == batch.Id && b.State == BatchState.Running && b.LeaseUntil == batch.LeaseUntil)
            .ExecuteUpdateAsync(set => set.SetProperty(b => b.LeaseUntil, lease), ct) == 1;
        // Where the commit fails, the old lease stands in the database, and this process finds out at its next look.
        batch.LeaseUntil = lease;
        return held;
    }

    /// <summary>Asks for the rows that come next, while the lease is prolonged. Null: the batch was taken or ended meanwhile.</summary>
    private async Task<IReadOnlyDictionary<int, BatchSources.Asked>?> AskAsync(Batch batch, CredentialType? type, CancellationToken ct)
    {
        if (type?.Source is null)
            return NobodyAsked;
        var rows = await Next(batch).ToListAsync(ct);
        using var given = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var asking = sources.AskAsync(type, Table(batch, type), rows, given.Token);
        while (true)
        {
            try
            {
                return await asking.WaitAsync(options.BatchLease / 3, time, ct);
            }
            catch (TimeoutException) when (!asking.IsCompleted)
            {
                if (await HoldAsync(batch, ct))
                    continue;
                await given.CancelAsync();
                return null;
            }
        }
    }

    private async Task EndAsync(Batch batch, IDbContextTransaction transaction, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        var at = now.ToUnixTimeMilliseconds();
        await db.Batches.Where(b => b.Id == batch.Id)
            .ExecuteUpdateAsync(set => set.SetProperty(b => b.State, BatchState.Finished).SetProperty(b => b.EndedAt, at).SetProperty(b => b.LeaseUntil, 0), ct);
        var failed = await db.BatchRows.CountAsync(r => r.BatchId == batch.Id && r.State == BatchRowState.Failed, ct);
        await AuditLog.AppendAsync(db, now, batch.Actor, "batch.finish", batch.Id, new JsonObject { ["rows"] = batch.Total, ["failed"] = failed }, ct);
        await transaction.CommitAsync(ct);
    }

    private void MakeOffers(Batch batch, CredentialType type, List<BatchRow> rows, IReadOnlyDictionary<int, BatchSources.Asked> asked)
    {
        var now = time.GetUtcNow();
        var table = Table(batch, type);
        foreach (var row in rows)
        {
            if (Read(table, type, row, asked.GetValueOrDefault(row.Number), canWait: true, now) is not { } claims)
                continue;
            var (offer, _) = CreateOffer.New([type.Id], claims, row.Subject, batch.TxCode, TimeSpan.FromHours(batch.OfferHours), keys, options, now);
            db.Offers.Add(offer);
            (row.State, row.OfferId, row.Cells) = (BatchRowState.Done, offer.Id, null);
        }
    }

    /// <summary>Writes the rows as they are now and the credentials they became; on SQLite with the caller's next save, which the audit entry brings.</summary>
    private async Task SaveAsync(Batch batch, IReadOnlyList<BatchRow> rows, IReadOnlyList<IssuedCredential> made, CancellationToken ct)
    {
        if (!db.Database.IsNpgsql())
        {
            db.Credentials.AddRange(made);
            db.BatchRows.UpdateRange(rows);
            return;
        }

        // Two statements for all: one for each would cost the service and the database more than signing does.
        await db.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO "Credentials" ("Id", "OfferId", "ConfigurationId", "Type", "Subject", "HolderKey", "ListId", "ListIndex", "Status", "IssuedAt", "ExpiresAt", "DocumentHash")
            SELECT id, offer, {batch.ConfigurationId}, type, subject, holder, list, index, 0, issued, expires, hash FROM unnest(
              {Each(made, c => c.Id)}, {Each(made, c => c.OfferId)}, {Each(made, c => c.Type)}, {Each(made, c => c.Subject)}, {Each(made, c => c.HolderKey)}, {Each(made, c => c.ListId)},
              {Each(made, c => c.ListIndex)}, {Each(made, c => c.IssuedAt)}, {Each(made, c => c.ExpiresAt)}, {Each(made, c => c.DocumentHash)})
              AS made (id, offer, type, subject, holder, list, index, issued, expires, hash)
            """,
            ct);
        await db.Database.ExecuteSqlAsync(
            $"""
            UPDATE "BatchRows" SET "State" = done.state, "Cells" = done.cells, "ErrorCode" = done.code, "Error" = done.error, "OfferId" = done.offer, "CredentialId" = done.credential, "Result" = done.result
            FROM unnest({Each(rows, r => r.Number)}, {Each(rows, r => (int)r.State)}, {Each(rows, r => r.Cells)}, {Each(rows, r => r.ErrorCode)}, {Each(rows, r => r.Error)}, {Each(rows, r => r.OfferId)},
              {Each(rows, r => r.CredentialId)}, {Each(rows, r => r.Result)}) AS done (number, state, cells, code, error, offer, credential, result)
            WHERE "BatchId" = {batch.Id} AND "Number" = done.number
            """,
            ct);

        static T[] Each<TRow, T>(IReadOnlyList<TRow> of, Func<TRow, T> value) => [.. of.Select(value)];
    }

    /// <summary>Makes the credentials and saves them with their rows; where it makes none, nothing is saved.</summary>
    private async Task<IReadOnlyList<IssuedCredential>> IssueAsync(Batch batch, CredentialType type, List<BatchRow> rows, IReadOnlyDictionary<int, BatchSources.Asked> asked, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        var table = Table(batch, type);
        var read = new (JsonElement Claims, PublicKey Holder)?[rows.Count];
        Parallel.For(0, rows.Count, i =>
        {
            if (Read(table, type, rows[i], asked.GetValueOrDefault(rows[i].Number), canWait: false, now) is { } claims && ReadKey(table, rows[i]) is { } holder)
                read[i] = (StrictJson.ToElement(claims[type.Id]!), holder);
        });
        var good = Enumerable.Range(0, rows.Count).Where(i => read[i] is not null).ToList();
        if (good.Count == 0)
            return [];
        var (list, indexes) = await statuses.ReserveAsync(db, good.Count, now, ct);
        var last = keys.DocumentSigner(now).Certificate.NotAfter.ToUniversalTime();
        var register = new IssuedCredential[good.Count];
        var saving = Task.CompletedTask;
        try
        {
            var bad = rows.Where((_, i) => read[i] is null).ToList();
            for (var start = 0; start < good.Count; start += PartSize)
            {
                var end = Math.Min(start + PartSize, good.Count);
                await Parallel.ForAsync(start, end, ct, SignAsync);
                await saving;
                saving = SaveAsync(batch, [.. bad, .. good[start..end].Select(i => rows[i])], register[start..end], ct);
                bad = [];
            }
        }
        finally
        {
            // Whatever went wrong, the connection is left alone before the transaction ends.
            await saving;
        }

        return register;

        async ValueTask SignAsync(int n, CancellationToken token)
        {
            var row = rows[good[n]];
            var (claims, holder) = read[good[n]]!.Value;
            var credential = register[n] = new IssuedCredential
            {
                Id = Secrets.NewId(),
                OfferId = $"{batch.Id}/{row.Number}",
                ConfigurationId = type.Id,
                Type = type.Type,
                Subject = row.Subject,
                HolderKey = Jwk.Thumbprint(holder),
                ListId = list,
                ListIndex = indexes[n],
                IssuedAt = now.ToUnixTimeMilliseconds(),
                ExpiresAt = ClaimCheck.ExpiresAt(type, claims, now, last).ToUnixTimeMilliseconds(),
            };
            var bytes = Encoding.ASCII.GetBytes(await signer.SignAsync(type, claims, credential, holder, token));
            credential.DocumentHash = SHA256.HashData(bytes);
            (row.State, row.Cells, row.CredentialId, row.Result) = (BatchRowState.Done, null, credential.Id, BatchResults.Seal(keys, row, bytes));
        }
    }

    private static TableClaims Table(Batch batch, CredentialType type) =>
        new(type, StoredCells.Read(batch.Columns), TableClaims.Subject, TableClaims.HolderKey);

    private static JsonElement Wrapped(CredentialType type, JsonObject claims) => StrictJson.ToElement(new JsonObject { [type.Id] = claims });

    /// <summary>The claims as an offer stores them, with none for a type whose source needs time; null when the row has failed for them.</summary>
    private JsonObject? Read(TableClaims table, CredentialType type, BatchRow row, BatchSources.Asked? asked, bool canWait, DateTimeOffset now)
    {
        try
        {
            var claims = table.Read(StoredCells.Read(row.Cells!));
            if (asked is not null && asked.Complete(type, claims, canWait) is null)
                return [];
            return OfferClaims.Read(Wrapped(type, claims), [type], formats, now);
        }
        catch (CredentialException e)
        {
            Fail(row, e.Code, e.Message);
        }
        catch (AgencyException e)
        {
            Fail(row, e.Code, e.Message);
        }

        return null;
    }

    private static PublicKey? ReadKey(TableClaims table, BatchRow row)
    {
        try
        {
            var text = table.Cell(StoredCells.Read(row.Cells!), TableClaims.HolderKey) ?? throw new MalformedDataException(IssuerCodes.Claims, $"'{TableClaims.HolderKey}' is missing.");
            return Jwk.ParsePublic(StrictJson.Parse(text));
        }
        catch (CredentialException e)
        {
            Fail(row, e.Code, e.Message);
            return null;
        }
    }

    private static void Fail(BatchRow row, string code, string message) =>
        (row.State, row.ErrorCode, row.Error, row.Cells) = (BatchRowState.Failed, code, message, null);
}
