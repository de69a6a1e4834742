using Credentials.Issuer.Offers;
using Credentials.Issuer.Storage;
using Microsoft.EntityFrameworkCore;

namespace Credentials.Issuer.Authorization;

/// <summary>What the agency has made ready for a person who signed in.</summary>
internal static class PreparedOffers
{
    private const int Most = 100;

    /// <summary>The offer of the request's <c>issuer_state</c> if it is this person's; without one, the newest of this person's that covers what is asked for.</summary>
    internal static async Task<Offer?> FindAsync(IssuerDbContext db, AuthorizationFlow authorization, string subject, DateTimeOffset now, CancellationToken ct)
    {
        if (authorization.OfferId is null)
            return await FindAsync(db, subject, OfferView.ReadIds(authorization.ConfigurationIds), now, ct);
        var offer = await db.Offers.AsNoTracking().SingleOrDefaultAsync(o => o.Id == authorization.OfferId, ct);
        // An offer without a subject is for whoever holds its link.
        return offer is not null && OfferView.StateAt(offer, now) == OfferState.Created && (offer.Subject is null || offer.Subject == subject) ? offer : null;
    }

    internal static async Task<Offer?> FindAsync(IssuerDbContext db, string subject, IReadOnlyList<string> ids, DateTimeOffset now, CancellationToken ct)
    {
        var at = now.ToUnixTimeMilliseconds();
        var offers = await db.Offers.AsNoTracking()
            .Where(o => o.Subject == subject && o.ByAuthorization && o.State == OfferState.Created && o.ExpiresAt > at)
            .OrderByDescending(o => o.CreatedAt).Take(Most).ToListAsync(ct);
        return offers.Find(offer => ids.All(OfferView.ReadIds(offer.ConfigurationIds).Contains));
    }
}
