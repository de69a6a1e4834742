using Credentials.Verifier.Parties;
using Credentials.Verifier.Storage;
using Microsoft.EntityFrameworkCore;

namespace Credentials.Verifier.Http;

/// <summary>Bearer keys of relying parties: shown once when made, kept as a hash.</summary>
internal static class ApiKeys
{
    /// <summary>How exactly it is told when a key was last used: at most one write for each key in this time, whatever the number of replicas.</summary>
    public static readonly TimeSpan UseResolution = TimeSpan.FromHours(1);

    /// <param name="name">What its owner calls it; null: nothing.</param>
    /// <param name="scopes">What it may do; null: everything.</param>
    public static async Task<string> CreateAsync(
        VerifierDbContext db, string relyingParty, string? name, IReadOnlyCollection<string>? scopes, DateTimeOffset now, CancellationToken ct)
    {
        var key = RandomToken.NewLong();
        db.ApiKeys.Add(new ApiKeyRow
        {
            Id = RandomToken.New(),
            Hash = RandomToken.Hash(key),
            RelyingParty = relyingParty,
            Name = name,
            Scopes = scopes is null ? null : string.Join(' ', scopes),
            CreatedAt = now.ToUnixTimeMilliseconds(),
        });
        await db.SaveChangesAsync(ct);
        return key;
    }

    /// <summary>Ends a key for good. Every replica has forgotten it <see cref="RecentApiKeys.Kept"/> later.</summary>
    /// <returns>The key as it is now; null if there is none with this id.</returns>
    public static async Task<ApiKeyRow?> RevokeAsync(VerifierDbContext db, string id, DateTimeOffset now, CancellationToken ct)
    {
        long? at = now.ToUnixTimeMilliseconds();
        await db.ApiKeys.Where(k => k.Id == id && k.RevokedAt == null).ExecuteUpdateAsync(u => u.SetProperty(k => k.RevokedAt, at), ct);
        return await db.ApiKeys.AsNoTracking().SingleOrDefaultAsync(k => k.Id == id, ct);
    }

    /// <summary>The relying party whose key the request carries.</summary>
    /// <exception cref="ProtocolException">401: no key, an unknown or a revoked one; 403: it has not the scope; 429 after too many wrong ones.</exception>
    public static async Task<Party> RequireAsync(HttpContext http, VerifierDbContext db, string scope, CancellationToken ct)
    {
        var header = http.Request.Headers.Authorization;
        var key = header.Count == 1 && header[0] is { Length: < 512 } value && value.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase)
            ? value["Bearer ".Length..].Trim()
            : null;
        var row = await FindAsync(http, db, key, ct) ?? throw RequestRefusal.Unauthorized();
        return Allows(row, scope)
            ? Registry(http).Find(row.RelyingParty)!
            : throw new ProtocolException(VerifierCodes.RequestScope, "insufficient_scope", "The API key is not for this.", StatusCodes.Status403Forbidden);
    }

    /// <summary>True if the key may be used for this.</summary>
    public static bool Allows(ApiKeyRow key, string scope) => key.Scopes is null || key.Scopes.Split(' ').Contains(scope);

    /// <summary>The row of a key that is valid, of a party that is known; null otherwise, which counts as a guess if there was a key.</summary>
    /// <exception cref="ProtocolException">429 after too many wrong ones.</exception>
    public static async Task<ApiKeyRow?> FindAsync(HttpContext http, VerifierDbContext db, string? key, CancellationToken ct)
    {
        var guesses = http.RequestServices.GetRequiredService<WrongSecretLimit>();
        guesses.RefuseWhenExhausted(http);
        if (key is null)
            return null;
        var hash = RandomToken.Hash(key);
        var recent = http.RequestServices.GetRequiredService<RecentApiKeys>();
        if (recent.Find(hash) is { } known)
            return known;
        var asked = recent.Now;
        var row = await db.ApiKeys.AsNoTracking().SingleOrDefaultAsync(r => r.Hash == hash && r.RevokedAt == null, ct);
        if (row is not null && Registry(http).Find(row.RelyingParty) is not null)
        {
            recent.Keep(row, asked);
            await NoteUseAsync(http, db, row, ct);
            return row;
        }

        guesses.Count(http);
        return null;
    }

    /// <summary>Only who has just read the row comes here, and writes only where it is older than told.</summary>
    private static async Task NoteUseAsync(HttpContext http, VerifierDbContext db, ApiKeyRow row, CancellationToken ct)
    {
        var now = http.RequestServices.GetRequiredService<VerifierHostOptions>().Time.GetUtcNow();
        var before = (now - UseResolution).ToUnixTimeMilliseconds();
        if (row.LastUsedAt > before)
            return;
        long? at = now.ToUnixTimeMilliseconds();
        // Another replica may have been first.
        await db.ApiKeys.Where(k => k.Id == row.Id && (k.LastUsedAt == null || k.LastUsedAt <= before))
            .ExecuteUpdateAsync(u => u.SetProperty(k => k.LastUsedAt, at), ct);
    }

    private static PartyRegistry Registry(HttpContext http) => http.RequestServices.GetRequiredService<PartyRegistry>();
}
