using System.Text;
using Credentials.Codecs;
using Credentials.DataIntegrity;
using Credentials.Dids;
using Credentials.Issuer.Http;
using Credentials.Issuer.Keys;
using Credentials.Issuer.Storage;
using Credentials.JsonLd;
using Credentials.StatusLists;
using Credentials.W3c;
using Microsoft.EntityFrameworkCore;

namespace Credentials.Issuer.Status;

/// <summary>Signs one status list in all its forms: JWT, CWT, and for each purpose a status list credential of W3C.</summary>
internal sealed class StatusListSigning(IssuerIdentity identity, IssuerOptions options, Metrics metrics)
{
    private const int Bits = 2; // suspension needs two (Token Status List §7.1)

    /// <summary>Signs what the database says now. The version was read before the statuses: a change in between is in the token early and is signed once more, never missed.</summary>
    internal async Task<PublishedList> SignAsync(IssuerDbContext db, StatusListRow row, Signer status, Signer document, DateTimeOffset now, CancellationToken ct)
    {
        var list = StatusList.Create(Bits, row.Size);
        var changed = db.Credentials.AsNoTracking().Where(c => c.ListId == row.Id && c.Status != StatusTypes.Valid).Select(c => new { c.ListIndex, c.Status });
        await foreach (var entry in changed.AsAsyncEnumerable().WithCancellation(ct))
            list[entry.ListIndex] = (byte)entry.Status;
        var content = new StatusListTokenContent
        {
            Uri = StatusUrls.For(options, row.Id),
            List = list,
            IssuedAt = now,
            ExpiresAt = now + options.StatusTokenLifetime,
            TimeToLive = options.StatusTimeToLive,
            Certificates = status.Certificates,
        };
        var jwt = Encoding.ASCII.GetBytes(await StatusListToken.IssueAsync(content, status.Key, ct));
        var cwt = await StatusListToken.IssueCwtAsync(content, status.Key, ct);
        metrics.Count("issuer_status_tokens_signed_total");
        return new PublishedList(
            row.Version, now, (status.KeyId, document.KeyId), PublishedList.Form.Of(StatusListNames.JwtMediaType, jwt), PublishedList.Form.Of(StatusListNames.CwtMediaType, cwt),
            new Dictionary<string, (PublishedList.Form Jwt, PublishedList.Form Proved)>
            {
                [StatusPurposes.Revocation] = await SignBitstringAsync(content.Uri, StatusPurposes.Revocation, Bitstring(list, StatusTypes.Invalid), document, now, ct),
                [StatusPurposes.Suspension] = await SignBitstringAsync(content.Uri, StatusPurposes.Suspension, Bitstring(list, StatusTypes.Suspended), document, now, ct),
            });
    }

    private static BitstringStatusList Bitstring(StatusList list, int value)
    {
        // Never smaller than the herd that the standard asks for, whatever the size of the token list.
        var bits = BitstringStatusList.Create(1, Math.Max(list.Size, BitstringStatusList.MinSize));
        for (var i = 0; i < list.Size; i++)
        {
            if (list[i] == value)
                bits[i] = 1;
        }

        return bits;
    }

    // The list credential is the issuer's own, in data model 2.0, which Bitstring Status List is written for.
    private async Task<(PublishedList.Form Jwt, PublishedList.Form Proved)> SignBitstringAsync(
        string listUrl, string purpose, BitstringStatusList list, Signer signer, DateTimeOffset now, CancellationToken ct)
    {
        var document = new BitstringStatusListContent
        {
            Id = StatusUrls.Bitstring(listUrl, purpose),
            Issuer = identity.Did,
            Purposes = [purpose],
            List = list,
            ValidFrom = now,
            ValidUntil = now + options.StatusTokenLifetime,
            TimeToLive = options.StatusTimeToLive,
        }.ToCredential();
        var jwt = await W3cIssuer.IssueJwtAsync(new W3cContent { Credential = document, KeyId = identity.VerificationMethodOf(signer), SignedAt = now }, signer.Key, ct);
        var proved = await W3cIssuer.IssueWithProofAsync(document, new ProofOptions
        {
            Cryptosuite = DataIntegrityNames.EcdsaRdfc2019,
            VerificationMethod = identity.VerificationMethodOf(signer),
            Purpose = VerificationRelationship.AssertionMethod,
            Contexts = JsonLdContexts.BuiltIn,
            Created = now,
        }, signer.Key, ct);
        return (PublishedList.Form.Of(GetBitstringList.JwtMediaType, Encoding.ASCII.GetBytes(jwt)), PublishedList.Form.Of(GetBitstringList.ProvedMediaType, StrictJson.ToUtf8(proved)));
    }
}
