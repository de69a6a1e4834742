using System.Text.Json;
using Credentials.Codecs;
using Credentials.Dcql;
using Credentials.OpenId4Vp;
using Credentials.Verifier.Http;
using Credentials.Verifier.Storage;
using Credentials.Verifier.Transactions;

namespace Credentials.Verifier.Wallet;

/// <summary>
/// The request_uri: by GET (RFC 9101) and by POST with the wallet's nonce (OpenID4VP 1.0 §5.10). The same request for every
/// fetch while the transaction is pending, and none after its end.
/// </summary>
internal static class GetRequestObject
{
    private const int MaxBody = 96 * 1024;

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/requests/{requestId}", (string requestId, VerifierDbContext db, VerifierHostOptions options, RequestComposer composer, CancellationToken ct) =>
            AnswerAsync(requestId, null, db, options.Time, composer, ct)).WithMetadata(RouteAudience.Wallet);
        routes.MapPost("/requests/{requestId}", HandlePostAsync).WithMetadata(RouteAudience.Wallet);
    }

    private static async Task<IResult> HandlePostAsync(
        string requestId, HttpContext http, VerifierDbContext db, VerifierHostOptions options, RequestComposer composer, CancellationToken ct)
    {
        var post = RequestUriPost.Parse(await FormBody.ReadAsync(http.Request, MaxBody, ct));
        return await AnswerAsync(requestId, post, db, options.Time, composer, ct);
    }

    private static async Task<IResult> AnswerAsync(
        string requestId, RequestUriPost? post, VerifierDbContext db, TimeProvider time, RequestComposer composer, CancellationToken ct)
    {
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        // The first fetch is read and noted at once; one that may be refused is noted when it is answered.
        var row = (post?.WalletMetadata is null ? await db.TakeRequestAsync(requestId, now, ct) : null) ?? await db.FindRequestAsync(requestId, ct);
        // OpenID4VP 1.0 §5.9.3: a redirect_uri request is never signed, so there is no request object to fetch.
        if (row is null || row.ClientIdPrefix == "redirect_uri" || row.RequestSigning is not null)
            throw RequestRefusal.Unknown();
        if (!TransactionStates.Pending.Contains(row.State) || row.ExpiresAt <= now)
            throw RequestRefusal.Ended();
        RequireSupported(post?.WalletMetadata, row);
        var signed = await composer.SignAsync(row, post?.WalletNonce, ct);
        if (row.State == TransactionStates.Created)
            await TransactionChanges.MarkRequestedAsync(db, row.Id, now, ct);
        return Results.Text(signed, "application/oauth-authz-req+jwt");
    }

    /// <summary>A wallet that says it cannot read what we would send is told so, rather than given a request in vain.</summary>
    private static void RequireSupported(JsonElement? metadata, TransactionRow row)
    {
        const string code = VerifierCodes.WalletMetadata;
        if (metadata is not { } wallet)
            return;
        if (wallet.OptionalStringArray("request_object_signing_alg_values_supported", code) is { } signing && !signing.Contains("ES256"))
            throw RequestRefusal.Invalid(code, "The wallet does not read ES256 signatures.");
        if (wallet.OptionalObject("vp_formats_supported", code) is { } formats
            && !VpFormats.CanAnswer(DcqlQuery.Parse(StrictJson.Parse(row.DcqlQuery)), formats.EnumerateObject().Select(f => f.Name).ToHashSet(StringComparer.Ordinal)))
            throw new ProtocolException(code, OpenId4VpErrors.VpFormatsNotSupported, "The wallet has no format that is asked for.");
    }
}
