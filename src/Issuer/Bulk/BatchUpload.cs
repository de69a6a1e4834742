using System.Text;
using System.Text.Json.Nodes;
using Credentials.Issuer.Agency;
using Credentials.Issuer.Catalog;
using Credentials.Issuer.Http;
using Credentials.Issuer.Keys;
using Credentials.Issuer.Storage;
using Microsoft.EntityFrameworkCore;

namespace Credentials.Issuer.Bulk;

/// <summary>
/// Takes a table in, row by row, without holding it in memory. It becomes a batch in one statement at its end: an upload that breaks off
/// leaves nothing that is worked on, and the same table sent again under the same id is the same batch.
/// </summary>
internal sealed class BatchUpload(IssuerDbContext db, TimeProvider time, BatchSignal signal)
{
    internal const long MaxBytes = 256L * 1024 * 1024;
    internal const int MaxRows = 2_000_000;
    private const int Chunk = 500;

    /// <exception cref="MalformedDataException">The table cannot be read; the message names the line.</exception>
    /// <exception cref="AgencyException">409: another table was sent under this id.</exception>
    internal async Task<Batch> ReceiveAsync(BatchOrder order, Stream csv, string actor, CancellationToken ct)
    {
        var upload = Secrets.NewId();
        await using var hashed = new HashingStream(csv, order.Fingerprint);
        if (!await BeginAsync(order, upload, actor, ct))
        {
            await hashed.CopyToAsync(Stream.Null, ct);
            var kept = await db.Batches.AsNoTracking().SingleAsync(b => b.Id == order.Id, ct);
            return Secrets.Same(kept.ContentHash, hashed.Finish()) ? kept : throw Taken();
        }

        try
        {
            var (columns, total) = await StoreRowsAsync(order, hashed, ct);
            await CommitAsync(order, upload, columns, total, hashed.Finish(), actor, ct);
        }
        catch (Exception e) when (e is not AgencyException)
        {
            await ForgetAsync(order.Id, upload);
            throw DatabaseSetup.IsDuplicate(e) ? Taken() : e;
        }

        signal.Wake();
        return await db.Batches.AsNoTracking().SingleAsync(b => b.Id == order.Id, ct);
    }

    /// <summary>True when this upload is the one that fills the batch; false when the batch is there already.</summary>
    private async Task<bool> BeginAsync(BatchOrder order, string upload, string actor, CancellationToken ct)
    {
        // What an earlier upload left behind that broke off.
        var old = await db.Batches.AsNoTracking().Where(b => b.Id == order.Id).Select(b => new { b.State, b.Upload }).SingleOrDefaultAsync(ct);
        if (old is { State: BatchState.Uploading })
            await ForgetAsync(order.Id, old.Upload);
        else if (old is not null)
            return false;
        db.Batches.Add(new Batch
        {
            Id = order.Id,
            ConfigurationId = order.Type.Id,
            ForKeys = order.ForKeys,
            TxCode = order.TxCode,
            OfferHours = order.OfferHours,
            Upload = upload,
            Actor = actor,
            CreatedAt = time.GetUtcNow().ToUnixTimeMilliseconds(),
        });
        try
        {
            await db.SaveChangesAsync(ct);
            return true;
        }
        catch (DbUpdateException e) when (DatabaseSetup.IsDuplicate(e))
        {
            throw Taken();
        }
        finally
        {
            db.ChangeTracker.Clear();
        }
    }

    private async Task<(List<string> Columns, int Total)> StoreRowsAsync(BatchOrder order, Stream csv, CancellationToken ct)
    {
        using var text = new StreamReader(csv, new UTF8Encoding(false, throwOnInvalidBytes: true), detectEncodingFromByteOrderMarks: true, leaveOpen: true);
        var reader = new CsvReader(text);
        var columns = await reader.ReadAsync(ct) ?? throw new MalformedDataException(IssuerCodes.Table, "The table is empty.");
        var table = new TableClaims(order.Type, columns, TableClaims.Subject, TableClaims.HolderKey);
        if (order.ForKeys != columns.Contains(TableClaims.HolderKey))
            throw new MalformedDataException(IssuerCodes.Table, $"The column {TableClaims.HolderKey} is for credentials to given keys, which need it.");
        var number = 0;
        while (await reader.ReadAsync(ct) is { } cells)
        {
            if (++number > MaxRows)
                throw new MalformedDataException(IssuerCodes.Table, $"More than {MaxRows} rows.");
            db.BatchRows.Add(new BatchRow
            {
                BatchId = order.Id,
                Number = number,
                Line = reader.Line,
                Cells = StoredCells.Write(cells),
                Subject = table.Cell(cells, TableClaims.Subject) is { } subject && subject.Length <= 200 && !subject.Any(char.IsControl) ? subject : null,
            });
            if (number % Chunk == 0)
                await FlushAsync(ct);
        }

        table.RequireMandatory();
        if (number == 0)
            throw new MalformedDataException(IssuerCodes.Table, "The table has no rows.");
        await FlushAsync(ct);
        return (columns, number);
    }

    private async Task FlushAsync(CancellationToken ct)
    {
        await db.SaveChangesAsync(ct);
        db.ChangeTracker.Clear();
    }

    private async Task CommitAsync(BatchOrder order, string upload, List<string> columns, int total, byte[] hash, string actor, CancellationToken ct)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var names = StoredCells.Write(columns);
        var begun = await db.Batches.Where(b => b.Id == order.Id && b.Upload == upload && b.State == BatchState.Uploading)
            .ExecuteUpdateAsync(set => set.SetProperty(b => b.State, BatchState.Running).SetProperty(b => b.Columns, names)
                .SetProperty(b => b.Total, total).SetProperty(b => b.ContentHash, hash), ct);
        if (begun != 1)
            throw Taken();
        var detail = new JsonObject { ["credential_configuration_id"] = order.Type.Id, ["for_keys"] = order.ForKeys, ["rows"] = total };
        await AuditLog.AppendAsync(db, time.GetUtcNow(), actor, "batch.create", order.Id, detail, ct);
        await transaction.CommitAsync(ct);
    }

    // Also when the sender has gone: what it left holds personal data.
    private async Task ForgetAsync(string id, string upload)
    {
        db.ChangeTracker.Clear();
        if (await db.Batches.Where(b => b.Id == id && b.Upload == upload && b.State == BatchState.Uploading).ExecuteDeleteAsync(CancellationToken.None) == 1)
            await db.BatchRows.Where(r => r.BatchId == id).ExecuteDeleteAsync(CancellationToken.None);
    }

    private static AgencyException Taken() => new(409, IssuerCodes.BatchState, "Another table was sent, or is being sent, under this id.");
}
