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

    internal static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/offers/{id}", ShowAsync);
        routes.MapPost("/offers/{id}/accept", AcceptAsync);
        routes.MapPost("/offers/{id}/decline", DeclineAsync);
    }

    private static Task ShowAsync(HttpContext http, WalletSession session) => session.FindOffer(http) is { } pending
        ? pending.IsOver ? WriteOutcomeAsync(http, pending) : WriteQuestionAsync(http, pending)
        : WalletPage.NotFoundAsync(http);

    private static Task WriteQuestionAsync(HttpContext http, WalletSession.PendingOffer pending)
    {
        var language = Language.Of(http);
        var offer = pending.Offer;
        var issuer = offer.IssuerNames.In(language.Tag) ?? new Uri(offer.CredentialIssuer).Host;
        var title = language.Choose("증명서 받기", "Receive documents");
        return WalletPage.WriteAsync(http, title, Html.Of($"""
            <h1>{title}</h1>
            <section class="card {(offer.IsIssuerTrusted ? "green" : "grey")}">
            <h2>{language.Choose("누가 주나요", "Who offers it")}</h2>
            <p class="lead"><strong>{issuer}</strong></p>
            <p class="id">{offer.CredentialIssuer}</p>
            <p>{(offer.IsIssuerTrusted
                ? language.Choose("믿을 수 있는 기관이 이 주소를 보증합니다.", "An authority you trust vouches for this address.")
                : language.Choose("이 주소를 보증하는 기관은 없습니다. 받는 증명서의 서명은 저장하기 전에 검증합니다.", "Nobody vouches for this address. What it signs is checked before it is stored."))}</p>
            </section>
            <form method="post" action="/offers/{pending.Id}/accept">{WalletPage.FormToken(http)}
            <section class="card">
            <h2>{language.Choose("무엇을 주나요", "What is offered")}</h2>
            {offer.Documents.Select((document, i) => Offered(document, i, language))}
            {Code(offer, language)}
            <div class="choices">
            <button>{language.Choose("받기", "Receive")}</button>
            <button class="quiet" formaction="/offers/{pending.Id}/decline">{language.Choose("거절", "Decline")}</button>
            </div>
            </section>
            </form>
            """));
    }

    private static Html Offered(OfferedDocument document, int place, Language language)
    {
        var name = document.Names.In(language.Tag) ?? document.ConfigurationId;
        if (document.Code is not null) return Html.Of($"<p class=\"warn\">{name}: {language.Choose("이 지갑이 받을 수 없는 형식입니다.", "this wallet cannot take it.")} <span class=\"id\">{document.Code}</span></p>");
        var claims = document.Labels.Select(label => Html.Of($"<li>{label.Names.In(language.Tag) ?? WalletWords.Claim(label.Path, language)}</li>"));
        return Html.Of($"""
            <p class="pick"><input type="checkbox" id="document-{place}" name="document" value="{document.ConfigurationId}" checked><label for="document-{place}">{name}</label></p>
            <details class="inner"><summary>{language.Choose("담길 수 있는 정보", "What it may say")}</summary><ul>{claims}</ul></details>
            """);
    }

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
        if (session.FindOffer(http) is { } pending && pending.TryBegin())
        {
            pending.IsDeclined = true;
            await session.Wallet.DeclineOfferAsync(pending.Offer, http.RequestAborted);
        }
        await WalletPage.GoTo(http, "/");
    }

    private static Task WriteOutcomeAsync(HttpContext http, WalletSession.PendingOffer pending)
    {
        var language = Language.Of(http);
        var lines = (pending.Outcomes ?? []).Select(outcome => outcome.Document is { } document
            ? Html.Of($"<li class=\"ok\"><span class=\"mark\" aria-hidden=\"true\">✓</span><span class=\"say\"><a href=\"/documents/{document.Id}\">{WalletWords.Name(document, language)}</a>: {language.Choose("검증하고 저장했습니다.", "checked and stored.")}</span></li>")
            : Html.Of($"<li class=\"bad\"><span class=\"mark\" aria-hidden=\"true\">✕</span><span class=\"say\">{outcome.ConfigurationId}: {WalletErrors.Text(outcome.Code!, language)} <span class=\"id\">{outcome.Code}</span></span></li>"));
        var isStored = pending.Outcomes?.Any(outcome => outcome.IsStored) == true;
        var title = isStored ? language.Choose("받았습니다", "Received") : language.Choose("받지 않았습니다", "Not received");
        return WalletPage.WriteAsync(http, title, Html.Of($"""
            <section class="card {(isStored ? "green" : "red")}"><h1>{title}</h1><ul class="checks">{lines}</ul>
            <p><a href="/">{language.Choose("내 지갑으로", "To my wallet")}</a></p></section>
            """));
    }
}
