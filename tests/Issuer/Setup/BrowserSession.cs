using System.Net;
using System.Text.RegularExpressions;
using Credentials.Codecs;

namespace Credentials.Issuer.Tests.Setup;

/// <summary>As much of a browser as forms and cookies need.</summary>
internal sealed partial class BrowserSession(RunningIssuer issuer)
{
    internal sealed record Page(HttpStatusCode Status, string Html, string? Location);

    internal Dictionary<string, string> Cookies { get; } = [];

    internal Task<Page> GetAsync(string address) => SendAsync(new HttpRequestMessage(HttpMethod.Get, address));

    /// <summary>Posts the first form of a page to this address, with these fields added or changed.</summary>
    internal Task<Page> PostAsync(Page page, string action, Dictionary<string, string> fields)
    {
        var form = Form().Match(page.Html).Value;
        var values = Hidden().Matches(form).ToDictionary(m => m.Groups[1].Value, m => WebUtility.HtmlDecode(m.Groups[2].Value), StringComparer.Ordinal);
        foreach (var (name, value) in fields)
            values[name] = value;
        return SendAsync(new HttpRequestMessage(HttpMethod.Post, action) { Content = RunningIssuer.Form(StrictForm.Encode(values)) });
    }

    private async Task<Page> SendAsync(HttpRequestMessage request)
    {
        if (Cookies.Count > 0)
            request.Headers.Add("Cookie", string.Join("; ", Cookies.Select(c => $"{c.Key}={c.Value}")));
        using var response = await issuer.Http.SendAsync(request, RunningIssuer.Ct);
        if (response.Headers.TryGetValues("Set-Cookie", out var set))
        {
            foreach (var cookie in set)
            {
                var pair = cookie.Split(';')[0].Split('=', 2);
                Cookies[pair[0]] = pair[1];
            }
        }

        return new Page(response.StatusCode, await response.Content.ReadAsStringAsync(RunningIssuer.Ct), response.Headers.Location?.OriginalString);
    }

    [GeneratedRegex("<form.*?</form>", RegexOptions.Singleline)]
    private static partial Regex Form();

    [GeneratedRegex("""<input type="hidden" name="([^"]*)" value="([^"]*)">""")]
    private static partial Regex Hidden();
}
