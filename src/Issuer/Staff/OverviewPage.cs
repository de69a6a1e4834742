using Credentials.Issuer.Pages;
using Credentials.Issuer.Storage;

namespace Credentials.Issuer.Staff;

/// <summary><c>/staff</c>: figures of the last thirty days and the status lists.</summary>
internal static class OverviewPage
{
    internal static void Map(IEndpointRouteBuilder staff) => staff.MapGet("/", ShowAsync);

    private static async Task ShowAsync(HttpContext http, IssuerDbContext db, TimeProvider time)
    {
        var page = new StaffPage(http);
        var figures = await Figures.ReadAsync(db, time.GetUtcNow(), http.RequestAborted);
        var lists = figures.Lists.Select((list, i) => Plot.Fill($"{page.Say("목록", "List")} {i + 1}", list.Used, list.Size)).ToList();
        await page.WriteAsync(page.Say("현황", "Overview"), Html.Of($"""
            <p class="hint">{page.Say("최근 30일, 하루는 UTC 기준입니다.", "The last 30 days; days are in UTC.")}</p>
            <div class="plots">
            {Plot.Bars(page.Say("제안", "Offered"), page.Say("표로 보기", "As a table"), "offered", figures.Days, figures.Offered)}
            {Plot.Bars(page.Say("지갑이 받음", "Redeemed"), page.Say("표로 보기", "As a table"), "redeemed", figures.Days, figures.Redeemed)}
            {Plot.Bars(page.Say("발급한 증명서", "Credentials issued"), page.Say("표로 보기", "As a table"), "issued", figures.Days, figures.Issued)}
            {Plot.Bars(page.Say("폐지", "Revoked"), page.Say("표로 보기", "As a table"), "revoked", figures.Days, figures.Revoked)}
            </div>
            <h2>{page.Say("상태 목록 사용량", "How full the status lists are")}</h2>
            <ul class="fills panel">{(lists.Count > 0 ? Html.Join(lists) : Html.Of($"<li>{page.Say("아직 없습니다.", "None yet.")}</li>"))}</ul>
            """));
    }
}
