using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.Issuer.Catalog;
using Credentials.Issuer.Formats;
using Credentials.Issuer.Http;
using Credentials.Issuer.Keys;
using Credentials.Issuer.Offers;
using Credentials.Issuer.Pages;
using Credentials.Issuer.Storage;
using Credentials.OpenId4Vci;
using Credentials.Qr;

namespace Credentials.Issuer.Staff;

/// <summary><c>/staff/offers/new</c>: a form made from the catalogue, and then the offer with its QR code and transaction code.</summary>
internal static class NewOfferPage
{
    // Claims cannot be mixed up with the form's own fields.
    private const string Prefix = "claim:";

    internal static void Map(IEndpointRouteBuilder staff)
    {
        staff.MapGet("/offers/new", (HttpContext http, CredentialCatalog catalog) => ShowAsync(http, catalog, null));
        staff.MapPost("/offers/new", MakeAsync);
    }

    private static Task ShowAsync(HttpContext http, CredentialCatalog catalog, string? problem)
    {
        StaffGate.Require(http, StaffRoles.Issuer);
        var page = new StaffPage(http);
        var id = problem is null ? http.Request.Query["type"].ToString() : StaffGate.Field(http, "type");
        if (catalog.Find(id) is { } type)
            return ShowFormAsync(http, page, type, problem);
        var types = catalog.Types.Select(one => Html.Of($"<li><a href=\"{page.Base}/staff/offers/new?type={one.Id}\">{DisplayText.For(one.Display, page.Language)?.Name}</a> <span class=\"hint\">{one.Id}</span></li>"));
        return page.WriteAsync(page.Say("발급할 증명서", "What to issue"), Html.Of($"<ul class=\"panel list\">{types}</ul>"));
    }

    private static Task ShowFormAsync(HttpContext http, StaffPage page, CredentialType type, string? problem)
    {
        string Kept(string name) => problem is null ? "" : StaffGate.Form(http).GetValueOrDefault(name, "");
        var fields = type.Claims.Where(claim => claim.Kind is not (ClaimKind.AgeOver or ClaimKind.DistinguishingSign)).Select(claim => claim.Kind == ClaimKind.Object
            ? Html.Of($"<fieldset><legend>{Name(page, claim)}</legend>{claim.Members.Select(member => Input(page, $"{claim.Name}.{member.Name}", member, Kept, claim.Mandatory))}</fieldset>")
            : Input(page, claim.Name, claim, Kept, true));
        return page.WriteAsync(DisplayText.For(type.Display, page.Language)?.Name ?? type.Id, Html.Of($"""
            {page.Error(problem)}
            <form class="panel" method="post" action="{page.Base}/staff/offers/new">{page.Token()}<input type="hidden" name="type" value="{type.Id}">
            <p><label for="subject">{page.Say("대상자 번호 (기관의 참조 번호)", "Subject (your own reference to the person)")}</label><input id="subject" name="subject" maxlength="200" value="{Kept("subject")}"></p>
            <div class="fields">{fields}</div>
            <p><label class="box"><input type="checkbox" name="tx_code" value="1" checked> {page.Say("지갑이 확인 번호를 묻게 합니다", "The wallet must ask for a transaction code")}</label></p>
            <p><label class="box"><input type="checkbox" name="needs_approval" value="1"> {page.Say("지갑이 요청하면 승인한 뒤에 발급합니다", "When the wallet asks, somebody approves first")}</label></p>
            <p><button>{page.Say("발급 제안 만들기", "Make the offer")}</button></p></form>
            """), problem is null ? 200 : 400);
    }

    private static string Name(StaffPage page, ClaimDefinition claim) => DisplayText.For(claim.Display, page.Language)?.Name ?? claim.Name;

    private static Html Input(StaffPage page, string name, ClaimDefinition claim, Func<string, string> kept, bool parentNeeded)
    {
        var needed = claim.Mandatory && parentNeeded ? new Html(" required") : Html.None;
        var (id, field) = ($"c-{name.Replace('.', '-')}", Prefix + name);
        var star = claim.Mandatory && parentNeeded ? Html.Of($" <span class=\"need\" aria-hidden=\"true\">*</span>") : Html.None;
        var label = Html.Of($"<label for=\"{id}\">{Name(page, claim)}{star}{Hint(page, claim)}</label>");
        var value = kept(field);
        return claim.Kind switch
        {
            ClaimKind.List or ClaimKind.Object or ClaimKind.Image => Html.Of($"<p class=\"wide\">{label}<textarea id=\"{id}\" name=\"{field}\" rows=\"3\"{needed}>{value}</textarea></p>"),
            ClaimKind.Flag => Html.Of($"<p>{label}<select id=\"{id}\" name=\"{field}\"{needed}><option value=\"\"></option><option value=\"true\">{page.Say("예", "yes")}</option><option value=\"false\">{page.Say("아니요", "no")}</option></select></p>"),
            ClaimKind.Date => Html.Of($"<p>{label}<input id=\"{id}\" name=\"{field}\" type=\"date\" value=\"{value}\"{needed}></p>"),
            _ => Html.Of($"<p>{label}<input id=\"{id}\" name=\"{field}\" value=\"{value}\" maxlength=\"2000\"{needed}></p>"),
        };
    }

