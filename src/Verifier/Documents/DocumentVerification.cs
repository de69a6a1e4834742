using Credentials.Dcql;
using Credentials.OpenId4Vp;
using Credentials.SdJwt;
using Credentials.StatusLists;
using Credentials.Trust;
using Credentials.Verifier.Http;
using Credentials.Verifier.Policies;
using Credentials.W3c;

namespace Credentials.Verifier.Documents;

/// <summary>Puts a document that is at hand to the core's one door, with or without a policy.</summary>
internal sealed class DocumentVerification(
    VerifierHostOptions options, TrustStore trust, StatusListClient status, JwtVcIssuerMetadataClient issuers, SignerRevocation revocation,
    W3cSupport w3c, VerifierMetrics metrics)
{
    /// <param name="text">The document as text.</param>
    /// <param name="policy">What it must say; null: anything that a trusted issuer signed.</param>
    /// <param name="ct">Ends status requests early.</param>
    public async Task<VerificationReport> VerifyAsync(string text, Policy? policy, CancellationToken ct)
    {
        var report = await VpTokenVerifier.VerifyDocumentAsync(text, new DocumentExpectations
        {
            Trust = trust,
            Status = new StatusPolicy(StatusMode.Online, policy is null ? options.StatusMaxAge : TimeSpan.FromSeconds(policy.StatusMaxAgeSeconds))
            {
                MaxOfflineAge = policy is null ? options.OfflineMaxAge : TimeSpan.FromSeconds(policy.OfflineMaxAgeSeconds),
            },
            StatusClient = status,
            IssuerMetadata = issuers,
            Revocation = revocation,
            W3c = w3c,
            Now = options.Time.GetUtcNow(),
            Binding = null,
            Query = policy is null ? null : QueryFor(text, DcqlQuery.Parse(policy.DcqlQuery)),
        }, ct);
        metrics.CountFailures(report);
        return report;
    }

    /// <summary>Which of the policy's questions the document says it answers; whether it does is for the verification to find out.</summary>
    private static CredentialQuery QueryFor(string text, DcqlQuery query)
    {
        var (format, type) = (DocumentText.FormatOf(text), DocumentText.UnverifiedTypeOf(text));
        return query.Credentials.FirstOrDefault(c => c.Format == format && (c.Types.Contains(type) || CredentialFormat.IsW3c(format))) ?? query.Credentials[0];
    }
}
