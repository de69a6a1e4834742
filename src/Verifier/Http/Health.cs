using Credentials.Verifier.Storage;
using Microsoft.EntityFrameworkCore;

namespace Credentials.Verifier.Http;

/// <summary><c>/healthz</c>: the process answers. <c>/readyz</c>: the database does too. <c>/metrics</c>: counts.</summary>
internal static class Health
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/healthz", () => Results.Text("ok"));
        routes.MapGet("/readyz", async (VerifierDbContext db, CancellationToken ct) =>
        {
            await db.Installations.AsNoTracking().AnyAsync(ct);
            return Results.Text("ready");
        });
        routes.MapGet("/metrics", (VerifierMetrics metrics) => Results.Text(metrics.ToText(), "text/plain; version=0.0.4"));
    }
}