    private static Html Hint(StaffPage page, ClaimDefinition claim) => claim.Kind switch
    {
        ClaimKind.List => Html.Of($" <span class=\"hint\">JSON: {StrictJson.ToText(new JsonArray(Example(claim)))}</span>"),
        ClaimKind.Object => Html.Of($" <span class=\"hint\">JSON: {StrictJson.ToText(Example(claim))}</span>"),
        ClaimKind.Image => Html.Of($" <span class=\"hint\">data:image/jpeg;base64,…</span>"),
        ClaimKind.Time => Html.Of($" <span class=\"hint\">2026-01-31T09:00:00Z</span>"),
        ClaimKind.Country => Html.Of($" <span class=\"hint\">{page.Say("두 글자, 예: KR", "two letters, for example KR")}</span>"),
        _ => Html.None,
    };

    private static JsonObject Example(ClaimDefinition claim) =>
        new(Shown(claim).Select(member => KeyValuePair.Create<string, JsonNode?>(member.Name, "…")));

    // What must be there; where nothing must, what may.
    private static IEnumerable<ClaimDefinition> Shown(ClaimDefinition claim) =>
        claim.Members.Any(member => member.Mandatory) ? claim.Members.Where(member => member.Mandatory) : claim.Members.Take(3);

    private static async Task MakeAsync(
        HttpContext http, IssuerDbContext db, CredentialCatalog catalog, CredentialFormats formats, IssuerKeys keys, IssuerOptions options, TimeProvider time, Metrics metrics)
    {
        StaffGate.Require(http, StaffRoles.Issuer);
        var type = catalog.Find(StaffGate.Field(http, "type")) ?? throw new MalformedDataException(IssuerCodes.UnknownConfiguration, "A credential configuration id is unknown here.");
        var now = time.GetUtcNow();
        Offer offer;
        string? txCode;
        try
        {
            var given = StaffGate.Form(http).Where(field => field.Key.StartsWith(Prefix, StringComparison.Ordinal)).ToList();
            var table = new TableClaims(type, [.. given.Select(field => field.Key[Prefix.Length..])]);
            var raw = new JsonObject { [type.Id] = table.Read([.. given.Select(field => field.Value.Trim())]) };
            var claims = OfferClaims.Read(StrictJson.ToElement(raw), [type], formats, now);
            var subject = StaffGate.Field(http, "subject") is { Length: > 0 and <= 200 } text && !text.Any(char.IsControl) ? text : null;
            (offer, txCode) = CreateOffer.New([type.Id], claims, subject, StaffGate.Field(http, "tx_code") == "1", options.OfferLifetime, keys, options, now, needsApproval: StaffGate.Field(http, "needs_approval") == "1");
        }
        catch (MalformedDataException e)
        {
            await ShowAsync(http, catalog, e.Message);
            return;
        }

        await CreateOffer.SaveAsync(db, offer, StaffAccounts.Actor(StaffGate.Account(http)), now, metrics, http.RequestAborted);
        await ShowOfferAsync(new StaffPage(http), offer, txCode, keys, options);
    }

    private static Task ShowOfferAsync(StaffPage page, Offer offer, string? txCode, IssuerKeys keys, IssuerOptions options)
    {
        var link = OfferView.Link(offer, keys, options);
        var picture = new Html(QrCode.Encode(link).ToSvg(page.Say("지갑 앱으로 찍는 QR 코드", "QR code for the wallet app")));
        return page.WriteAsync(page.Say("발급 제안을 만들었습니다", "The offer is made"), Html.Of($"""
            <div class="panel"><div class="qr">{picture}</div><dl>
            {(txCode is null ? Html.None : Html.Of($"<dt>{page.Say("확인 번호 (이 화면에만 보입니다. 따로 전하세요.)", "Transaction code (shown here only; send it by another way)")}</dt><dd class=\"code\" id=\"tx-code\">{txCode}</dd>"))}
            <dt>{page.Say("받는 사람에게 보낼 주소", "Address to send to the person")}</dt><dd><code id="page">{OfferView.Page(offer, keys, options)}</code></dd>
            <dt>{page.Say("지갑 링크", "Link for the wallet")}</dt><dd><code id="link">{link}</code></dd>
            <dt>{page.Say("유효 기한", "Valid until")}</dt><dd>{StaffPage.Time(offer.ExpiresAt)}</dd></dl>
            <p><a href="{page.Base}/staff/offers/new">{page.Say("하나 더 발급", "Issue another")}</a></p></div>
            """));
    }
}
