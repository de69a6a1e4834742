using System.Text.Json.Nodes;
using Credentials.Issuer.Storage;
using Microsoft.EntityFrameworkCore;

namespace Credentials.Issuer.Http;

/// <summary>Is the process alive, and can it do its work?</summary>
internal static class Health
{
    internal static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/healthz", (HttpContext http) => Answers.JsonAsync(http.Response, new JsonObject { ["status"] = "ok" }));
        routes.MapGet("/readyz", ReadyAsync);
    }

    private static async Task ReadyAsync(HttpContext http, IssuerDbContext db)
    {
        await db.StatusLists.AnyAsync(http.RequestAborted);
        await Answers.JsonAsync(http.Response, new JsonObject { ["status"] = "ready" });
    }
}
