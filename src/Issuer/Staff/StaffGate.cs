using Credentials.Codecs;
using Credentials.Issuer.Http;
using Credentials.Issuer.Keys;
using Credentials.Issuer.Pages;
using Credentials.Issuer.Storage;
using Microsoft.EntityFrameworkCore;

namespace Credentials.Issuer.Staff;

/// <summary>Sessions of the console: a cookie names one, a row in the database is it, and each form carries a token that belongs to it.</summary>
internal static class StaffGate
{
    internal static readonly TimeSpan Idle = TimeSpan.FromMinutes(30);
    internal static readonly TimeSpan Longest = TimeSpan.FromHours(8);

    /// <summary>On a route whose handler reads the body, and checks the token, itself.</summary>
    internal sealed record ReadsItsBody;

    private sealed record Entered(StaffAccount Account, string Cookie, IReadOnlyDictionary<string, string> Form);

    internal static RouteGroupBuilder MapStaff(IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/staff");
        group.RequireRateLimiting(RateLimits.Public);
        group.AddEndpointFilter(async (context, next) =>
        {
            var http = context.HttpContext;
            if (await FindAsync(http) is not { } entered)
            {
                Redirect(http, "/staff/sign-in");
                return null;
            }

            http.Items[typeof(StaffGate)] = entered;
            if (HttpMethods.IsPost(http.Request.Method) && http.GetEndpoint()?.Metadata.GetMetadata<ReadsItsBody>() is null)
            {
                var form = await ReadFormAsync(http);
                RequireToken(http, form.GetValueOrDefault("csrf"), entered.Cookie);
                http.Items[typeof(StaffGate)] = entered with { Form = form };
            }

            return await next(context);
        });
        return group;
    }

    internal static StaffAccount Account(HttpContext http) => Of(http).Account;

    internal static bool May(HttpContext http, StaffRoles role) => ((StaffRoles)Account(http).Roles & role) != 0;

    /// <exception cref="AgencyException">403: the account has not this role.</exception>
    internal static void Require(HttpContext http, StaffRoles role)
    {
        if (!May(http, role))
            throw new AgencyException(403, IssuerCodes.Role, "This account may not do that.");
    }

    /// <summary>A field of the form, without white space around it; empty where there is none.</summary>
    internal static string Field(HttpContext http, string name) => Of(http).Form.GetValueOrDefault(name)?.Trim() ?? "";

    internal static IReadOnlyDictionary<string, string> Form(HttpContext http) => Of(http).Form;

    internal static string Token(HttpContext http) => TokenFor(http, Of(http).Cookie);

    internal static byte[] SessionHash(HttpContext http) => Secrets.Hash(Of(http).Cookie);

    internal static void RequireToken(HttpContext http, string? token) => RequireToken(http, token, Of(http).Cookie);

    internal static async Task EnterAsync(HttpContext http, StaffAccount account)
    {
        var (db, now) = (http.RequestServices.GetRequiredService<IssuerDbContext>(), Now(http));
        var cookie = Secrets.NewToken();
        db.StaffSessions.Add(new StaffSession { Hash = Secrets.Hash(cookie), StaffId = account.Id, SeenAt = now.ToUnixTimeMilliseconds(), ExpiresAt = (now + Longest).ToUnixTimeMilliseconds() });
        await db.SaveChangesAsync(http.RequestAborted);
        var old = now.ToUnixTimeMilliseconds();
        await db.StaffSessions.Where(s => s.ExpiresAt <= old).ExecuteDeleteAsync(http.RequestAborted);
        SetCookie(http, "staff", cookie, Longest);
    }

    internal static async Task LeaveAsync(HttpContext http)
    {
        var hash = SessionHash(http);
        await http.RequestServices.GetRequiredService<IssuerDbContext>().StaffSessions.Where(s => s.Hash == hash).ExecuteDeleteAsync(http.RequestAborted);
        SetCookie(http, "staff", "", TimeSpan.Zero);
    }

