using Credentials.Issuer.Storage;
using Microsoft.EntityFrameworkCore;

namespace Credentials.Issuer.Authorization;

/// <summary>Remembers proofs and challenges until they would be refused for their age anyway; the database's key decides who was first.</summary>
internal static class UsedOnce
{
    /// <summary>False when one of them was used before, on whatever replica.</summary>
    internal static async Task<bool> TryAsync(IssuerDbContext db, IEnumerable<(byte[] Hash, DateTimeOffset Until)> used, CancellationToken ct)
    {
        try
        {
            db.UsedNonces.AddRange(used.Select(one => new UsedNonce { Hash = one.Hash, ExpiresAt = one.Until.ToUnixTimeMilliseconds() }));
            await db.SaveChangesAsync(ct);
            return true;
        }
        catch (DbUpdateException e) when (DatabaseSetup.IsDuplicate(e))
        {
            return false;
        }
        finally
        {
            db.ChangeTracker.Clear();
        }
    }
}
