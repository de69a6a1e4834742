using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.Issuer.Agency;
using Credentials.Issuer.Catalog;
using Credentials.Issuer.Formats;
using Credentials.Issuer.Http;
using Credentials.Issuer.Offers;
using Credentials.Issuer.Storage;
using Microsoft.EntityFrameworkCore;

namespace Credentials.Issuer.Issuance;

/// <summary>
/// Claims whose source needs time: asked for when a wallet asks for its credential, never sooner than the source said and by one request at
/// a time, until the transaction's time is over (OpenID4VCI §9).
/// </summary>
internal sealed class LateClaims(IssuerDbContext db, ClaimsLookup sources, CredentialFormats formats, IssuerOptions options, TimeProvider time)
{
    private static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    /// <summary>Whether the offer has no claims yet for this type, which it would have had from the start if its source had not needed time.</summary>
    internal static bool AreMissing(Offer offer, CredentialType type) => offer.Claims is not null && type.Source is not null && OfferView.Claims(offer).Member(type.Id) is null;

    /// <summary>Asks the source. Null: the claims are in the offer now, and in <paramref name="offer"/>; else how long to wait.</summary>
    /// <exception cref="AgencyException">404: the source does not know the person after all.</exception>
    internal async Task<TimeSpan?> AskAsync(Offer offer, CredentialType type, CancellationToken ct)
    {
        if (!AreMissing(offer, type))
            return null;
        ClaimsAnswer answer;
        try
        {
            answer = await sources.FindAsync(type, offer.Subject!, ct);
        }
        catch (AgencyException e) when (e.Status == StatusCodes.Status503ServiceUnavailable)
        {
            return options.DeferredInterval;
        }

        if (answer.Claims is not { } claims)
            return answer.Later is { } later ? Clamp(later) : options.DeferredInterval;
        JsonObject read;
        try
        {
            read = OfferClaims.Read(StrictJson.ToElement(new JsonObject { [type.Id] = claims }), [type], formats, time.GetUtcNow());
        }
        catch (MalformedDataException)
        {
            // Not what the type needs: the agency may mend it while the wallet waits.
            return options.DeferredInterval;
        }

        return await KeepAsync(offer, type, read[type.Id]!, ct) ? null : options.DeferredInterval;
    }

    /// <summary>Takes the turn to ask for a transaction. False: it is too soon, or another request is asking.</summary>
    internal async Task<bool> TakeTurnAsync(DeferredIssuance deferred, DateTimeOffset now, CancellationToken ct)
    {
        var next = (now + options.DeferredInterval).ToUnixTimeMilliseconds();
        return deferred.AskAt <= now.ToUnixTimeMilliseconds()
            && await db.Deferred.Where(d => d.Id == deferred.Id && d.AskAt == deferred.AskAt).ExecuteUpdateAsync(set => set.SetProperty(d => d.AskAt, next), ct) == 1;
    }

    /// <summary>Writes down what came of asking.</summary>
    /// <param name="deferred">The transaction.</param>
    /// <param name="later">Null: the claims are there.</param>
    /// <param name="now">The time.</param>
    /// <param name="ct">Ends it.</param>
    internal async Task SettleAsync(DeferredIssuance deferred, TimeSpan? later, DateTimeOffset now, CancellationToken ct)
    {
        long? next = later is { } wait ? (now + wait).ToUnixTimeMilliseconds() : null;
        await db.Deferred.Where(d => d.Id == deferred.Id).ExecuteUpdateAsync(set => set.SetProperty(d => d.AskAt, next), ct);
    }

    /// <summary>The source does not know the person: the wallet is refused, which is told in the audit log.</summary>
    internal async Task DenyAsync(DeferredIssuance deferred, DateTimeOffset now, CancellationToken ct)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        if (await db.Deferred.Where(d => d.Id == deferred.Id && d.State != DeferredState.Denied).ExecuteUpdateAsync(set => set.SetProperty(d => d.State, DeferredState.Denied), ct) == 1)
            await AuditLog.AppendAsync(db, now, "claims source", "deferred.deny", deferred.Id, null, ct);
        await transaction.CommitAsync(ct);
    }

    private TimeSpan Clamp(TimeSpan later) => later < options.DeferredInterval ? options.DeferredInterval : later > Longest ? Longest : later;

    // Two types of one offer may get their claims at the same moment: the one that is late finds the offer changed, and asks again.
    private async Task<bool> KeepAsync(Offer offer, CredentialType type, JsonNode claims, CancellationToken ct)
    {
        var all = (JsonObject)StrictJson.ToNode(OfferView.Claims(offer))!;
        all[type.Id] = claims.DeepClone();
        var (old, written) = (offer.Claims, StrictJson.ToText(all));
        if (await db.Offers.Where(o => o.Id == offer.Id && o.Claims == old).ExecuteUpdateAsync(set => set.SetProperty(o => o.Claims, written), ct) != 1)
            return false;
        offer.Claims = written;
        return true;
    }
}
