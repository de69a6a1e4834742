using System.Globalization;
using Credentials.Verifier.Http;
using Credentials.Verifier.Pages;
using Credentials.Verifier.Parties;
using Credentials.Verifier.Storage;
using Microsoft.EntityFrameworkCore;

namespace Credentials.Verifier.Clerk;

/// <summary>A clerk who is signed in at this browser.</summary>
/// <param name="Party">The relying party that the clerk works for now.</param>
/// <param name="Parties">All whose keys were given in this session, that one among them.</param>
/// <param name="FormToken">What every form of this session carries; a page of somebody else cannot know it.</param>
internal sealed record ClerkSession(Party Party, IReadOnlyList<Party> Parties, string FormToken)
{
    /// <exception cref="ProtocolException">400: the form was not sent from a page of this session.</exception>
    public void RequireForm(IReadOnlyDictionary<string, string> form)
    {
        if (!form.TryGetValue(ClerkSessions.FormTokenName, out var token) || !RandomToken.Same(token, FormToken))
            throw RequestRefusal.Invalid(VerifierCodes.SessionForm, "The form was not sent from a page of this session.");
    }

    public Html FormField => Html.Of($"<input type=\"hidden\" name=\"{ClerkSessions.FormTokenName}\" value=\"{FormToken}\">");
}

/// <summary>
/// The cookie that a relying party's key is exchanged for at the counter. It names the key and its end and is sealed by the service,
/// so that there is nothing to store; a key that is revoked ends its sessions. Who works for several parties gives the key of each and
/// chooses between them; the cookie names the chosen one's key first.
/// </summary>
internal sealed class ClerkSessions(ServiceKey key, ServiceUrl url, PartyRegistry parties, VerifierHostOptions options)
{
    private const int MaxKeys = 8;

    public const string FormTokenName = "form_token";

    /// <summary>A working day.</summary>
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(12);

    private string Cookie => url.IsHttps ? "__Host-clerk" : "clerk";

    /// <summary>Signs in with a key, beside those that this browser is signed in with already; what was begun first decides when it is over.</summary>
    public async Task StartAsync(HttpContext http, VerifierDbContext db, ApiKeyRow added, CancellationToken ct)
    {
        var (known, end) = await ReadAsync(http, db, ct);
        Write(http, [added, .. known.Where(row => row.RelyingParty != added.RelyingParty).Take(MaxKeys - 1)],
            end ?? (options.Time.GetUtcNow() + Lifetime).ToUnixTimeSeconds());
    }

    /// <summary>Goes on for another party of the session; false if its key was not given.</summary>
    public async Task<bool> ChooseAsync(HttpContext http, VerifierDbContext db, string party, CancellationToken ct)
    {
        var (known, end) = await ReadAsync(http, db, ct);
        if (known.Find(row => row.RelyingParty == party) is not { } chosen)
            return false;
        Write(http, [chosen, .. known.Where(row => row != chosen)], end!.Value);
        return true;
    }

    public void End(HttpContext http) => http.Response.Cookies.Delete(Cookie, CookieOptions(null));

    /// <summary>The session of this browser; null if there is none, it is over, or its keys were revoked.</summary>
    public async Task<ClerkSession?> FindAsync(HttpContext http, VerifierDbContext db, CancellationToken ct)
    {
        var (known, _) = await ReadAsync(http, db, ct);
        if (known.Count == 0)
            return null;
        var all = known.Select(row => parties.Find(row.RelyingParty)!).ToList();
        return new ClerkSession(all[0], all, key.Mac("clerk form", http.Request.Cookies[Cookie]!));
    }

    /// <summary>The keys of the session that are still good, the chosen party's first, and the session's end; none where there is no session.</summary>
    private async Task<(List<ApiKeyRow> Keys, long? End)> ReadAsync(HttpContext http, VerifierDbContext db, CancellationToken ct)
    {
        if (http.Request.Cookies[Cookie] is not { Length: < 512 } value || value.Split('.') is not [var names, var end, var seal]
            || !RandomToken.Same(seal, Seal($"{names}.{end}"))
            || !long.TryParse(end, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) || seconds <= options.Time.GetUtcNow().ToUnixTimeSeconds())
            return ([], null);
        var ids = names.Split('~');
        var rows = await db.ApiKeys.AsNoTracking().Where(k => ids.Contains(k.Id) && k.RevokedAt == null).ToListAsync(ct);
        // The chosen one first or not at all: a session whose key was revoked must not go on for somebody else unseen.
        List<ApiKeyRow> known = [.. ids.Select(id => rows.Find(row => row.Id == id)).OfType<ApiKeyRow>().Where(row => parties.Find(row.RelyingParty) is not null)];
        return known.Count > 0 && known[0].Id == ids[0] ? (known, seconds) : ([], null);
    }

    private void Write(HttpContext http, IEnumerable<ApiKeyRow> keys, long end)
    {
        var text = string.Create(CultureInfo.InvariantCulture, $"{string.Join('~', keys.Select(row => row.Id))}.{end}");
        http.Response.Cookies.Append(Cookie, $"{text}.{Seal(text)}", CookieOptions(TimeSpan.FromSeconds(end - options.Time.GetUtcNow().ToUnixTimeSeconds())));
    }

    private string Seal(string text) => key.Mac("clerk session", text);

    // Strict: no other site's link or form comes with it.
    private CookieOptions CookieOptions(TimeSpan? lifetime) => new()
    {
        HttpOnly = true,
        Secure = url.IsHttps,
        SameSite = SameSiteMode.Strict,
        Path = "/",
        MaxAge = lifetime,
    };
}
