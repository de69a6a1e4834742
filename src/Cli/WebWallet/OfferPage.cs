using Credentials.Verifier.Pages;
using Credentials.Wallet.Core.Issuance;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Credentials.Cli.WebWallet;

/// <summary>Who offers what, and the holder's yes or no.</summary>
internal static class OfferPage
{
    private const int Copies = 5;
    private const string ReturnPath = WalletAccess.RedirectPath + "/continue";

    internal static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/offers/{id}", ShowAsync);
        routes.MapPost("/offers/{id}/accept", AcceptAsync);
        routes.MapPost("/offers/{id}/decline", DeclineAsync);
        routes.MapGet("/offers/{id}/leave", LeaveAsync);
        // Outside of the session: the browser comes from the issuer's site, and brings no cookie of ours then.
        routes.MapGet(WalletAccess.RedirectPath, ComeBackAsync);
        routes.MapGet(ReturnPath, ContinueAsync);
        routes.MapGet("/received/{id}", ShowReceivedAsync);
    }

    private static Task ShowAsync(HttpContext http, WalletSession session) => session.FindOffer(http) switch
    {
        null => WalletPage.NotFoundAsync(http),
        { Outcomes: { } outcomes } => WriteOutcomeAsync(http, outcomes),
        { IsDeclined: true } => WriteOutcomeAsync(http, []),
        var open => WriteQuestionAsync(http, open),
    };

    private static Task WriteQuestionAsync(HttpContext http, WalletSession.PendingOffer pending)
    {
        var language = Language.Of(http);
        var offer = pending.Offer;
        var issuer = offer.IssuerNames.In(language.Tag) ?? new Uri(offer.CredentialIssuer).Host;
        var title = pending.IsAskedFor ? language.Choose("증명서 신청", "Ask for a document") : language.Choose("증명서 받기", "Receive documents");
        return WalletPage.WriteAsync(http, title, Html.Of($"""
            <h1>{title}</h1>
            <section class="card {(offer.IsIssuerTrusted ? "green" : "grey")}">
            <h2>{(pending.IsAskedFor ? language.Choose("누가 발급하나요", "Who issues it") : language.Choose("누가 주나요", "Who offers it"))}</h2>
            <p class="lead">{Pictures.Logo(offer.IssuerLogo, language)}<strong>{issuer}</strong></p>
            <p class="id">{offer.CredentialIssuer}</p>
            <p>{(offer.IsIssuerTrusted
                ? language.Choose("믿을 수 있는 기관이 이 주소를 보증합니다.", "An authority you trust vouches for this address.")
                : language.Choose("이 주소를 보증하는 기관은 없습니다. 받는 증명서의 서명은 저장하기 전에 검증합니다.", "Nobody vouches for this address. What it signs is checked before it is stored."))}</p>
            </section>
            <form method="post" action="/offers/{pending.Id}/accept">{WalletPage.FormToken(http)}
            <section class="card">
            {(pending.IsAskedFor ? Choice(offer, language) : Offered(offer, language))}
            {Code(offer, language)}
            {(offer.NeedsAuthorization ? Html.Of($"<p>{language.Choose("이어서 발급기관의 사이트에서 로그인하고 동의하게 됩니다. 끝나면 이 지갑으로 돌아옵니다.", "You will sign in and agree on the issuer's site next, and come back to this wallet then.")}</p>") : Html.None)}
            {(pending.IsAskedFor ? Asking(offer, language) : Answers(pending, language))}
            </section>
            </form>
            """));
    }

    private static Html Offered(ResolvedOffer offer, Language language) => Html.Of($"""
        <h2>{language.Choose("무엇을 주나요", "What is offered")}</h2>
        {Lines(offer, Html.Of($"type=\"checkbox\" checked"), language)}
        """);

    // One at a time: somebody who signs in at an issuer comes for one document.
    private static Html Choice(ResolvedOffer offer, Language language)
    {
        var mark = offer.Documents.Count == 1 ? Html.Of($"type=\"radio\" required checked") : Html.Of($"type=\"radio\" required");
        return Html.Of($"""
            <fieldset><legend>{language.Choose("어떤 증명서를 받을까요?", "Which document?")}</legend>
            {Lines(offer, mark, language)}
            {(offer.Documents.Count == 0 ? Html.Of($"<p>{language.Choose("발급하는 증명서가 없습니다.", "It issues none.")}</p>") : Html.None)}
            </fieldset>
            """);
    }

    private static Html Lines(ResolvedOffer offer, Html mark, Language language)
    {
        string Name(OfferedDocument document) => document.Names.In(language.Tag) ?? document.ConfigurationId;
        // One document in several formats has one name: then the format tells them apart.
        var twins = offer.Documents.GroupBy(Name, StringComparer.Ordinal).Where(group => group.Count() > 1).Select(group => group.Key).ToHashSet(StringComparer.Ordinal);
        return Html.Join(offer.Documents.Select((document, i) => Line(document, i, Name(document), twins.Contains(Name(document)) ? document.Format : null, mark, language)));
    }

    private static Html Line(OfferedDocument document, int place, string name, string? format, Html mark, Language language)
    {
        if (document.Code is not null) return Html.Of($"<p class=\"warn\">{name} {format}: {language.Choose("이 지갑이 받을 수 없는 형식입니다.", "this wallet cannot take it.")} <span class=\"id\">{document.Code}</span></p>");
        var claims = document.Labels.Select(label => Html.Of($"<li>{label.Names.In(language.Tag) ?? WalletWords.Claim(label.Path, language)}</li>"));
        return Html.Of($"""
            <p class="pick"><input {mark} id="document-{place}" name="document" value="{document.ConfigurationId}"><label for="document-{place}">{name} <span class="id">{format}</span></label></p>
            <details class="inner"><summary>{language.Choose("담길 수 있는 정보", "What it may say")}<span class="unseen">: {name} {format}</span></summary><ul>{claims}</ul></details>
            """);
    }

    private static Html Answers(WalletSession.PendingOffer pending, Language language) => Html.Of($"""
        <div class="choices">
        <button>{language.Choose("받기", "Receive")}</button>
        <button class="quiet" formaction="/offers/{pending.Id}/decline">{language.Choose("거절", "Decline")}</button>
        </div>
        """);

    // There is nothing to decline: whoever goes back has asked for nothing.
    private static Html Asking(ResolvedOffer offer, Language language) => Html.Of($"""
        {(offer.Documents.Any(document => document.Code is null) ? Html.Of($"<button>{language.Choose("신청하기", "Ask for it")}</button>") : Html.None)}
        <p><a href="/">{language.Choose("그만두기", "Not now")}</a></p>
        """);

    private static Html Code(ResolvedOffer offer, Language language)
    {
        if (offer.TransactionCode is not { } hint) return Html.None;
        var recipient = offer.IsIssuerTrusted ? Html.None : Html.Of($"""
            <p class="warn">{language.Choose("확인 번호는 이 주소로 갑니다. 다른 서비스에서 받은 번호라면 입력하지 마세요:", "The code goes to this address. Do not type a code that you got from another service:")} <span class="id">{offer.TokenEndpoint.OriginalString}</span></p>
            """);
        return Html.Of($"""
            {recipient}
            <label for="code">{language.Choose("확인 번호", "Transaction code")}</label>
            <input type="text" id="code" name="code" autocomplete="one-time-code" required maxlength="64"{(hint.Numeric ? Html.Of($" inputmode=\"numeric\"") : Html.None)}>
            """);
    }

    private static async Task AcceptAsync(HttpContext http, WalletSession session)
    {
        if (session.FindOffer(http) is not { } pending || !pending.TryBegin())
        {
            await WalletPage.NotFoundAsync(http);
            return;
        }
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        var chosen = form["document"].Select(id => id ?? "").ToList();
        var offer = pending.Offer;
        var acceptance = new OfferAcceptance
        {
            TransactionCode = offer.TransactionCode is null ? null : form["code"].ToString().Trim(),
            // The page shows the address beside the field.
            ConfirmedRecipient = offer.TokenEndpoint,
            Copies = Copies,
            ConfigurationIds = chosen,
        };
        if (offer.NeedsAuthorization)
        {
            try
            {
                pending.AuthorizeAt = await session.Wallet.StartAuthorizationAsync(
                    offer, acceptance with { RedirectUri = new Uri(session.BaseUrl + WalletAccess.RedirectPath) }, http.RequestAborted);
            }
            finally
            {
                // Who comes back without having agreed may start again.
                pending.AllowAgain();
            }
            await WalletPage.GoTo(http, $"/offers/{pending.Id}/leave");
            return;
        }
        try
        {
            // To its end also where the browser goes away: what the issuer has given out it may not give again.
            pending.Outcomes = await session.Wallet.AcceptOfferAsync(offer, acceptance, CancellationToken.None);
        }
        finally
        {
            // A code that was typed wrongly can be typed again; the issuer says when it is over.
            if (pending.Outcomes is null) pending.AllowAgain();
        }
        await WalletPage.GoTo(http, $"/offers/{pending.Id}");
    }

    private static async Task DeclineAsync(HttpContext http, WalletSession session)
    {
        if (session.FindOffer(http) is { IsAskedFor: false } pending && pending.TryBegin())
        {
            pending.IsDeclined = true;
            await session.Wallet.DeclineOfferAsync(pending.Offer, http.RequestAborted);
        }
        await WalletPage.GoTo(http, "/");
    }

    // A form may not lead to another site, by the pages' policy: this page does. It says where to, for a browser that asks first.
    private static Task LeaveAsync(HttpContext http, WalletSession session)
    {
        if (session.FindOffer(http)?.AuthorizeAt is not { } address) return WalletPage.NotFoundAsync(http);
        var language = Language.Of(http);
        return PassOnAsync(http, address.AbsoluteUri, language.Choose("발급기관으로 이동합니다", "On to the issuer"),
            Html.Of($"<p>{language.Choose("로그인하고 동의할 곳", "Where you sign in and agree")}: <strong>{address.Host}</strong></p>"));
    }

    private static Task ComeBackAsync(HttpContext http)
    {
        var language = Language.Of(http);
        return PassOnAsync(http, ReturnPath + http.Request.QueryString.Value, language.Choose("지갑으로 돌아왔습니다", "Back in your wallet"), Html.None);
    }

    /// <summary>Leads on at once, and by a link where the browser does not do that by itself.</summary>
    private static Task PassOnAsync(HttpContext http, string address, string title, Html text)
    {
        http.Response.Headers["Refresh"] = "0; url=" + address;
        return WalletPage.WriteAsync(http, title, Html.Of($"""
            <section class="card grey"><h1>{title}</h1>{text}
            <p><a class="button" href="{address}">{Language.Of(http).Choose("계속", "Continue")}</a></p></section>
            """));
    }

    // From a page of ours, and so with the cookie of the browser that began it; the answer's state is one that only this wallet has given out.
    private static async Task ContinueAsync(HttpContext http, WalletSession session)
    {
        // To its end also where the browser goes away: a code serves once.
        var outcomes = await session.Wallet.ContinueAuthorizationAsync(
            session.BaseUrl + WalletAccess.RedirectPath + http.Request.QueryString.Value, CancellationToken.None);
        await WalletPage.GoTo(http, $"/received/{session.Keep(outcomes)}");
    }

    private static Task ShowReceivedAsync(HttpContext http, WalletSession session) =>
        session.FindOutcomes(http) is { } outcomes ? WriteOutcomeAsync(http, outcomes) : WalletPage.NotFoundAsync(http);

    private static Task WriteOutcomeAsync(HttpContext http, IReadOnlyList<IssuanceOutcome> outcomes)
    {
        var language = Language.Of(http);
        var lines = outcomes.Select(outcome => outcome.DeferredId is not null
            ? Html.Of($"<li><span class=\"mark\" aria-hidden=\"true\">…</span><span class=\"say\">{outcome.ConfigurationId}: {WalletErrors.Text(outcome.Code!, language)} {language.Choose("지갑 첫 화면의 ‘새 소식 확인’으로 받습니다.", "“Check for news” on the first page fetches it.")}</span></li>")
            : outcome.Document is { } document
            ? Html.Of($"<li class=\"ok\"><span class=\"mark\" aria-hidden=\"true\">✓</span><span class=\"say\"><a href=\"/documents/{document.Id}\">{WalletWords.Name(document, language)}</a>: {language.Choose("검증하고 저장했습니다.", "checked and stored.")}</span></li>")
            : Html.Of($"<li class=\"bad\"><span class=\"mark\" aria-hidden=\"true\">✕</span><span class=\"say\">{outcome.ConfigurationId}: {WalletErrors.Text(outcome.Code!, language)} <span class=\"id\">{outcome.Code}</span></span></li>"));
        var isStored = outcomes.Any(outcome => outcome.IsStored);
        var isDeferred = outcomes.Any(outcome => outcome.DeferredId is not null);
        var title = isDeferred ? language.Choose("나중에 발급됩니다", "To be issued later") : isStored ? language.Choose("받았습니다", "Received") : language.Choose("받지 않았습니다", "Not received");
        return WalletPage.WriteAsync(http, title, Html.Of($"""
            <section class="card {(isDeferred ? "grey" : isStored ? "green" : "red")}"><h1>{title}</h1><ul class="checks">{lines}</ul>
            <p><a href="/">{language.Choose("내 지갑으로", "To my wallet")}</a></p></section>
            """));
    }
}
