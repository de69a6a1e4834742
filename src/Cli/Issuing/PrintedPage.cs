using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Credentials.Codecs;
using Credentials.Qr;
using Credentials.QrDocuments;

namespace Credentials.Cli.Issuing;

/// <summary>
/// A page that a clerk prints: the QR code and what it says, in Korean and English. It stands alone, has no script, and shows nothing but
/// what was read back from the code.
/// </summary>
internal static class PrintedPage
{
    private const double ModuleMillimetres = 0.5;
    private const double LeastMillimetres = 42; // HCERT §4.2.2: a diagonal of 35 to 60 mm
    private const int LargestCode = 8 + 17 + (4 * 25); // version 25 with its quiet zone

    private const string Style =
        "@page{size:A4;margin:18mm}"
        + "body{margin:0 auto;max-width:174mm;padding:4mm;color:#000;background:#fff;font:11pt/1.45 'Noto Sans KR','Malgun Gothic','Apple SD Gothic Neo',sans-serif}"
        + "h1{margin:0;font-size:20pt}h1 span{display:block;font-size:12pt;font-weight:400}"
        + "figure{float:right;margin:0 0 6mm 6mm}figcaption{max-width:62mm;font-size:8pt}"
        + "table{border-collapse:collapse;margin:6mm 0;min-width:50%}"
        + "th,td{padding:1.2mm 4mm 1.2mm 0;border-bottom:.2mm solid #999;text-align:left;vertical-align:top;overflow-wrap:anywhere}"
        + "th{font-weight:400;white-space:nowrap}th span{display:block;font-size:8pt}td table{margin:0;min-width:0}td table tr:last-child>*{border:0}"
        + "footer{clear:both;padding-top:4mm;font-size:9pt}footer p{margin:0 0 2mm}";

    internal static string Write(string text)
    {
        var document = QrDocument.Parse(text);
        var (ko, en) = PrintedLabels.ForType(document.Type);
        // A quarter of the code may be soiled or torn, as long as that stays readable.
        var code = QrCode.Encode(text, QrErrorCorrection.Quartile);
        if (code.Size > LargestCode)
            code = QrCode.Encode(text, QrErrorCorrection.Medium);
        var side = Math.Max(LeastMillimetres, code.Size * ModuleMillimetres).ToString("0.#", CultureInfo.InvariantCulture);
        // The size stands in the drawing itself, so that the page needs no style that changes.
        var svg = code.ToSvg($"{ko} / {en}: QR").Replace("<svg ", $"<svg width=\"{side}mm\" height=\"{side}mm\" ", StringComparison.Ordinal);
        return $"""
            <!DOCTYPE html>
            <html lang="ko">
            <head>
            <meta charset="utf-8">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'sha256-{StrictBase64.Encode(SHA256.HashData(Encoding.UTF8.GetBytes(Style)))}'">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>{Safe(ko)}</title>
            <style>{Style}</style>
            </head>
            <body>
            <main>
            <h1>{Safe(ko)}{English(en, ko)}</h1>
            <figure>{svg}<figcaption>QR 코드를 스캔하면 진위를 확인할 수 있습니다. <span lang="en">Scan the code to check that this is genuine.</span></figcaption></figure>
            {Table(CborJson.ToJson(document.UnverifiedContent))}
            </main>
            <footer>
            <p>발급 <span lang="en">Issued</span> {Time(document.UnverifiedClaims.IssuedAt)} · 유효기간 <span lang="en">Valid until</span> {Time(document.UnverifiedClaims.ExpiresAt)}</p>
            <p>이 종이는 가져온 사람이 주인임을 증명하지 않습니다. 신분증과 함께 확인하십시오. <span lang="en">This paper does not prove who holds it. Check it together with an identity document.</span></p>
            </footer>
            </body>
            </html>

            """;
    }

    private static string Table(JsonElement claims)
    {
        var rows = new StringBuilder("<table>");
        foreach (var claim in claims.EnumerateObject().Where(claim => claim.Value.ValueKind != JsonValueKind.Null))
        {
            var (ko, en) = PrintedLabels.ForClaim(claim.Name);
            rows.Append(CultureInfo.InvariantCulture, $"<tr><th scope=\"row\">{Safe(ko)}{English(en, ko)}</th><td>{Value(claim.Value)}</td></tr>");
        }
        return rows.Append("</table>").ToString();
    }

    private static string Value(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => Table(value),
        JsonValueKind.Array => string.Join("<br>", value.EnumerateArray().Select(Value)).Replace("</table><br>", "</table>", StringComparison.Ordinal),
        JsonValueKind.True => "예 <span lang=\"en\">yes</span>",
        JsonValueKind.False => "아니요 <span lang=\"en\">no</span>",
        JsonValueKind.String => $"<bdi>{Safe(value.GetString()!)}</bdi>",
        _ => Safe(value.GetRawText()),
    };

    private static string English(string en, string ko) => en == ko ? "" : $"<span lang=\"en\">{Safe(en)}</span>";

    private static string Time(DateTimeOffset? time) => time?.UtcDateTime.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture) ?? "";

    /// <summary>A text of the document: no mark-up, and nothing that hides or turns round what stands beside it.</summary>
    private static string Safe(string text) => WebUtility.HtmlEncode(TextSafety.ForTerminal(text));
}
