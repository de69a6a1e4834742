using System.Text.Json.Nodes;
using Credentials.Issuer.Http;
using Credentials.Issuer.Keys;
using Credentials.Issuer.Storage;
using Credentials.Jose;

namespace Credentials.Issuer.Agency;

/// <summary><c>GET /agency/v1/audit/checkpoint</c>: how far the log has come, signed, for an auditor to keep.</summary>
internal static class GetAuditCheckpoint
{
    internal static void Map(IEndpointRouteBuilder agency) => agency.MapGet("/audit/checkpoint", HandleAsync);

    private static async Task HandleAsync(HttpContext http, IssuerDbContext db, AuditCheckpoints checkpoints, IssuerKeys keys)
    {
        var last = await checkpoints.WriteAsync(db, http.RequestAborted)
            ?? throw new AgencyException(404, IssuerCodes.NotFound, "The audit log is empty.");
        await Answers.JsonAsync(http.Response, new JsonObject
        {
            ["entry"] = last.EntryId,
            ["checkpoint"] = last.Statement,
            ["jwk"] = Jwk.Write(keys.AuditKey.PublicKey),
        });
    }
}
