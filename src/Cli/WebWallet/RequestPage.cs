using Credentials.Verifier.Pages;
using Credentials.Wallet.Core.Documents;
using Credentials.Wallet.Core.Presentation;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Credentials.Cli.WebWallet;

/// <summary>The consent screen: who asks, why, what exactly would be shown, what to mind, and the holder's choice.</summary>
internal static class RequestPage
{
    internal static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/requests/{id}", ShowAsync);
        routes.MapPost("/requests/{id}/share", ShareAsync);
        routes.MapPost("/requests/{id}/decline", DeclineAsync);
    }

    private static Task ShowAsync(HttpContext http, WalletSession session) => session.FindRequest(http) switch
    {
        null => WalletPage.NotFoundAsync(http),
        { Outcome: null, IsDeclined: false } open => WriteQuestionAsync(http, session, open),
        var over => WriteOutcomeAsync(http, over),
    };

    private static async Task WriteQuestionAsync(HttpContext http, WalletSession session, WalletSession.PendingRequest pending)
    {
        var language = Language.Of(http);
        var request = pending.Request;
        var values = new Dictionary<string, IReadOnlyList<DocumentClaim>>(StringComparer.Ordinal);
        foreach (var id in Members(request).SelectMany(member => member.Matches).Select(match => match.Document.Id).Distinct())
            values[id] = await session.Wallet.ShowDocumentAsync(id, http.RequestAborted) ?? [];
        var title = language.Choose("정보 제시 요청", "A request for your data");
        await WalletPage.WriteAsync(http, title, Html.Of($"""
            <h1>{title}</h1>
            {Who(request, language)}
            <form method="post" action="/requests/{pending.Id}/share">{WalletPage.FormToken(http)}
            <section class="card">
            <h2>{language.Choose("무엇이 보이게 되나요", "What would be shown")}</h2>
            {(request.IsSatisfiable
                ? request.Sets.Select((set, i) => Set(request, set, i, values, language))
                : [Html.Of($"<p class=\"warn\">{language.Choose("이 요청에 맞는 증명서가 지갑에 없습니다. 거절해도 상대는 증명서가 없는지, 거절했는지 알 수 없습니다.", "Nothing in the wallet answers this request. When you decline, the other side cannot tell whether you have nothing or do not want to.")}</p>")])}
            {Warnings(request, language)}
            <div class="choices">
            {(request.IsSatisfiable ? Html.Of($"<button>{language.Choose("제시하기", "Share")}</button>") : Html.None)}
            <button class="quiet" formaction="/requests/{pending.Id}/decline" formnovalidate>{language.Choose("거절", "Decline")}</button>
            </div>
            </section>
            </form>
            """));
    }

    private static Html Who(ResolvedRequest request, Language language)
    {
        var purpose = request.Purpose.In(language.Tag) is { } text
            ? Html.Of($"<h2>{language.Choose("왜 묻나요", "Why")}</h2><p>“{text}” <span class=\"soft\">{language.Choose("(묻는 쪽의 설명)", "(in its own words)")}</span></p>")
            : Html.Of($"<p class=\"warn\">{language.Choose("묻는 까닭을 밝히지 않았습니다.", "It does not say why.")}</p>");
        if (request.IsVerifierTrusted)
        {
            return Html.Of($"""
                <section class="card green"><h2>{language.Choose("누가 묻나요", "Who asks")}</h2>
                <p class="lead"><strong>{request.VerifierNames.In(language.Tag)}</strong></p>
                <p>{language.Choose("믿을 수 있는 기관이 보증합니다.", "An authority you trust vouches for it.")}</p>
                <p class="id">{request.ClientId}</p>{purpose}</section>
                """);
        }
        var itself = request.UnverifiedNames.In(language.Tag) is { } name
            ? Html.Of($"<p>{language.Choose("스스로 밝힌 이름", "It calls itself")}: “{name}”</p>")
            : Html.None;
        return Html.Of($"""
            <section class="card red"><h2>{language.Choose("누가 묻는지 확인되지 않았습니다", "Nobody vouches for who asks")}</h2>
            <p>{language.Choose("답이 갈 주소", "The answer would go to")}: <strong>{request.ResponseUri.Host}</strong></p>{itself}
            <p class="id">{request.ClientId}</p>{purpose}</section>
            """);
    }

    private static Html Warnings(ResolvedRequest request, Language language) => Html.Join([
        request.IsAnswerEncrypted ? Html.None
            : Html.Of($"<p class=\"warn\">{language.Choose("답은 연결 자체의 암호화 외에 따로 암호화되지 않습니다.", "The answer is not encrypted beyond the connection.")}</p>"),
        .. request.TransactionData.Select(entry =>
            Html.Of($"<p class=\"warn\">{language.Choose("제시하면 이 거래를 승인하게 됩니다", "By sharing you authorize this transaction")}: {entry.Type}</p>")),
    ]);

    private static Html Set(
        ResolvedRequest request, RequestedSet set, int place, Dictionary<string, IReadOnlyList<DocumentClaim>> values, Language language)
    {
        var legend = set.IsRequired ? language.Choose("필요한 것", "Needed") : language.Choose("내지 않아도 되는 것", "Optional");
        var options = set.Options.Select((option, i) => (Option: option, Place: i)).Where(entry => entry.Option.IsSatisfiable).ToList();
        if (options.Count == 0) return Html.None;
        var needsChoice = options.Count > 1 || !set.IsRequired;
        var proposed = options.FirstOrDefault(entry => set.IsRequired && entry.Option.Members.All(member => request.Proposal!.Documents.ContainsKey(member.QueryId)));
        var none = set.IsRequired ? Html.None
            : Html.Of($"<p class=\"pick\"><input type=\"radio\" id=\"s{place}-none\" name=\"s{place}\" value=\"none\" checked><label for=\"s{place}-none\">{language.Choose("제시하지 않음", "Do not share")}</label></p>");
        return Html.Of($"""
            <fieldset><legend>{legend}</legend>{none}
            {options.Select(entry => Option(entry.Option, place, entry.Place, needsChoice, entry.Option == proposed.Option, values, language))}
            </fieldset>
            """);
    }

    private static Html Option(
        RequestedOption option, int set, int place, bool needsChoice, bool isProposed, Dictionary<string, IReadOnlyList<DocumentClaim>> values, Language language)
    {
        var name = string.Join(" + ", option.Members.Select(member => WalletWords.Name(member.Matches[0].Document, language)));
        var head = needsChoice
            ? Html.Of($"<p class=\"pick\"><input type=\"radio\" id=\"s{set}-{place}\" name=\"s{set}\" value=\"{place}\"{(isProposed ? Html.Of($" checked") : Html.None)}><label for=\"s{set}-{place}\">{name}</label></p>")
            : Html.Of($"<input type=\"hidden\" name=\"s{set}\" value=\"{place}\">");
        return Html.Of($"{head}<div class=\"{(needsChoice ? "inner" : "")}\">{option.Members.Select((member, i) => Member(member, $"d{set}.{place}.{i}", values, language))}</div>");
    }

    private static Html Member(RequestedDocument member, string field, Dictionary<string, IReadOnlyList<DocumentClaim>> values, Language language) => Html.Join(
        member.Matches.Select((match, i) =>
        {
            var head = member.Matches.Count == 1
                ? Html.Of($"<p><strong>{WalletWords.Name(match.Document, language)}</strong> · {WalletWords.Issuer(match.Document, language)}</p>")
                : Html.Of($"<p class=\"pick\"><input type=\"{(member.AllowsSeveral ? "checkbox" : "radio")}\" id=\"{field}-{i}\" name=\"{field}\" value=\"{match.Document.Id}\"{(i == 0 ? Html.Of($" checked") : Html.None)}><label for=\"{field}-{i}\">{WalletWords.Name(match.Document, language)} · {WalletWords.Issuer(match.Document, language)}</label></p>");
            return Html.Of($"{head}{Shown(match, values[match.Document.Id], language)}");
        }));

    private static Html Shown(DocumentMatch match, IReadOnlyList<DocumentClaim> claims, Language language)
    {
        var paths = match.Disclose.Concat(match.AlwaysShown).Distinct().ToList();
        if (paths.Count == 0) return Html.Of($"<p>{language.Choose("이 증명서를 가지고 있다는 것만 보입니다.", "Nothing but that you have it.")}</p>");
        var rows = paths.Select(path =>
        {
            var extra = match.Disclose.Contains(path) ? Html.None : Html.Of($" <span class=\"soft\">{language.Choose("(항상 함께 보임)", "(always shown with it)")}</span>");
            var claim = claims.FirstOrDefault(claim => claim.Path.Equals(path));
            return Html.Of($"<dt>{WalletWords.Claim(match.Document, path, language)}</dt><dd>{(claim is null ? Html.Of($"✓") : WalletWords.Values(claim, language))}{extra}</dd>");
        });
        var linkable = match.IsLinkable
            ? Html.Of($"<p class=\"warn\">{language.Choose("이 사본은 전에 제시한 적이 있어, 두 번의 제시가 서로 연결될 수 있습니다.", "This copy was shown before; the two times can be linked.")}</p>")
            : Html.None;
        return Html.Of($"<dl>{rows}</dl>{linkable}");
    }

    private static async Task ShareAsync(HttpContext http, WalletSession session)
    {
        if (session.FindRequest(http) is not { Outcome: null, IsDeclined: false } pending)
        {
            await WalletPage.NotFoundAsync(http);
            return;
        }
        var selection = Selection(pending.Request, await http.Request.ReadFormAsync(http.RequestAborted));
        // To its end also where the browser goes away: the verifier may have it.
        pending.Outcome = await session.Wallet.PresentAsync(pending.Request, selection, CancellationToken.None);
        await WalletPage.GoTo(http, $"/requests/{pending.Id}");
    }

    /// <summary>What the form chose. Whether it fits the request is for the wallet to say.</summary>
    private static PresentationSelection Selection(ResolvedRequest request, IFormCollection form)
    {
        var chosen = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        for (var i = 0; i < request.Sets.Count; i++)
        {
            if (!int.TryParse(form[$"s{i}"].ToString(), out var option) || option < 0 || option >= request.Sets[i].Options.Count) continue;
            var members = request.Sets[i].Options[option].Members;
            for (var m = 0; m < members.Count; m++)
            {
                var ids = form[$"d{i}.{option}.{m}"].OfType<string>().ToList();
                if (ids.Count == 0 && members[m].Matches.Count == 1) ids = [members[m].Matches[0].Document.Id];
                chosen.TryAdd(members[m].QueryId, ids);
            }
        }
        return new PresentationSelection(chosen);
    }

    private static async Task DeclineAsync(HttpContext http, WalletSession session)
    {
        if (session.FindRequest(http) is { Outcome: null, IsDeclined: false } pending)
        {
            var outcome = await session.Wallet.DeclineRequestAsync(pending.Request, CancellationToken.None);
            pending.IsDeclined = true;
            pending.Outcome = outcome;
        }
        await WalletPage.GoTo(http, $"/requests/{WalletSession.Id(http)}");
    }

    private static Task WriteOutcomeAsync(HttpContext http, WalletSession.PendingRequest pending)
    {
        var language = Language.Of(http);
        var (title, style) = pending switch
        {
            { IsDeclined: true } => (language.Choose("거절했습니다", "Declined"), "grey"),
            { Outcome.IsConfirmed: true } => (language.Choose("제시했습니다", "Shared"), "green"),
            _ => (language.Choose("제시했지만 확인받지 못했습니다", "Shared, but not confirmed"), "red"),
        };
        var back = pending.Outcome?.RedirectUri is { } redirect && (redirect.Scheme == Uri.UriSchemeHttps || redirect.Scheme == Uri.UriSchemeHttp)
            ? Html.Of($"<a class=\"button\" href=\"{redirect.OriginalString}\" rel=\"noreferrer\">{language.Choose("요청한 곳으로 돌아가기", "Back to who asked")} ({redirect.Host})</a>")
            : Html.None;
        var code = pending is { IsDeclined: false, Outcome.Code: { } failure }
            ? Html.Of($"<p>{WalletErrors.Text(failure, language)}</p><p class=\"id\">{failure}</p>")
            : Html.None;
        return WalletPage.WriteAsync(http, title, Html.Of($"""
            <section class="card {style}"><h1>{title}</h1>{code}{back}
            <p><a href="/history">{language.Choose("이용 기록 보기", "See the history")}</a> · <a href="/">{language.Choose("내 지갑으로", "To my wallet")}</a></p></section>
            """));
    }

    private static IEnumerable<RequestedDocument> Members(ResolvedRequest request) =>
        request.Sets.SelectMany(set => set.Options).SelectMany(option => option.Members);
}
