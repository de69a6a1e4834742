using Credentials.OpenId4Vp;
using Credentials.Verifier.Http;
using Credentials.Verifier.Parties;
using Credentials.Verifier.Storage;
using Credentials.Verifier.Transactions;

namespace Credentials.Verifier.Wallet;

/// <summary>
/// The response_uri (OpenID4VP 1.0 §8.2, §8.3.1). What cannot be read, or belongs to another request, is refused and leaves
/// nothing behind; what can be is verified, and the first answer ends the transaction.
/// </summary>
internal static class PostResponse
{
    private const int MaxBody = 1 << 20;

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/responses/{requestId}", HandleAsync).WithMetadata(RouteAudience.Wallet);

    private static async Task<IResult> HandleAsync(
        string requestId, HttpContext http, VerifierDbContext db, VerifierHostOptions options, RequestComposer composer, AnswerIntake intake,
        PartyRegistry parties, CancellationToken ct)
    {
        var form = await FormBody.ReadAsync(http.Request, MaxBody, ct);
        var row = await db.FindRequestAsync(requestId, ct) ?? throw Refused();
        RequirePending(row, options.Time);

        using var key = composer.OpenEncryptionKey(row);
        var expected = new ResponseExpectations(row.ResponseMode, row.OAuthState) { DecryptionKey = key, DecryptionKeyId = row.RequestId };
        var received = await ResponseReader.ReadAsync(form, expected, ct);
        if (!received.Facts.AllAccept || received.Response is null)
            throw Refused();
        var result = await intake.TakeAsync(db, row, received, key?.PublicKey, origin: null, ct) ?? throw Refused();
        // §8.2: 200 is for a response, or an error response, that was processed; a refused one learns nothing but that.
        if (result.State == TransactionStates.NotAccepted)
            throw Refused();
        return Results.Json(new ResponseEndpointAnswer(result.ResponseCode is { } code ? Return(row, code, parties.Of(row).Url) : null).ToJson());
    }

    private static void RequirePending(TransactionRow row, TimeProvider time)
    {
        // What was asked through a browser is answered there.
        if (row.RequestSigning is not null || !TransactionStates.Pending.Contains(row.State) || row.ExpiresAt <= time.GetUtcNow().ToUnixTimeMilliseconds())
            throw Refused();
    }

    /// <summary>Where the wallet must send the holder's browser (§8.2), with the code that lets the answer out.</summary>
    private static Uri Return(TransactionRow row, string code, ServiceUrl url)
    {
        var target = row.RedirectUri ?? $"{url.Page(row.Id)}/return";
        return new Uri($"{target}{(target.Contains('?') ? '&' : '?')}response_code={code}");
    }

    // One and the same answer, whatever was wrong: a wallet's holder, or an attacker, learns nothing from it.
    private static ProtocolException Refused() => RequestRefusal.Invalid(VerifierCodes.ResponseRefused, "The response is not accepted.");
}
