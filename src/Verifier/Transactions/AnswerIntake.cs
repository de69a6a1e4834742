using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.Jose;
using Credentials.Keys;
using Credentials.OpenId4Vp;
using Credentials.Verifier.Http;
using Credentials.Verifier.Storage;

namespace Credentials.Verifier.Transactions;

/// <summary>What became of a wallet's answer.</summary>
/// <param name="State">The transaction's new state.</param>
/// <param name="ResponseCode">What lets a held answer out (OpenID4VP 1.0 §8.2); null where nothing is held.</param>
internal sealed record IntakeResult(string State, string? ResponseCode);

/// <summary>Takes an answer that was read: verifies it and ends the transaction with it, once, however it came.</summary>
internal sealed class AnswerIntake(
    VerifierHostOptions options, AnswerVerification verification, TransactionDocument document, RequestComposer composer, VerifierMetrics metrics)
{
    private sealed record Outcome(string State, byte[]? Report = null, byte[]? Evidence = null, string? WalletError = null);

    /// <param name="received">The answer; all its facts accept.</param>
    /// <param name="encryptionKey">The key that it was to be encrypted to; null where it was not.</param>
    /// <param name="origin">The origin that asked, over the Digital Credentials API.</param>
    /// <returns>Null if another answer was first, or the time is over.</returns>
    public async Task<IntakeResult?> TakeAsync(
        VerifierDbContext db, TransactionRow row, ReceivedResponse received, KeyAgreementPublicKey? encryptionKey, string? origin, CancellationToken ct)
    {
        var response = received.Response!;
        var outcome = response.VpToken is { } token
            ? await VerifyAsync(row, token, encryptionKey, origin, received.Facts, ct)
            : new Outcome(response.Error == OpenId4VpErrors.AccessDenied ? TransactionStates.RefusedByHolder : TransactionStates.Error, WalletError: response.Error);
        var code = row.SameDevice ? RandomToken.New() : null;
        if (!await SaveAsync(db, row, outcome, code, ct))
            return null;
        if (outcome.State != TransactionStates.Accepted || code is null)
            metrics.Count(outcome.State);
        return new IntakeResult(outcome.State, code);
    }

    private async Task<Outcome> VerifyAsync(
        TransactionRow row, VpToken token, KeyAgreementPublicKey? encryptionKey, string? origin, ResponseFacts facts, CancellationToken ct)
    {
        var report = await verification.VerifyAsync(row, token, composer.BindingOf(row, encryptionKey, origin), facts, ct);
        var json = report.ToJson();
        if (!report.IsAccepted)
            return new Outcome(TransactionStates.NotAccepted, document.SealReport(row.Id, json));
        var evidence = row.KeepEvidence ? document.SealEvidence(row.Id, Evidence(row, token, encryptionKey, origin)) : null;
        return new Outcome(TransactionStates.Accepted, document.SealReport(row.Id, json), evidence);
    }

    /// <summary>
    /// The presentation as received, with the values that it is bound to: key bindings to the client or origin and the nonce, device signatures
    /// to all of them (OpenID4VP 1.0 A.4, B.2.6).
    /// </summary>
    private JsonObject Evidence(TransactionRow row, VpToken token, KeyAgreementPublicKey? encryptionKey, string? origin) => new()
    {
        ["vp_token"] = token.ToJson(),
        ["client_id"] = row.ClientId,
        ["nonce"] = row.Nonce,
        ["response_uri"] = origin is null ? composer.ResponseUri(row) : null,
        ["origin"] = origin,
        ["jwk_thumbprint"] = encryptionKey is null ? null : StrictBase64Url.Encode(Jwk.Thumbprint(encryptionKey)),
        ["dcql_query"] = StrictJson.ToNode(StrictJson.Parse(row.DcqlQuery)),
        ["transaction_data"] = row.TransactionData is null ? null : StrictJson.ToNode(StrictJson.Parse(row.TransactionData)),
    };

    private Task<bool> SaveAsync(VerifierDbContext db, TransactionRow row, Outcome outcome, string? code, CancellationToken ct)
    {
        var now = options.Time.GetUtcNow().ToUnixTimeMilliseconds();
        var hash = code is null ? null : RandomToken.Hash(code);
        return outcome.State == TransactionStates.Accepted && hash is not null
            ? TransactionChanges.HoldAsync(db, row.Id, outcome.Report!, outcome.Evidence, hash, now, ct)
            : TransactionChanges.FinishAsync(db, row.Id, outcome.State, outcome.Report, outcome.Evidence, outcome.WalletError, hash, now, ct);
    }
}
