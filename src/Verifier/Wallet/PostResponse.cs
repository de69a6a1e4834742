using System.Text.Json.Nodes;
using Credentials.Jose;
using Credentials.Keys;
using Credentials.OpenId4Vp;
using Credentials.Verifier.Http;
using Credentials.Verifier.Storage;
using Credentials.Verifier.Transactions;
using Microsoft.EntityFrameworkCore;

namespace Credentials.Verifier.Wallet;

/// <summary>
/// The response_uri (OpenID4VP 1.0 §8.2, §8.3.1). What cannot be read, or belongs to another request, is refused and leaves
/// nothing behind; what can be is verified, and the first answer ends the transaction.
/// </summary>
internal static class PostResponse
{
    private const int MaxBody = 1 << 20;

    private sealed record Outcome(string State, byte[]? Report = null, byte[]? Evidence = null, string? WalletError = null);

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/responses/{requestId}", HandleAsync).WithMetadata(RouteAudience.Wallet);

    private static async Task<IResult> HandleAsync(
        string requestId, HttpContext http, VerifierDbContext db, VerifierHostOptions options, RequestComposer composer,
        AnswerVerification verification, TransactionDocument document, ServiceUrl url, VerifierMetrics metrics, CancellationToken ct)
    {
        var form = await FormBody.ReadAsync(http.Request, MaxBody, ct);
        var row = await db.Transactions.AsNoTracking().SingleOrDefaultAsync(t => t.RequestId == requestId, ct) ?? throw Refused();
        RequirePending(row, options.Time);

        using var key = composer.OpenEncryptionKey(row);
        var expected = new ResponseExpectations(row.ResponseMode, row.OAuthState) { DecryptionKey = key, DecryptionKeyId = row.RequestId };
        var received = await ResponseReader.ReadAsync(form, expected, ct);
        if (!received.Facts.AllAccept || received.Response is not { } response)
            throw Refused();

        var outcome = response.VpToken is { } token
            ? await VerifyAsync(row, token, key?.PublicKey, received.Facts, verification, document, composer, ct)
            : new Outcome(response.Error == OpenId4VpErrors.AccessDenied ? TransactionStates.RefusedByHolder : TransactionStates.Error, WalletError: response.Error);
        var code = row.SameDevice ? RandomToken.New() : null;
        if (!await SaveAsync(db, row, outcome, code, options.Time.GetUtcNow().ToUnixTimeMilliseconds(), ct))
            throw Refused();
        if (outcome.State != TransactionStates.Accepted || code is null)
            metrics.Count(outcome.State);
        // §8.2: 200 is for a response, or an error response, that was processed; a refused one learns nothing but that.
        if (outcome.State == TransactionStates.NotAccepted)
            throw Refused();
        return Results.Json(new ResponseEndpointAnswer(code is null ? null : Return(row, code, url)).ToJson());
    }

    private static void RequirePending(TransactionRow row, TimeProvider time)
    {
        if (!TransactionStates.Pending.Contains(row.State) || row.ExpiresAt <= time.GetUtcNow().ToUnixTimeMilliseconds())
            throw Refused();
    }

    private static async Task<Outcome> VerifyAsync(
        TransactionRow row, VpToken token, KeyAgreementPublicKey? encryptionKey, ResponseFacts facts, AnswerVerification verification,
        TransactionDocument document, RequestComposer composer, CancellationToken ct)
    {
        var report = await verification.VerifyAsync(row, token, composer.BindingOf(row, encryptionKey), facts, ct);
        var json = report.ToJson();
        if (!report.IsAccepted)
            return new Outcome(TransactionStates.NotAccepted, document.SealReport(row.Id, json));
        var evidence = row.KeepEvidence ? document.SealEvidence(row.Id, Evidence(row, token, encryptionKey, composer)) : null;
        return new Outcome(TransactionStates.Accepted, document.SealReport(row.Id, json), evidence);
    }

    /// <summary>The presentation as received, with the values that it is bound to: key bindings to the first two, device signatures to all four (OpenID4VP 1.0 B.2.6.1).</summary>
    private static JsonObject Evidence(TransactionRow row, VpToken token, KeyAgreementPublicKey? encryptionKey, RequestComposer composer) => new()
    {
        ["vp_token"] = token.ToJson(),
        ["client_id"] = row.ClientId,
        ["nonce"] = row.Nonce,
        ["response_uri"] = composer.ResponseUri(row),
        ["jwk_thumbprint"] = encryptionKey is null ? null : Codecs.StrictBase64Url.Encode(Jwk.Thumbprint(encryptionKey)),
        ["dcql_query"] = Codecs.StrictJson.ToNode(Codecs.StrictJson.Parse(row.DcqlQuery)),
        ["transaction_data"] = row.TransactionData is null ? null : Codecs.StrictJson.ToNode(Codecs.StrictJson.Parse(row.TransactionData)),
    };

    private static Task<bool> SaveAsync(VerifierDbContext db, TransactionRow row, Outcome outcome, string? code, long now, CancellationToken ct)
    {
        var hash = code is null ? null : RandomToken.Hash(code);
        return outcome.State == TransactionStates.Accepted && hash is not null
            ? TransactionChanges.HoldAsync(db, row.Id, outcome.Report!, outcome.Evidence, hash, now, ct)
            : TransactionChanges.FinishAsync(db, row.Id, outcome.State, outcome.Report, outcome.Evidence, outcome.WalletError, hash, now, ct);
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
