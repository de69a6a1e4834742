using System.Globalization;
using System.Text.Json.Nodes;
using Credentials.Issuer.Agency;
using Credentials.Issuer.Catalog;
using Credentials.Issuer.Http;
using Credentials.Issuer.Keys;
using Credentials.Issuer.Storage;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.EntityFrameworkCore;

namespace Credentials.Issuer.Bulk;

/// <summary><c>/agency/v1/batches</c>: send a table, follow it, fetch what came of it, cancel it.</summary>
internal static class BatchRoutes
{
    internal static void Map(IEndpointRouteBuilder agency)
    {
        agency.MapPost("/batches", SendAsync);
        agency.MapGet("/batches", ListAsync);
        agency.MapGet("/batches/{id}", GetAsync);
        agency.MapGet("/batches/{id}/results", ResultsAsync);
        agency.MapPost("/batches/{id}/cancel", StopAsync);
    }

    private static async Task SendAsync(HttpContext http, IssuerDbContext db, BatchUpload upload, CredentialCatalog catalog)
    {
        if (!RequestBody.IsType(http.Request, "text/csv"))
            throw new MalformedDataException(IssuerCodes.Request, "The body must be text/csv.");
        string Need(string name) => Paging.One(http.Request, name) ?? throw new MalformedDataException(IssuerCodes.Request, $"'{name}' is missing.");
        var type = catalog.Find(Need("type")) ?? throw new MalformedDataException(IssuerCodes.UnknownConfiguration, "A credential configuration id is unknown here.");
        var forKeys = (Paging.One(http.Request, "mode") ?? "offers") switch
        {
            "offers" => false,
            "credentials" => true,
            _ => throw new MalformedDataException(IssuerCodes.Request, "'mode' is offers or credentials."),
        };
        var hours = Paging.One(http.Request, "valid_hours") is { } text
            ? int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0
            : 24 * 7;
        var order = BatchOrder.Create(Need("id"), type, forKeys, Paging.One(http.Request, "tx_code") == "true", hours);
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } feature)
            feature.MaxRequestBodySize = BatchUpload.MaxBytes;
        var batch = await upload.ReceiveAsync(order, http.Request.Body, ApiKeyGate.Actor(http), http.RequestAborted);
        await Answers.JsonAsync(http.Response, await DescribeAsync(db, batch, http.RequestAborted), StatusCodes.Status202Accepted);
    }

    private static async Task ListAsync(HttpContext http, IssuerDbContext db)
    {
        var batches = await db.Batches.AsNoTracking().OrderByDescending(b => b.CreatedAt).Take(100).ToListAsync(http.RequestAborted);
        var list = new JsonArray();
        foreach (var batch in batches)
            list.Add((JsonNode)await DescribeAsync(db, batch, http.RequestAborted));
        await Answers.JsonAsync(http.Response, new JsonObject { ["batches"] = list });
    }

    private static async Task GetAsync(string id, HttpContext http, IssuerDbContext db) =>
        await Answers.JsonAsync(http.Response, await DescribeAsync(db, await FindAsync(db, id, http.RequestAborted), http.RequestAborted));

    private static async Task ResultsAsync(string id, HttpContext http, IssuerDbContext db, IssuerKeys keys, IssuerOptions options, TimeProvider time)
    {
        ApiKeyGate.RequireAgency(http);
        var ct = http.RequestAborted;
        await FindAsync(db, id, ct);
        var after = Paging.After(http.Request);
        if (after == 0)
            await RecordAsync(db, time, ApiKeyGate.Actor(http), "batch.results", id, ct);
        var rows = await BatchResults.PageAsync(db, keys, options, id, after, ct);
        await Answers.JsonAsync(http.Response, new JsonObject
        {
            ["rows"] = new JsonArray([.. rows]),
            ["next"] = rows.Count == BatchResults.PageSize ? rows[^1]["row"]!.GetValue<int>() : null,
        });
    }

    private static async Task StopAsync(string id, HttpContext http, IssuerDbContext db, TimeProvider time)
    {
        await FindAsync(db, id, http.RequestAborted);
        if (!await CancelAsync(db, time, ApiKeyGate.Actor(http), id, http.RequestAborted))
            throw new AgencyException(409, IssuerCodes.BatchState, "Only a batch that is being worked on can be cancelled.");
        await GetAsync(id, http, db);
    }

    /// <summary>Stops a batch: rows that are not done are forgotten, what is done stays. False when it is not running.</summary>
    internal static async Task<bool> CancelAsync(IssuerDbContext db, TimeProvider time, string actor, string id, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        var at = now.ToUnixTimeMilliseconds();
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var stopped = await db.Batches.Where(b => b.Id == id && b.State == BatchState.Running)
            .ExecuteUpdateAsync(set => set.SetProperty(b => b.State, BatchState.Cancelled).SetProperty(b => b.EndedAt, at).SetProperty(b => b.LeaseUntil, 0), ct);
        if (stopped != 1)
            return false;
        await db.BatchRows.Where(r => r.BatchId == id && r.State == BatchRowState.Pending)
            .ExecuteUpdateAsync(set => set.SetProperty(r => r.State, BatchRowState.Cancelled).SetProperty(r => r.Cells, (string?)null), ct);
        await AuditLog.AppendAsync(db, now, actor, "batch.cancel", id, null, ct);
        await transaction.CommitAsync(ct);
        return true;
    }

    /// <summary>An entry of its own: somebody took secrets or claims out.</summary>
    internal static Task RecordAsync(IssuerDbContext db, TimeProvider time, string actor, string action, string subject, CancellationToken ct) =>
        AuditLog.AppendAsync(db, time.GetUtcNow(), actor, action, subject, null, ct);

    /// <summary>How many rows there are in each state.</summary>
    internal static async Task<Dictionary<BatchRowState, int>> CountAsync(IssuerDbContext db, string id, CancellationToken ct) =>
        await db.BatchRows.AsNoTracking().Where(r => r.BatchId == id).GroupBy(r => r.State).Select(g => new { g.Key, Count = g.Count() }).ToDictionaryAsync(g => g.Key, g => g.Count, ct);

    private static async Task<Batch> FindAsync(IssuerDbContext db, string id, CancellationToken ct) =>
        await db.Batches.AsNoTracking().SingleOrDefaultAsync(b => b.Id == id, ct) ?? throw new AgencyException(404, IssuerCodes.NotFound, "There is no such batch.");

    private static async Task<JsonObject> DescribeAsync(IssuerDbContext db, Batch batch, CancellationToken ct)
    {
        var counts = await CountAsync(db, batch.Id, ct);
        return new JsonObject
        {
            ["id"] = batch.Id,
            ["state"] = batch.State.ToString().ToLowerInvariant(),
            ["credential_configuration_id"] = batch.ConfigurationId,
            ["mode"] = batch.ForKeys ? "credentials" : "offers",
            ["rows"] = batch.Total,
            ["done"] = counts.GetValueOrDefault(BatchRowState.Done),
            ["failed"] = counts.GetValueOrDefault(BatchRowState.Failed),
            ["cancelled"] = counts.GetValueOrDefault(BatchRowState.Cancelled),
            ["created_at"] = Paging.Time(batch.CreatedAt),
            ["ended_at"] = batch.EndedAt is { } end ? Paging.Time(end) : null,
        };
    }
}
