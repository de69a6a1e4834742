using Credentials.Qr;
using Credentials.Verifier.Http;
using Credentials.Verifier.Pages;
using Credentials.Verifier.Storage;

namespace Credentials.Verifier.Transactions;

/// <summary><c>GET /verifications/{id}/qr.svg</c>: the request as a QR code, while it can be answered.</summary>
internal static class TransactionQr
{
    /// <summary>A QR code of version 40 holds 2953 bytes at its lowest error correction, too dense for a screen; phones read up to this well.</summary>
    public const int MaxLength = 2300;

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/verifications/{id}/qr.svg", HandleAsync).WithMetadata(RouteAudience.RelyingParty);

    private static async Task<IResult> HandleAsync(
        string id, HttpContext http, VerifierDbContext db, VerifierHostOptions options, PageCookie cookie, RequestComposer composer, CancellationToken ct)
    {
        var row = await TransactionAccess.RequireOwnOrPageAsync(http, db, options.Time, cookie, id, ct);
        var link = composer.Link(row) ?? throw RequestRefusal.Unknown();
        if (!TransactionStates.Pending.Contains(row.State))
            throw RequestRefusal.Ended();
        return Results.Text(QrCode.Encode(link).ToSvg(), "image/svg+xml");
    }
}
