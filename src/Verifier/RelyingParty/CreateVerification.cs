using System.Text.Json.Nodes;
using Credentials.OpenId4Vp;
using Credentials.Verifier.Http;
using Credentials.Verifier.Policies;
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
        HttpContext http, VerifierDbContext db, VerifierHostOptions options, PolicyCatalog policies, ServiceUrl url,
        RequestComposer composer, VerifierMetrics metrics, CancellationToken ct)
    {
        var party = await ApiKeys.RequireAsync(http, db, ct);
        var asked = NewVerification.Parse(await RequestBody.ReadJsonObjectAsync(http.Request, MaxBody, ct), policies, options, url);

        var secret = RandomToken.New();
        var row = NewRow(asked, party, secret, options, composer);
        var link = composer.Link(row);
        if (link.Length > TransactionQr.MaxLength)
            throw RequestRefusal.Invalid(VerifierCodes.RequestTooLongForQr, "An unsigned request of this size does not fit a QR code.");
        db.Transactions.Add(row);
        await db.SaveChangesAsync(ct);
        metrics.Count(TransactionStates.Created);

        return Results.Json(new JsonObject
        {
            ["id"] = row.Id,
            ["request_uri"] = link,
            ["page"] = $"{url.Page(row.Id)}?s={secret}",
            ["expires_at"] = TransactionDocument.Time(row.ExpiresAt),
        }, statusCode: StatusCodes.Status201Created);
    }

    private static TransactionRow NewRow(NewVerification asked, string party, string secret, VerifierHostOptions options, RequestComposer composer)
    {
        var now = options.Time.GetUtcNow();
        var id = RandomToken.New();
        var requestId = RandomToken.New();
        return new TransactionRow
        {
            Id = id,
            RelyingParty = party,
            State = TransactionStates.Created,
            Policy = asked.Policy,
            PurposeKo = asked.PurposeKo,
            PurposeEn = asked.PurposeEn,
            DcqlQuery = asked.Query.ToJson().ToJsonString(),
            TransactionData = asked.TransactionData.Count == 0 ? null : new JsonArray([.. asked.TransactionData.Select(t => (JsonNode)t.Encoded)]).ToJsonString(),
            StatusMaxAgeSeconds = asked.StatusMaxAgeSeconds,
            ResponseMode = asked.ResponseMode,
            ClientIdPrefix = asked.ClientIdPrefix,
            ClientId = composer.ClientId(asked.ClientIdPrefix, requestId).Full,
            RequestUriMethod = asked.RequestUriMethod,
            RequestId = requestId,
            // Fresh for every request and 128 bits each: OpenID4VP 1.0 §5.2 (nonce), §5.3 (state).
            Nonce = RandomToken.New(),
            OAuthState = RandomToken.New(),
            EncryptionKey = asked.ResponseMode == OpenId4VpNames.DirectPostJwt ? composer.NewEncryptionKey(id) : null,
            SameDevice = asked.SameDevice,
            RedirectUri = asked.RedirectUri?.OriginalString,
            PageSecretHash = RandomToken.Hash(secret),
            KeepEvidence = asked.KeepEvidence,
            CreatedAt = now.ToUnixTimeMilliseconds(),
            ExpiresAt = (now + options.TransactionLifetime).ToUnixTimeMilliseconds(),
        };
    }
}
