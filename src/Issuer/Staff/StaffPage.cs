using System.Globalization;
using Credentials.Issuer.Agency;
using Credentials.Issuer.Pages;

namespace Credentials.Issuer.Staff;

/// <summary>One page of the console in the reader's language: the frame, the way around, and small pieces that pages share.</summary>
internal sealed class StaffPage
{
    private readonly HttpContext _http;
    private readonly PageText _text;

    internal StaffPage(HttpContext http)
    {
        _http = http;
        _text = PageText.For(http.Request);
        if (!http.Request.Query.ContainsKey("lang"))
            return;
        var https = http.RequestServices.GetRequiredService<IssuerOptions>().IsHttps;
        http.Response.Cookies.Append("lang", _text.Language, new CookieOptions
        {
            HttpOnly = true,
            SameSite = SameSiteMode.Lax,
            Secure = https,
            IsEssential = true,
            MaxAge = TimeSpan.FromDays(30),
            Path = "/",
        });
    }

    internal string Language => _text.Language;

    internal string Base => PageFrame.BasePath(_http.RequestServices.GetRequiredService<IssuerOptions>());

    internal string Say(string korean, string english) => _text.Language == "ko" ? korean : english;

    /// <summary>The hidden field of every form.</summary>
    internal Html Token() => Html.Of($"<input type=\"hidden\" name=\"csrf\" value=\"{StaffGate.Token(_http)}\">");

    internal static Html Time(long unixMilliseconds)
    {
        var time = DateTimeOffset.FromUnixTimeMilliseconds(unixMilliseconds).UtcDateTime;
        return Html.Of($"<time datetime=\"{Paging.Time(unixMilliseconds)}\">{time.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture)} UTC</time>");
    }

    internal Html Error(string? message) => message is null ? Html.None : Html.Of($"<p class=\"problem\" role=\"alert\">{Say("확인해 주세요", "Please check")}: {message}</p>");

    internal string State(string name) => name switch
    {
        "valid" => Say("유효", "valid"),
        "revoked" => Say("폐지", "revoked"),
        "suspended" => Say("정지", "suspended"),
        "created" => Say("대기", "waiting"),
        "redeemed" => Say("연결됨", "redeemed"),
        "issued" => Say("발급됨", "issued"),
        "expired" => Say("만료", "expired"),
        "cancelled" => Say("취소", "cancelled"),
        "uploading" => Say("받는 중", "uploading"),
        "running" => Say("처리 중", "running"),
        "finished" => Say("완료", "finished"),
        _ => name,
    };

    /// <summary>A page outside a session.</summary>
    internal Task WritePlainAsync(string title, Html main, int status = 200, string head = "") => WriteAsync(title, Html.None, main, status, head);

    internal Task WriteAsync(string title, Html main, int status = 200, string head = "") => WriteAsync(title, Navigation(), main, status, head);

    private Task WriteAsync(string title, Html navigation, Html main, int status, string head) => PageFrame.WriteAsync(
        _http, status, _text, title,
        $"""<link rel="stylesheet" href="{Base}/assets/staff.css"><script src="{Base}/assets/offer.js" defer></script>{head}""",
        $"{navigation}<main class=\"staff\">\n<h1>{PageFrame.Escape(title)}</h1>\n{main}\n</main>");

    private Html Navigation()
    {
        var items = new List<(string Path, string Name)> { ("/staff", Say("현황", "Overview")), ("/staff/credentials", Say("증명서", "Credentials")) };
        if (StaffGate.May(_http, StaffRoles.Issuer))
        {
            items.Add(("/staff/offers/new", Say("발급", "Issue one")));
            items.Add(("/staff/batches", Say("일괄 발급", "Batches")));
            items.Add(("/staff/deferred", Say("승인 대기", "To approve")));
        }

        if (StaffGate.May(_http, StaffRoles.Auditor))
            items.Add(("/staff/audit", Say("감사 기록", "Audit log")));
        if (StaffGate.May(_http, StaffRoles.Admin))
            items.Add(("/staff/accounts", Say("직원", "Staff")));
        var here = _http.Request.Path.Value ?? "";
        var links = items.Select(item => Html.Of(
            $"<li><a href=\"{Base}{item.Path}\"{(IsHere(here, item.Path) ? new Html(" aria-current=\"page\"") : Html.None)}>{item.Name}</a></li>"));
        return Html.Of($"""
            <nav class="staff-nav" aria-label="{Say("메뉴", "Menu")}"><ul>{links}</ul>
            <form method="post" action="{Base}/staff/sign-out">{Token()}<a href="{Base}/staff/password">{StaffGate.Account(_http).Name}</a> <button class="plain">{Say("로그아웃", "Sign out")}</button></form></nav>
            """);
    }

    private bool IsHere(string here, string path) =>
        path == "/staff" ? here.TrimEnd('/') == Base + path : here.StartsWith(Base + path.Replace("/new", "", StringComparison.Ordinal), StringComparison.Ordinal);
}
