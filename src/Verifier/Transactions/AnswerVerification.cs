using Credentials.OpenId4Vp;
using Credentials.SdJwt;
using Credentials.StatusLists;
using Credentials.Trust;
using Credentials.Verifier.Http;
using Credentials.Verifier.Storage;
using Credentials.W3c;

namespace Credentials.Verifier.Transactions;

/// <summary>Puts a transaction's own question and values to the core's one door for answers.</summary>
internal sealed class AnswerVerification(
    VerifierHostOptions options, TrustStore trust, StatusListClient status, JwtVcIssuerMetadataClient issuers, SignerRevocation revocation, W3cSupport w3c,
    RecentQueries queries, VerifierMetrics metrics)
{
    public async Task<VerificationReport> VerifyAsync(TransactionRow row, VpToken token, RequestBinding binding, ResponseFacts facts, CancellationToken ct)
    {
        var report = await VpTokenVerifier.VerifyAsync(token, new PresentationExpectations
        {
            Query = queries.Of(row.DcqlQuery).Query,
            Binding = binding,
            Response = facts,
            Trust = trust,
            Status = new StatusPolicy(StatusMode.Online, TimeSpan.FromSeconds(row.StatusMaxAgeSeconds)) { MaxOfflineAge = TimeSpan.FromSeconds(row.OfflineMaxAgeSeconds) },
            StatusClient = status,
            IssuerMetadata = issuers,
            Revocation = revocation,
            W3c = w3c,
            Now = options.Time.GetUtcNow(),
            TransactionData = RequestComposer.TransactionData(row),
        }, ct);
        metrics.CountFailures(report);
        return report;
    }
}
