using Credentials.Verifier.Storage;
using Microsoft.EntityFrameworkCore;

namespace Credentials.Verifier.Http;

/// <summary>Bearer keys of relying parties: shown once when made, kept as a hash.</summary>
internal static class ApiKeys
{
    public static async Task<string> CreateAsync(VerifierDbContext db, string relyingParty, DateTimeOffset now, CancellationToken ct)
    {
        var key = RandomToken.NewLong();
        db.ApiKeys.Add(new ApiKeyRow { Id = RandomToken.New(), Hash = RandomToken.Hash(key), RelyingParty = relyingParty, CreatedAt = now.ToUnixTimeMilliseconds() });
        await db.SaveChangesAsync(ct);
        return key;
    }

    /// <summary>The relying party whose key the request carries.</summary>
    /// <exception cref="ProtocolException">401: no key, an unknown or a revoked one; 429 after too many wrong ones.</exception>
    public static async Task<string> RequireAsync(HttpContext http, VerifierDbContext db, CancellationToken ct)
    {
        var guesses = http.RequestServices.GetRequiredService<WrongSecretLimit>();
        guesses.RefuseWhenExhausted(http);
        var header = http.Request.Headers.Authorization;
        if (header.Count == 1 && header[0] is { Length: < 512 } value && value.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase))
        {
            var hash = RandomToken.Hash(value["Bearer ".Length..].Trim());
            var row = await db.ApiKeys.AsNoTracking().SingleOrDefaultAsync(r => r.Hash == hash && r.RevokedAt == null, ct);
            if (row is not null)
                return row.RelyingParty;
            guesses.Count(http);
        }
        throw RequestRefusal.Unauthorized();
    }
}
