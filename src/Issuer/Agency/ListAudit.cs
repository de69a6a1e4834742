using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.Issuer.Http;
using Credentials.Issuer.Storage;
using Microsoft.EntityFrameworkCore;

namespace Credentials.Issuer.Agency;

/// <summary><c>GET /agency/v1/audit?after=</c>: the audit log in order.</summary>
internal static class ListAudit
{
    private const int PageSize = 200;

    internal static void Map(IEndpointRouteBuilder agency) => agency.MapGet("/audit", HandleAsync);

    private static async Task HandleAsync(HttpContext http, IssuerDbContext db)
    {
        var after = Paging.After(http.Request);
        var rows = await (await AuditLog.ReadAsync(db, http.RequestAborted)).Where(a => a.Id > after).OrderBy(a => a.Id).Take(PageSize).ToListAsync(http.RequestAborted);
        var entries = new JsonArray([.. rows.Select(row => new JsonObject
        {
            ["id"] = row.Id,
            ["at"] = Paging.Time(row.At),
            ["at_ms"] = row.At,
            ["actor"] = row.Actor,
            ["action"] = row.Action,
            ["subject"] = row.Subject,
            ["detail"] = row.Detail is null ? null : StrictJson.ToNode(StrictJson.Parse(row.Detail)),
            ["hash"] = row.Hash is null ? null : StrictBase64Url.Encode(row.Hash),
        })]);
        await Answers.JsonAsync(http.Response, new JsonObject { ["entries"] = entries, ["next"] = rows.Count == PageSize ? rows[^1].Id : null });
    }
}
