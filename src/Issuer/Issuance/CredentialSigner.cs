using System.Text.Json;
using Credentials.Issuer.Catalog;
using Credentials.Issuer.Formats;
using Credentials.Issuer.Keys;
using Credentials.Issuer.Status;
using Credentials.Issuer.Storage;
using Credentials.Keys;
using Credentials.StatusLists;

namespace Credentials.Issuer.Issuance;

/// <summary>Makes one credential for one registered row, in the format of its type.</summary>
internal sealed class CredentialSigner(CredentialFormats formats, IssuerKeys keys, IssuerOptions options, TimeProvider time)
{
    internal ValueTask<string> SignAsync(CredentialType type, JsonElement claims, IssuedCredential row, PublicKey holder, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        var content = new CredentialContent(
            type, ClaimCheck.Complete(type, claims, now), holder, new StatusReference(StatusUrls.For(options, row.ListId), row.ListIndex),
            // The one that its expiry and its status list were chosen for, whenever it gets here.
            keys.DocumentSigner(DateTimeOffset.FromUnixTimeMilliseconds(row.IssuedAt)), now, DateTimeOffset.FromUnixTimeMilliseconds(row.ExpiresAt));
        return formats.For(type).IssueAsync(content, ct);
    }
}