    /// <summary>The token of the sign-in form, bound to a cookie that the form's browser gets.</summary>
    internal static string BeginSignIn(HttpContext http)
    {
        var cookie = http.Request.Cookies[CookieName(http, "staff-start")] is { Length: 43 } kept ? kept : Secrets.NewToken();
        SetCookie(http, "staff-start", cookie, TimeSpan.FromHours(1));
        return TokenFor(http, cookie);
    }

    internal static void RequireSignInToken(HttpContext http, string? token) =>
        RequireToken(http, token, http.Request.Cookies[CookieName(http, "staff-start")] ?? "");

    internal static async Task<IReadOnlyDictionary<string, string>> ReadFormAsync(HttpContext http)
    {
        if (!RequestBody.IsType(http.Request, "application/x-www-form-urlencoded"))
            throw new MalformedDataException(IssuerCodes.Request, "The body must be a form.");
        return StrictForm.Parse(await RequestBody.ReadAsync(http, RequestBody.AgencyCap), IssuerCodes.Request);
    }

    internal static void Redirect(HttpContext http, string path)
    {
        http.Response.StatusCode = StatusCodes.Status303SeeOther;
        http.Response.Headers.Location = PageFrame.BasePath(http.RequestServices.GetRequiredService<IssuerOptions>()) + path;
    }

    private static Entered Of(HttpContext http) => (Entered)http.Items[typeof(StaffGate)]!;

    private static DateTimeOffset Now(HttpContext http) => http.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow();

    private static async Task<Entered?> FindAsync(HttpContext http)
    {
        if (http.Request.Cookies[CookieName(http, "staff")] is not { Length: 43 } cookie)
            return null;
        var db = http.RequestServices.GetRequiredService<IssuerDbContext>();
        var hash = Secrets.Hash(cookie);
        var now = Now(http).ToUnixTimeMilliseconds();
        var session = await db.StaffSessions.AsNoTracking().SingleOrDefaultAsync(s => s.Hash == hash, http.RequestAborted);
        if (session is null || session.ExpiresAt <= now || session.SeenAt + Idle.TotalMilliseconds <= now)
            return null;
        var account = await db.Staff.AsNoTracking().SingleOrDefaultAsync(s => s.Id == session.StaffId && s.DisabledAt == null, http.RequestAborted);
        if (account is null)
            return null;
        // Not with each request: a minute is exact enough.
        if (now - session.SeenAt >= 60_000)
            await db.StaffSessions.Where(s => s.Hash == hash).ExecuteUpdateAsync(set => set.SetProperty(s => s.SeenAt, now), http.RequestAborted);
        return new Entered(account, cookie, new Dictionary<string, string>());
    }

    private static string TokenFor(HttpContext http, string cookie) => Secrets.Derive(http.RequestServices.GetRequiredService<IssuerKeys>().Secret, "staff form", cookie);

    private static void RequireToken(HttpContext http, string? token, string cookie)
    {
        // Browsers say where a request comes from; a token is needed all the same.
        var site = http.Request.Headers["Sec-Fetch-Site"].ToString();
        if (site is not ("" or "same-origin" or "none") || cookie.Length == 0
            || !Secrets.Same(Secrets.Hash(token ?? ""), Secrets.Hash(TokenFor(http, cookie))))
            throw new AgencyException(403, IssuerCodes.Role, "The form is not one of this session.");
    }

    private static bool IsHttps(HttpContext http) => http.RequestServices.GetRequiredService<IssuerOptions>().IsHttps;

    // The __Host- prefix needs Secure, which plain http on this machine does not have.
    private static string CookieName(HttpContext http, string name) => (IsHttps(http) ? "__Host-" : "") + name;

    private static void SetCookie(HttpContext http, string name, string value, TimeSpan age) => http.Response.Cookies.Append(CookieName(http, name), value, new CookieOptions
    {
        HttpOnly = true,
        Secure = IsHttps(http),
        SameSite = SameSiteMode.Strict,
        IsEssential = true,
        Path = "/",
        MaxAge = age,
    });
}
