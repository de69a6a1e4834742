using System.Text.Json.Nodes;
using Credentials.Verifier.Http;
using Credentials.Verifier.Storage;
using Credentials.Verifier.Transactions;

namespace Credentials.Verifier.RelyingParty;

/// <summary><c>POST /verifications</c>: opens a transaction and returns the link for the wallet and the page for a person.</summary>
internal static class CreateVerification
{
    private const int MaxBody = 256 * 1024;

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/verifications", HandleAsync).WithMetadata(RouteAudience.RelyingParty);

    private static async Task<IResult> HandleAsync(
        HttpContext http, VerifierDbContext db, VerifierHostOptions options,
        NewTransaction transactions, CancellationToken ct)
    {
        var party = await ApiKeys.RequireAsync(http, db, ApiScopes.Verifications, ct);
        var asked = NewVerification.Parse(await RequestBody.ReadJsonObjectAsync(http.Request, MaxBody, ct), party, options);
        var opened = await transactions.OpenAsync(db, asked, party, ct);
        var created = new JsonObject { ["id"] = opened.Row.Id };
        if (opened.Link is { } link)
            created["request_uri"] = link;
        created["page"] = $"{party.Url.Page(opened.Row.Id)}?s={opened.PageSecret}";
        created["expires_at"] = TransactionDocument.Time(opened.Row.ExpiresAt);
        return Results.Json(created, statusCode: StatusCodes.Status201Created);
    }
}
