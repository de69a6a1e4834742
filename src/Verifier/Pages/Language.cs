using System.Globalization;
using Credentials.Verifier.Http;

namespace Credentials.Verifier.Pages;

/// <summary>Korean or English: the reader's switch first, then the browser's wish.</summary>
internal sealed class Language
{
    public static readonly Language Korean = new("ko");
    public static readonly Language English = new("en");
    private const string Cookie = "lang";

    private Language(string tag) => Tag = tag;

    public string Tag { get; }
    public Language Other => this == Korean ? English : Korean;

    public string Choose(string korean, string english) => this == Korean ? korean : english;

    /// <summary>The language of this request; the switch (<c>?lang=</c>) is remembered.</summary>
    public static Language Of(HttpContext http)
    {
        if (Parse(http.Request.Query["lang"]) is { } wanted)
        {
            var secure = http.RequestServices.GetRequiredService<ServiceUrl>().IsHttps;
            http.Response.Cookies.Append(Cookie, wanted.Tag, new CookieOptions
            {
                HttpOnly = true,
                Secure = secure,
                SameSite = SameSiteMode.Lax,
                Path = "/",
                MaxAge = TimeSpan.FromDays(180),
            });
            return wanted;
        }
        return Parse(http.Request.Cookies[Cookie]) ?? FromBrowser(http.Request.Headers.AcceptLanguage.ToString());
    }

    /// <summary>The supported language with the highest weight in Accept-Language; English when there is none.</summary>
    public static Language FromBrowser(string acceptLanguage)
    {
        Language best = English;
        double weight = 0;
        foreach (var item in acceptLanguage.Split(',', 20))
        {
            var parts = item.Split(';', 2);
            var q = parts.Length == 1 ? 1 : Weight(parts[1]);
            if (q > weight && Parse(parts[0].Trim().Split('-')[0]) is { } language)
                (best, weight) = (language, q);
        }
        return best;
    }

    private static double Weight(string parameter) =>
        parameter.Trim().StartsWith("q=", StringComparison.OrdinalIgnoreCase)
        && double.TryParse(parameter.Trim()[2..], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var q) ? q : 0;

    private static Language? Parse(string? tag) => tag?.ToLowerInvariant() switch
    {
        "ko" => Korean,
        "en" => English,
        _ => null,
    };
}
