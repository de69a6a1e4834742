using System.Net;
using System.Text.RegularExpressions;

namespace Credentials.EndToEnd.Tests;

/// <summary>
/// A person at the issuer's pages, by plain HTTP: signs in at the demo's form, and agrees or not. Ends at the address that the browser would be
/// sent back to, which is not opened.
/// </summary>
internal static partial class SignInVisitor
{
    /// <summary>Walks from the address of the authorization to the one that leads back to the wallet.</summary>
    public static async Task<Uri> VisitAsync(Uri address, string person, bool agrees, CancellationToken ct)
    {
        using var http = new HttpClient(new SocketsHttpHandler { CookieContainer = new CookieContainer(), AllowAutoRedirect = false });
        var signIn = await http.GetStringAsync(address, ct);
        using var signedIn = await PostAsync(http, new Uri(address, "/sign-in"), signIn, "user", person, ct);
        Assert.Equal(HttpStatusCode.SeeOther, signedIn.StatusCode);
        var consent = await http.GetStringAsync(new Uri(address, signedIn.Headers.Location!), ct);
        using var decided = await PostAsync(http, new Uri(address, "/authorize"), consent, "decision", agrees ? "allow" : "deny", ct);
        Assert.Equal(HttpStatusCode.SeeOther, decided.StatusCode);
        return decided.Headers.Location!;
    }

    // The first form of the page with its hidden fields; the buttons of the second one differ in the decision alone.
    private static Task<HttpResponseMessage> PostAsync(HttpClient http, Uri address, string page, string name, string value, CancellationToken ct)
    {
        var fields = Hidden().Matches(page.Split("</form>")[0]).ToDictionary(
            field => field.Groups[1].Value, field => WebUtility.HtmlDecode(field.Groups[2].Value), StringComparer.Ordinal);
        fields[name] = value;
        return http.PostAsync(address, new FormUrlEncodedContent(fields), ct);
    }

    [GeneratedRegex("<input type=\"hidden\" name=\"([^\"]+)\" value=\"([^\"]*)\">")]
    private static partial Regex Hidden();
}
