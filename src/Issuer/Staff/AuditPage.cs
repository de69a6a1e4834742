using System.Globalization;
using Credentials.Issuer.Agency;
using Credentials.Issuer.Pages;
using Credentials.Issuer.Storage;
using Microsoft.EntityFrameworkCore;

namespace Credentials.Issuer.Staff;

/// <summary><c>/staff/audit</c>: who did what and when, newest first, for auditors.</summary>
internal static class AuditPage
{
    private const int PageSize = 100;

    internal static void Map(IEndpointRouteBuilder staff) => staff.MapGet("/audit", ShowAsync);

    internal static string Actor(StaffPage page, string actor) => actor switch
    {
        "wallet" => page.Say("지갑", "wallet"),
        "operator" => page.Say("운영자", "operator"),
        _ when actor.StartsWith("staff:", StringComparison.Ordinal) => actor[6..],
        _ => page.Say("연계 시스템", "system") + " " + actor,
    };

    internal static string Action(StaffPage page, AuditEntry entry) => entry.Action switch
    {
        "offer.create" => page.Say("발급 제안", "offered"),
        "offer.cancel" => page.Say("제안 취소", "offer cancelled"),
        "credential.issue" => page.Say("지갑에 발급", "issued to a wallet"),
        "credential.status" when entry.Detail?.Contains("\"status\":\"revoked\"", StringComparison.Ordinal) == true => page.Say("폐지", "revoked"),
        "credential.status" when entry.Detail?.Contains("\"status\":\"suspended\"", StringComparison.Ordinal) == true => page.Say("정지", "suspended"),
        "credential.status" => page.Say("정지 해제", "resumed"),
        "credential.defer" => page.Say("승인을 기다림", "waits for approval"),
        "credential.notification" => page.Say("지갑의 알림", "told by the wallet"),
        "deferred.approve" => page.Say("승인", "approved"),
        "deferred.deny" => page.Say("거절", "denied"),
        "batch.create" => page.Say("일괄 발급 등록", "batch received"),
        "batch.offer" or "batch.issue" => page.Say("일괄 발급 처리", "batch rows done"),
        "batch.finish" => page.Say("일괄 발급 완료", "batch finished"),
        "batch.cancel" => page.Say("일괄 발급 취소", "batch cancelled"),
        "batch.results" => page.Say("일괄 발급 결과 받음", "batch results taken"),
        "staff.sign_in" => page.Say("로그인", "signed in"),
        "staff.sign_in_failed" => page.Say("로그인 실패", "sign-in failed"),
        "staff.locked" => page.Say("계정 잠김", "account locked"),
        "staff.add" => page.Say("계정 만듦", "account made"),
        "staff.reset" => page.Say("계정 재설정", "account reset"),
        "staff.disable" => page.Say("계정 중지", "account disabled"),
        "staff.enable" => page.Say("계정 재개", "account enabled"),
        "staff.password" => page.Say("비밀번호 변경", "password changed"),
        "keys.withdraw" => page.Say("키 철회됨", "key withdrawn"),
        "restore" => page.Say("백업에서 복원됨", "restored from a back-up"),
        "api_key.create" => page.Say("API 키 만듦", "API key made"),
        "keys.request" => page.Say("인증서 요청", "certificate asked for"),
        "keys.import" => page.Say("서명 키 인증서 받음", "certificate of a signing key taken"),
        "keys.rotate" => page.Say("서명 키 교체", "new signing key"),
        "keys.delete" => page.Say("이전 서명 키 삭제", "old signing key deleted"),
        _ => entry.Action,
    };

    private static async Task ShowAsync(HttpContext http, IssuerDbContext db)
    {
        StaffGate.Require(http, StaffRoles.Auditor);
        var page = new StaffPage(http);
        var rows = await AuditLog.ReadAsync(db, http.RequestAborted);
        if (http.Request.Query["before"] is [{ } text] && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var before))
            rows = rows.Where(a => a.Id < before);
        var found = await rows.OrderByDescending(a => a.Id).Take(PageSize).ToListAsync(http.RequestAborted);
        var lines = found.Select(entry => Html.Of($"""
            <tr><td class="number">{entry.Id}</td><td>{StaffPage.Time(entry.At)}</td><td>{Actor(page, entry.Actor)}</td><td>{Action(page, entry)}</td><td><code>{entry.Subject}</code></td><td><code>{entry.Detail}</code></td></tr>
            """));
        var more = found.Count == PageSize ? Html.Of($"<p><a href=\"?before={found[^1].Id}\">{page.Say("더 보기", "More")}</a></p>") : Html.None;
        await page.WriteAsync(page.Say("감사 기록", "Audit log"), Html.Of($"""
            <p class="hint">{page.Say("기록은 해시로 이어져 있어 고치거나 지우면 드러납니다. 확인: credentials issuer audit verify", "Entries are chained by hashes: what is changed or removed shows. To check: credentials issuer audit verify")}</p>
            <div class="scroll" tabindex="0" role="region" aria-label="{page.Say("감사 기록", "Audit log")}"><table><thead><tr><th scope="col">{page.Say("번호", "No.")}</th><th scope="col">{page.Say("때", "When")}</th><th scope="col">{page.Say("누가", "Who")}</th><th scope="col">{page.Say("무엇을", "What")}</th><th scope="col">{page.Say("대상", "Subject")}</th><th scope="col">{page.Say("내용", "Detail")}</th></tr></thead><tbody>{lines}</tbody></table></div>
            {more}
            """));
    }
}
