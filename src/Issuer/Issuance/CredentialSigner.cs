using System.Text.Json;
using Credentials.Issuer.Catalog;
using Credentials.Issuer.Keys;
using Credentials.Issuer.Status;
using Credentials.Issuer.Storage;
using Credentials.Keys;
using Credentials.SdJwt;
using Credentials.StatusLists;

namespace Credentials.Issuer.Issuance;

/// <summary>Makes one credential for one registered row, and reads it again with the verifier before it leaves.</summary>
internal sealed class CredentialSigner(IssuerKeys keys, IssuerOptions options, TimeProvider time)
{
    internal async Task<string> SignAsync(CredentialType type, JsonElement claims, IssuedCredential row, PublicKey holder, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        var status = new StatusReference(StatusUrls.For(options, row.ListId), row.ListIndex);
        var content = new SdJwtContent
        {
            Type = type.Vct,
            Claims = ClaimCheck.Complete(type, claims, now),
            Disclosable = type.DisclosablePaths(),
            HolderKey = holder,
            // Whole days: the credentials of a batch, and all others of the day, show the same times (RFC 9901 §10.1).
            IssuedAt = ClaimCheck.IssuedAt(now),
            ExpiresAt = DateTimeOffset.FromUnixTimeMilliseconds(row.ExpiresAt),
            Status = status,
            Certificates = [keys.CredentialCertificate],
        };
        var credential = await SdJwtIssuer.IssueAsync(content, keys.CredentialKey, ct);
        await CheckAsync(credential, type, holder, status, now, ct);
        return credential;
    }

    private async Task CheckAsync(string credential, CredentialType type, PublicKey holder, StatusReference status, DateTimeOffset now, CancellationToken ct)
    {
        var report = await SdJwtVerifier.VerifyAsync(credential, new SdJwtExpectations
        {
            Trust = keys.OwnTrust,
            Now = now,
            KeyBinding = KeyBindingExpectation.FromIssuer,
            Status = new StatusPolicy(StatusMode.Skip),
            Types = [type.Vct],
        }, ct);
        var right = report.TryGetVerified(out var verified)
            && holder.Equals(verified.HolderKey)
            && StatusReference.FromClaims(verified.Claims) == status;
        if (!right)
        {
            var failed = string.Join(", ", report.Checks.Where(check => check.Outcome is CheckOutcome.Failed or CheckOutcome.NotRun).Select(check => $"{check.Id}={check.Code}"));
            throw new InvalidOperationException($"{IssuerCodes.SelfCheck}: {failed}");
        }
    }
}
