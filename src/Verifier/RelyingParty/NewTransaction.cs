using System.Text.Json.Nodes;
using Credentials.OpenId4Vp;
using Credentials.Verifier.Http;
using Credentials.Verifier.Parties;
using Credentials.Verifier.Storage;
using Credentials.Verifier.Transactions;

namespace Credentials.Verifier.RelyingParty;

/// <summary>Opens a transaction, for a relying party's program or for its clerk.</summary>
internal sealed class NewTransaction(VerifierHostOptions options, RequestComposer composer, VerifierMetrics metrics)
{
    /// <param name="Row">The transaction, saved.</param>
    /// <param name="Link">The request for the wallet; null where a browser asks.</param>
    /// <param name="PageSecret">What opens its page; kept as a hash only.</param>
    public sealed record Opened(TransactionRow Row, string? Link, string PageSecret);

    public async Task<Opened> OpenAsync(VerifierDbContext db, NewVerification asked, Party party, CancellationToken ct)
    {
        var secret = RandomToken.New();
        var row = NewRow(asked, party, secret);
        var link = composer.Link(row);
        if (link?.Length > TransactionQr.MaxLength)
            throw RequestRefusal.Invalid(VerifierCodes.RequestTooLongForQr, "An unsigned request of this size does not fit a QR code.");
        db.Transactions.Add(row);
        await db.SaveChangesAsync(ct);
        metrics.Count(TransactionStates.Created);
        return new Opened(row, link, secret);
    }

    private TransactionRow NewRow(NewVerification asked, Party party, string secret)
    {
        var now = options.Time.GetUtcNow();
        var id = RandomToken.New();
        var requestId = RandomToken.New();
        return new TransactionRow
        {
            Id = id,
            RelyingParty = party.Id,
            State = TransactionStates.Created,
            Policy = asked.Policy,
            PurposeKo = asked.PurposeKo,
            PurposeEn = asked.PurposeEn,
            DcqlQuery = asked.Query.ToJson().ToJsonString(),
            TransactionData = asked.TransactionData.Count == 0 ? null : new JsonArray([.. asked.TransactionData.Select(t => (JsonNode)t.Encoded)]).ToJsonString(),
            StatusMaxAgeSeconds = asked.StatusMaxAgeSeconds,
            OfflineMaxAgeSeconds = asked.OfflineMaxAgeSeconds,
            ResponseMode = asked.ResponseMode,
            ClientIdPrefix = asked.ClientIdPrefix,
            ClientId = RequestComposer.ClientId(asked, party, requestId),
            RequestSigning = asked.RequestSigning,
            ExpectedOrigins = asked.RequestSigning is null ? null : new JsonArray([.. asked.ExpectedOrigins.Select(origin => (JsonNode)origin)]).ToJsonString(),
            RequestUriMethod = asked.RequestUriMethod,
            RequestId = requestId,
            // Fresh for every request and 128 bits each: OpenID4VP 1.0 §5.2 (nonce), §5.3 (state).
            Nonce = RandomToken.New(),
            OAuthState = RandomToken.New(),
            EncryptionKey = asked.ResponseMode is OpenId4VpNames.DirectPostJwt or OpenId4VpNames.DcApiJwt ? composer.NewEncryptionKey(id) : null,
            SameDevice = asked.SameDevice,
            RedirectUri = asked.RedirectUri?.OriginalString,
            PageSecretHash = RandomToken.Hash(secret),
            KeepEvidence = asked.KeepEvidence,
            CreatedAt = now.ToUnixTimeMilliseconds(),
            ExpiresAt = (now + options.TransactionLifetime).ToUnixTimeMilliseconds(),
        };
    }
}
