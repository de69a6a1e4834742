using System.Text.Json;
using Credentials.Verifier.Transactions;

namespace Credentials.Verifier.Pages;

/// <summary>Green or red, what was shown, and every check in plain words.</summary>
internal static class ResultPanel
{
    public static (string Title, Html Content) Of(JsonElement report, IEnumerable<string> askedFor, Language language, int headingLevel = 1, Html note = default)
    {
        var accepted = ReportReader.IsAccepted(report);
        var title = accepted ? language.Choose("확인되었습니다", "Verified") : language.Choose("확인되지 않았습니다", "Not verified");
        var checks = ReportReader.Checks(report).ToList();
        var mark = accepted ? "✓" : "✕";
        return (title, Html.Of($"""
            <section class="card {(accepted ? "green" : "red")}">
            <h{headingLevel}><span aria-hidden="true">{mark}</span> {title}</h{headingLevel}>
            {(accepted ? Copies(checks, language) : Html.None)}
            {(accepted ? Claims(report, [.. askedFor.Distinct(StringComparer.Ordinal)], language) : Obstacles(checks, language))}
            </section>
            {note}
            <section class="card">
            <details{(accepted ? Html.None : Html.Of($" open"))}>
            <summary>{language.Choose("확인한 항목 모두 보기", "Everything that was checked")}</summary>
            <ul class="checks">{checks.Select(c => Line(c, language))}</ul>
            </details>
            </section>
            """));
    }

    /// <summary>What was taken from copies because the network was away, and how old they were.</summary>
    private static Html Copies(IReadOnlyList<ReportCheck> checks, Language language) => Html.Join(checks
        .Where(check => check is { Outcome: "passed", Code: { } code, AgeSeconds: not null } && code.EndsWith("copy_used", StringComparison.Ordinal))
        .Select(check => $"{PlainWords.ForCode(check.Code!).In(language)} {Age(check.AgeSeconds!.Value, language)}").Distinct(StringComparer.Ordinal)
        .Select(words => Html.Of($"<p class=\"warning\">{words}</p>")));

    private static string Age(long seconds, Language language) => seconds switch
    {
        < 120 => language.Choose($"({seconds}초 전에 받은 것)", $"(fetched {seconds} seconds ago)"),
        < 7200 => language.Choose($"({seconds / 60}분 전에 받은 것)", $"(fetched {seconds / 60} minutes ago)"),
        < 172_800 => language.Choose($"({seconds / 3600}시간 전에 받은 것)", $"(fetched {seconds / 3600} hours ago)"),
        _ => language.Choose($"({seconds / 86_400}일 전에 받은 것)", $"(fetched {seconds / 86_400} days ago)"),
    };

    private static Html Obstacles(IReadOnlyList<ReportCheck> checks, Language language)
    {
        // What failed comes before what could not be decided; what was not even tried is in the full list.
        var told = checks.Where(c => c.IsObstacle && c.Outcome != "not_run").OrderBy(c => c.Outcome == "failed" ? 0 : 1)
            .Select(c => PlainWords.ForCheck(c).In(language)).Distinct(StringComparer.Ordinal)
            .Select(words => Html.Of($"<li>{words}</li>"));
        return Html.Of($"<ul class=\"reasons\">{told}</ul><p class=\"soft\">{language.Choose("받은 정보는 보관하지 않았습니다.", "What was sent has not been kept.")}</p>");
    }

    /// <summary>In the order in which they were asked for, which is the one that a reader expects.</summary>
    private static Html Claims(JsonElement report, List<string> order, Language language)
    {
        var rows = ShownCredential.Of(report).SelectMany(c => c.Claims.OrderBy(m => order.IndexOf(m.Key))).Select(m => Claim(m.Key, m.Value, language));
        return Html.Of($"<dl>{rows}</dl>");
    }

    private static Html Claim(string name, JsonElement value, Language language) =>
        Html.Of($"<dt>{PlainWords.ForClaim(name).In(language)}</dt><dd>{Value(value, name, language)}</dd>");

    private static Html Value(JsonElement value, string name, Language language) => value.ValueKind switch
    {
        JsonValueKind.True => Html.Of($"{language.Choose("예", "Yes")}"),
        JsonValueKind.False => Html.Of($"{language.Choose("아니요", "No")}"),
        JsonValueKind.Null => Html.Of($"–"),
        JsonValueKind.String when IsImage(value.GetString()!) =>
            Html.Of($"<img src=\"{value.GetString()}\" alt=\"{PlainWords.ForClaim(name).In(language)}\">"),
        JsonValueKind.String when value.GetString()!.StartsWith("data:", StringComparison.Ordinal) =>
            Html.Of($"{language.Choose("이 화면에서 볼 수 없는 그림입니다.", "A picture that cannot be shown here.")}"),
        JsonValueKind.String => Html.Of($"{value.GetString()}"),
        JsonValueKind.Number => Html.Of($"{value.GetRawText()}"),
        JsonValueKind.Array => Html.Of($"<ul>{value.EnumerateArray().Select(e => Html.Of($"<li>{Value(e, name, language)}</li>"))}</ul>"),
        _ => Html.Join(value.EnumerateObject().Select((m, i) =>
            Html.Of($"{(i == 0 ? "" : " · ")}{PlainWords.ForClaim(m.Name).In(language)}: {Value(m.Value, m.Name, language)}"))),
    };

    /// <summary>Raster images only: an SVG can carry more than a picture.</summary>
    private static bool IsImage(string text) =>
        text.StartsWith("data:image/png;base64,", StringComparison.Ordinal) || text.StartsWith("data:image/jpeg;base64,", StringComparison.Ordinal);

    private static Html Line(ReportCheck check, Language language)
    {
        var (style, mark) = check.Outcome switch
        {
            "passed" => ("ok", "✓"),
            "not_applicable" => ("na", "–"),
            "not_run" => ("na", "·"),
            "indeterminate" => ("bad", "?"),
            _ => ("bad", "✕"),
        };
        return Html.Of($"<li class=\"{style}\"><span class=\"mark\" aria-hidden=\"true\">{mark}</span><span class=\"say\">{PlainWords.ForCheck(check).In(language)}</span></li>");
    }
}
