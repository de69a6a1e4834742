using Credentials.Codecs;
using Credentials.Issuer.Agency;
using Credentials.Issuer.Http;
using Credentials.Issuer.Status;
using Credentials.Issuer.Storage;
using Credentials.StatusLists;
using Credentials.W3c;
using Microsoft.EntityFrameworkCore;

namespace Credentials.Issuer.VcApi;

/// <summary><c>POST /vc-api/credentials/status</c>: sets or clears one status of a credential. Answers once it is durable.</summary>
internal static class UpdateStatus
{
    private const string Code = IssuerCodes.VcApi;

    internal static void Map(IEndpointRouteBuilder group) => group.MapPost("/credentials/status", HandleAsync);

    private static async Task HandleAsync(HttpContext http, IssuerDbContext db, TimeProvider time, Metrics metrics)
    {
        var body = await RequestBody.ReadJsonAsync(http);
        var name = body.RequireString("credentialId", Code);
        var purpose = body.RequireObjectMember("credentialStatus", Code).RequireString("statusPurpose", Code);
        var isSet = body.OptionalBoolean("status", Code) ?? throw new MalformedDataException(Code, "'status' is true or false.");
        var status = (purpose, isSet) switch
        {
            (StatusPurposes.Revocation, true) => StatusTypes.Invalid,
            (StatusPurposes.Suspension, true) => StatusTypes.Suspended,
            (StatusPurposes.Revocation or StatusPurposes.Suspension, false) => StatusTypes.Valid,
            _ => throw new MalformedDataException(Code, "'statusPurpose' is revocation or suspension."),
        };
        var found = await db.Credentials.AsNoTracking().Where(c => c.ConfigurationId == VcApiRoutes.ConfigurationId && c.Subject == name).Take(2).ToListAsync(http.RequestAborted);
        var row = found switch
        {
            [var one] => one,
            [] => throw new AgencyException(404, IssuerCodes.NotFound, "There is no such credential."),
            _ => throw new AgencyException(409, IssuerCodes.VcApi, "Several credentials have this id: change their status by the register."),
        };
        await ChangeStatus.ApplyAsync(db, row.Id, status, reason: null, ApiKeyGate.Actor(http), time.GetUtcNow(), metrics, http.RequestAborted);
        http.Response.StatusCode = 200;
    }
}
