using Credentials.Issuer.Agency;
using Credentials.Issuer.Catalog;
using Credentials.Issuer.Http;
using Credentials.Issuer.Issuance;
using Credentials.Issuer.Pages;
using Credentials.Issuer.Storage;
using Microsoft.EntityFrameworkCore;

namespace Credentials.Issuer.Staff;

/// <summary><c>/staff/deferred</c>: the wallets that wait for a decision, and the decision.</summary>
internal static class DeferredPages
{
    internal static void Map(IEndpointRouteBuilder staff)
    {
        staff.MapGet("/deferred", (HttpContext http, IssuerDbContext db, CredentialCatalog catalog, TimeProvider time) => ListAsync(http, db, catalog, time, null));
        staff.MapPost("/deferred/{id}", DecideAsync);
    }

    private static async Task ListAsync(HttpContext http, IssuerDbContext db, CredentialCatalog catalog, TimeProvider time, string? problem)
    {
        StaffGate.Require(http, StaffRoles.Issuer);
        var page = new StaffPage(http);
        var waiting = await DecideDeferred.WaitingAsync(db, time.GetUtcNow(), http.RequestAborted);
        var offers = waiting.Select(row => row.OfferId).Distinct().ToList();
        var entries = await (await AuditLog.ReadAsync(db, http.RequestAborted)).Where(a => a.Action == "offer.create" && offers.Contains(a.Subject)).ToListAsync(http.RequestAborted);
        var makers = entries.DistinctBy(a => a.Subject).ToDictionary(a => a.Subject, a => a.Actor, StringComparer.Ordinal);
        var lines = waiting.Select(row => Html.Of($"""
            <tr><td>{row.Subject ?? page.Say("대상자를 적지 않음", "No subject given")}<br><span class="hint">{page.Say("제안", "Offered")} {StaffPage.Time(row.OfferedAt)} · {Maker(page, makers.GetValueOrDefault(row.OfferId))}</span></td><td>{CredentialPages.TypeName(page, catalog, row.ConfigurationId)}</td><td>{StaffPage.Time(row.CreatedAt)}</td><td>{StaffPage.Time(row.ExpiresAt)}</td>
            <td><form class="buttons" method="post" action="{page.Base}/staff/deferred/{row.Id}">{page.Token()}<button name="decision" value="approve">{page.Say("승인", "Approve")}</button>
            <button class="danger" name="decision" value="deny">{page.Say("거절", "Deny")}</button></form></td></tr>
            """));
        await page.WriteAsync(page.Say("승인 대기", "To approve"), Html.Of($"""
            {page.Error(problem)}
            {(waiting.Count == 0 ? Html.Of($"<p>{page.Say("기다리는 요청이 없습니다.", "Nothing waits.")}</p>") : Html.Of($"<div class=\"scroll\"><table class=\"waiting\"><thead><tr><th scope=\"col\">{page.Say("대상자", "Subject")}</th><th scope=\"col\">{page.Say("종류", "Type")}</th><th scope=\"col\">{page.Say("요청", "Asked")}</th><th scope=\"col\">{page.Say("기한", "Until")}</th><th scope=\"col\">{page.Say("결정", "Decision")}</th></tr></thead><tbody>{lines}</tbody></table></div>"))}
            """), problem is null ? 200 : 409);
    }

    // A system has a key with a number, which says nothing to people.
    private static string Maker(StaffPage page, string? actor) =>
        actor?.StartsWith("staff:", StringComparison.Ordinal) == true ? AuditPage.Actor(page, actor) : page.Say("연계 시스템", "a connected system");

    private static async Task DecideAsync(string id, HttpContext http, IssuerDbContext db, CredentialCatalog catalog, TimeProvider time)
    {
        StaffGate.Require(http, StaffRoles.Issuer);
        var decision = StaffGate.Field(http, "decision");
        if (decision is not ("approve" or "deny"))
            throw new MalformedDataException(IssuerCodes.Request, "'decision' must be 'approve' or 'deny'.");
        try
        {
            await DecideDeferred.ApplyAsync(db, id, decision == "approve", StaffAccounts.Actor(StaffGate.Account(http)), time.GetUtcNow(), http.RequestAborted);
            StaffGate.Redirect(http, "/staff/deferred");
        }
        catch (AgencyException e) when (e.Code == IssuerCodes.DeferredState)
        {
            await ListAsync(http, db, catalog, time, new StaffPage(http).Say("이미 결정되었거나 기한이 지난 요청입니다.", "it is decided already, or its time is over."));
        }
    }
}
