using System.Globalization;
using Credentials.Verifier.Http;
using Credentials.Verifier.Pages;
using Credentials.Verifier.Storage;
using Microsoft.EntityFrameworkCore;

namespace Credentials.Verifier.Clerk;

/// <summary>A clerk who is signed in at this browser.</summary>
/// <param name="RelyingParty">Whose clerk it is.</param>
/// <param name="FormToken">What every form of this session carries; a page of somebody else cannot know it.</param>
internal sealed record ClerkSession(string RelyingParty, string FormToken)
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
/// so that there is nothing to store; a key that is revoked ends its sessions.
/// </summary>
internal sealed class ClerkSessions(ServiceKey key, ServiceUrl url, VerifierHostOptions options)
{
    public const string FormTokenName = "form_token";

    /// <summary>A working day.</summary>
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(12);

    private string Cookie => url.IsHttps ? "__Host-clerk" : "clerk";

    public void Start(HttpContext http, string apiKeyId)
    {
        var text = string.Create(CultureInfo.InvariantCulture, $"{apiKeyId}.{(options.Time.GetUtcNow() + Lifetime).ToUnixTimeSeconds()}");
        http.Response.Cookies.Append(Cookie, $"{text}.{Seal(text)}", CookieOptions(Lifetime));
    }

    public void End(HttpContext http) => http.Response.Cookies.Delete(Cookie, CookieOptions(null));

    /// <summary>The session of this browser; null if there is none, it is over, or its key was revoked.</summary>
    public async Task<ClerkSession?> FindAsync(HttpContext http, VerifierDbContext db, CancellationToken ct)
    {
        if (http.Request.Cookies[Cookie] is not { Length: < 256 } value || value.Split('.') is not [var id, var end, var seal]
            || !RandomToken.Same(seal, Seal($"{id}.{end}"))
            || !long.TryParse(end, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) || seconds <= options.Time.GetUtcNow().ToUnixTimeSeconds())
            return null;
        var row = await db.ApiKeys.AsNoTracking().SingleOrDefaultAsync(k => k.Id == id && k.RevokedAt == null, ct);
        return row is null ? null : new ClerkSession(row.RelyingParty, key.Mac("clerk form", value));
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
