using System.Security.Claims;
using Credentials.Issuer.Http;
using Credentials.Issuer.Pages;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;

namespace Credentials.Issuer.Authorization;

/// <summary>
/// How people sign in: at the configured OpenID Connect provider, by ASP.NET Core's handler; in the demo, by typing a name. The session
/// lasts for one authorization.
/// </summary>
internal static class HolderSignIn
{
    private const string Cookie = CookieAuthenticationDefaults.AuthenticationScheme;
    private const string Upstream = OpenIdConnectDefaults.AuthenticationScheme;
    private const string CallbackPath = "/sign-in/callback";
    private const string SubjectType = "subject";

    private static readonly TimeSpan _session = TimeSpan.FromMinutes(10);

    internal static void Add(IServiceCollection services, bool isDemo)
    {
        services.AddAuthentication(Cookie).AddCookie(Cookie).AddOpenIdConnect(Upstream, _ => { });
        services.AddOptions<CookieAuthenticationOptions>(Cookie).Configure<IssuerOptions>(ConfigureCookie);
        services.AddOptions<OpenIdConnectOptions>(Upstream).Configure<IssuerOptions>(ConfigureUpstream);
        // Cookies are protected by SecretProtection; the key ring that comes along is never used and would be written to somebody's home.
        foreach (var keyRing in services.Where(service => service.ImplementationType?.Namespace == "Microsoft.AspNetCore.DataProtection.Internal" && service.ServiceType == typeof(IHostedService)).ToList())
            services.Remove(keyRing);
        services.AddSingleton(new SignInKind(isDemo));
        services.AddAntiforgery();
        services.AddOptions<Microsoft.AspNetCore.Antiforgery.AntiforgeryOptions>().Configure<IssuerOptions>((antiforgery, options) =>
        {
            antiforgery.Cookie.Name = CookieName("form", options);
            antiforgery.Cookie.SecurePolicy = options.IsHttps ? CookieSecurePolicy.Always : CookieSecurePolicy.None;
            antiforgery.Cookie.Path = "/";
            antiforgery.SuppressXFrameOptionsHeader = true; // SecurityHeaders sets it
        });
    }

    /// <summary>Whether there is a way to sign in at all: without one, the authorization code flow is not served.</summary>
    internal static bool IsServed(IssuerOptions options, SignInKind kind) => kind.IsDemo || options.SignIn.Authority.Length > 0;

    internal static void Map(IEndpointRouteBuilder routes, SignInKind kind)
    {
        if (kind.IsDemo)
            routes.MapPost("/sign-in", HandleDemoAsync).RequireRateLimiting(RateLimits.Public).DisableAntiforgery();
    }

    /// <summary>The agency's reference to the person who is signed in; null: nobody is.</summary>
    internal static async Task<string?> FindSubjectAsync(HttpContext http) =>
        (await http.AuthenticateAsync(Cookie)).Principal?.FindFirstValue(SubjectType) is { Length: > 0 and <= 200 } subject ? subject : null;

    internal static Task EndAsync(HttpContext http) => http.SignOutAsync(Cookie);

    /// <summary>Sends the person to the provider, or shows the demo's form; either leads back to <paramref name="path"/>.</summary>
    internal static Task AskAsync(HttpContext http, SignInKind kind, string path) => kind.IsDemo
        ? SignInPage.WriteAsync(http, path)
        : http.ChallengeAsync(Upstream, new AuthenticationProperties { RedirectUri = path });

    private static async Task HandleDemoAsync(HttpContext http, Microsoft.AspNetCore.Antiforgery.IAntiforgery antiforgery)
    {
        await RequireFormAsync(http, antiforgery);
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        var (user, path) = (form["user"].ToString().Trim(), form["return"].ToString());
        // The way back is one of our own pages: "/authorize" and its query, nothing that a browser could read as another host.
        if (user.Length is 0 or > 200 || user.Any(char.IsControl) || !path.StartsWith(Authorize.PathIn(http) + "?", StringComparison.Ordinal) || path.Any(char.IsControl))
        {
            await ErrorPage.WriteAsync(http, StatusCodes.Status400BadRequest);
            return;
        }

        var identity = new ClaimsIdentity([new Claim(SubjectType, user)], Cookie);
        await http.SignInAsync(Cookie, new ClaimsPrincipal(identity));
        http.Response.StatusCode = StatusCodes.Status303SeeOther;
        http.Response.Headers.Location = path;
    }

    /// <exception cref="BadHttpRequestException">The form does not come from a page of ours.</exception>
    internal static async Task RequireFormAsync(HttpContext http, Microsoft.AspNetCore.Antiforgery.IAntiforgery antiforgery)
    {
        if (http.Features.Get<Microsoft.AspNetCore.Http.Features.IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } feature)
            feature.MaxRequestBodySize = RequestBody.TokenCap;
        try
        {
            await antiforgery.ValidateRequestAsync(http);
        }
        catch (Exception e) when (e is Microsoft.AspNetCore.Antiforgery.AntiforgeryValidationException or InvalidOperationException or InvalidDataException)
        {
            throw new BadHttpRequestException("The form does not come from this service.", e);
        }
    }

    private static void ConfigureCookie(CookieAuthenticationOptions cookie, IssuerOptions options)
    {
        cookie.Cookie.Name = CookieName("session", options);
        cookie.Cookie.HttpOnly = true;
        cookie.Cookie.Path = "/";
        // Lax: the provider's redirect back to us is a navigation from another site.
        cookie.Cookie.SameSite = SameSiteMode.Lax;
        cookie.Cookie.SecurePolicy = options.IsHttps ? CookieSecurePolicy.Always : CookieSecurePolicy.None;
        cookie.ExpireTimeSpan = _session;
        cookie.SlidingExpiration = false;
    }

    private static void ConfigureUpstream(OpenIdConnectOptions upstream, IssuerOptions options)
    {
        OpenIdSignIn.Configure(upstream, options, options.SignIn, CallbackPath);
        upstream.Events.OnTokenValidated = context =>
        {
            // Of all that the provider says, only who it is stays in the session.
            var subject = context.Principal?.FindFirstValue(options.SignIn.SubjectClaim);
            if (string.IsNullOrEmpty(subject))
                context.Fail("The provider gave no subject.");
            else
                context.Principal = new ClaimsPrincipal(new ClaimsIdentity([new Claim(SubjectType, subject)], Upstream));
            return Task.CompletedTask;
        };
    }

    // The __Host- prefix needs Secure, which plain http on this machine does not have.
    private static string CookieName(string name, IssuerOptions options) => (options.IsHttps ? "__Host-" : "") + "issuer-" + name;
}
