using System.Security.Cryptography;
using Credentials.Issuer.Http;
using Credentials.Issuer.Keys;
using Microsoft.EntityFrameworkCore;

namespace Credentials.Issuer.Storage;

/// <summary>Ties a fresh database to its keys, once, and refuses a database of other keys.</summary>
internal static class FirstStart
{
    /// <summary>True for the one process that found the database fresh.</summary>
    internal static async Task<bool> ClaimAsync(IssuerDbContext db, IssuerKeys keys, IssuerOptions options, CancellationToken ct)
    {
        if (!await db.Installations.AnyAsync(ct))
        {
            try
            {
                db.Installations.Add(new Installation { Id = 1, RootFingerprint = Fingerprint(keys), PublicUrl = options.PublicUrl });
                await db.SaveChangesAsync(ct);
                return true;
            }
            catch (DbUpdateException e) when (DatabaseSetup.IsDuplicate(e))
            {
                db.ChangeTracker.Clear(); // another replica was a moment earlier
            }
        }

        var installation = await RequireAsync(db, keys, ct);
        // Issued credentials name their status list by this URL.
        if (installation.PublicUrl != options.PublicUrl)
            throw new IssuerStartException($"The database was begun as {installation.PublicUrl}; credentials that are out there point to that URL.");
        return false;
    }

    /// <exception cref="IssuerStartException">The database is not that of these keys.</exception>
    internal static async Task<Installation> RequireAsync(IssuerDbContext db, IssuerKeys keys, CancellationToken ct) =>
        await db.Installations.AsNoTracking().SingleOrDefaultAsync(ct) is { } installation && installation.RootFingerprint == Fingerprint(keys)
            ? installation
            : throw new IssuerStartException("The database belongs to an issuer with other keys than those of the data folder.");

    private static string Fingerprint(IssuerKeys keys) => Convert.ToHexStringLower(SHA256.HashData(keys.Root.RawData));
}
