using Credentials.Verifier.Http;
using Credentials.Verifier.Storage;

namespace Credentials.Verifier.Pages;

/// <summary>
/// The cookie that opens one transaction's page, events and QR code in the browser that exchanged the page's secret.
/// With https it has the <c>__Host-</c> prefix and Secure; on loopback http browsers would refuse both.
/// </summary>
internal sealed class PageCookie(ServiceKey key, ServiceUrl url)
{
    public void Set(HttpContext http, string id) => http.Response.Cookies.Append(Name(id), key.PageCookie(id), new CookieOptions
    {
        HttpOnly = true,
        Secure = url.IsHttps,
        // Lax: the wallet brings the browser back with a top-level navigation from outside.
        SameSite = SameSiteMode.Lax,
        Path = "/",
        MaxAge = TimeSpan.FromHours(2),
    });

    public bool IsPresent(HttpContext http, string id) =>
        http.Request.Cookies[Name(id)] is { } value && RandomToken.Same(value, key.PageCookie(id));

    private string Name(string id) => url.IsHttps ? $"__Host-v-{id}" : $"v-{id}";
}
