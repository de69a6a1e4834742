using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Credentials.Tests.Shared;

namespace Credentials.EndToEnd.Tests;

/// <summary>The web wallet asked for a document without an offer, by HTTP: what it shows, what it turns away, and what comes of it.</summary>
public sealed partial class AskIssuerTests : IAsyncLifetime
{
    private readonly TempFolder _folder = new();
    private readonly HttpClient _browser = new(new SocketsHttpHandler { CookieContainer = new CookieContainer() });
    private SignInIssuer _issuer = null!;
    private ServingCommand _wallet = null!;
    private string _url = "";
    private string _token = "";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _issuer = await SignInIssuer.StartAsync(_folder.Combine("issuer"));
        _wallet = await CliProgram.ServeAsync(
            "wallet", "serve", "--home", _folder.Combine("home"), "--port", FreePort.Next().ToString(CultureInfo.InvariantCulture), "--trust-issuer", _issuer.TrustPath, "--json");
        _url = _wallet.Ready["url"];
        _browser.DefaultRequestHeaders.Add("Accept-Language", "en");
        _token = FormToken().Match(await _browser.GetStringAsync(new Uri(_wallet.Ready["open"]), Token)).Groups[1].Value;
    }

    public async ValueTask DisposeAsync()
    {
        _browser.Dispose();
        await _wallet.DisposeAsync();
        await _issuer.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task What_an_issuer_has_is_shown_with_the_decision_on_its_address_and_one_document_comes_by_signing_in()
    {
        await _issuer.OfferAsync(); // the agency has it ready for this person
        using var asked = await PostAsync("/issuers", ("issuer", _issuer.Url + "/"));
        Assert.Equal(HttpStatusCode.OK, asked.StatusCode);
        var page = await ReadAsync(asked);
        Assert.Contains("Who issues it", page, StringComparison.Ordinal);
        Assert.Contains("An authority you trust vouches for this address.", page, StringComparison.Ordinal); // its metadata is signed
        Assert.Contains("You will sign in and agree on the issuer", page, StringComparison.Ordinal);
        Assert.Matches("<input type=\"radio\" required id=\"document-[0-9]+\" name=\"document\" value=\"resident_sd_jwt\">", page);
        Assert.DoesNotContain("/decline", page, StringComparison.Ordinal);
        var path = asked.RequestMessage!.RequestUri!.AbsolutePath;
        using var korean = new HttpRequestMessage(HttpMethod.Get, _url + path + "?lang=ko");
        Assert.Contains("누가 발급하나요", await (await _browser.SendAsync(korean, Token)).Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
        await _browser.GetAsync(new Uri(_url + path + "?lang=en"), Token);

        // Nothing chosen, and something that it does not have.
        Assert.Equal(HttpStatusCode.BadRequest, (await PostAsync(path + "/accept")).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await PostAsync(path + "/accept", ("document", "nonsense"))).StatusCode);
        var back = await SignInVisitor.VisitAsync(await LeaveAsync(path), SignInIssuer.Person, agrees: true, Token);
        Assert.StartsWith(_url + "/authorized?", back.OriginalString, StringComparison.Ordinal);

        // Another state than the one that was given out; then the answer, which serves once.
        Assert.Contains("wallet.authorization_unknown", await ContinueAsync("?code=stolen&state=guess", HttpStatusCode.BadRequest), StringComparison.Ordinal);
        Assert.Contains("/authorized/continue", await _browser.GetStringAsync(back, Token), StringComparison.Ordinal);
        Assert.Contains("checked and stored", await ContinueAsync(back.Query, HttpStatusCode.OK), StringComparison.Ordinal);
        Assert.Contains("wallet.authorization_unknown", await ContinueAsync(back.Query, HttpStatusCode.BadRequest), StringComparison.Ordinal);
        Assert.Single(WalletCard().Matches(await _browser.GetStringAsync(new Uri(_url + "/"), Token)));
        Assert.Contains($"<option value=\"{_issuer.Url}\">", await _browser.GetStringAsync(new Uri(_url + "/issuers"), Token), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_does_not_agree_at_the_issuer_or_has_nothing_ready_there_gets_nothing_and_can_start_again()
    {
        using var asked = await PostAsync("/issuers", ("issuer", _issuer.Url));
        var path = asked.RequestMessage!.RequestUri!.AbsolutePath;
        // There is nothing to decline where nobody offered anything.
        await PostAsync(path + "/decline");
        Assert.DoesNotContain("Offer declined", await _browser.GetStringAsync(new Uri(_url + "/history"), Token), StringComparison.Ordinal);

        var back = await SignInVisitor.VisitAsync(await LeaveAsync(path), SignInIssuer.Person, agrees: false, Token);
        Assert.Contains("error=access_denied", back.Query, StringComparison.Ordinal);
        Assert.Contains("wallet.authorization_refused", await ContinueAsync(back.Query, HttpStatusCode.BadRequest), StringComparison.Ordinal);
        await _issuer.OfferAsync();
        back = await SignInVisitor.VisitAsync(await LeaveAsync(path), SignInIssuer.Person, agrees: true, Token);
        Assert.Contains("checked and stored", await ContinueAsync(back.Query, HttpStatusCode.OK), StringComparison.Ordinal);
    }

    // One wallet for all of them: it takes seconds to start.
    [Fact]
    public async Task An_address_that_is_none_or_leads_to_no_issuer_is_refused_with_a_page_and_a_code()
    {
        foreach (var (address, status, code) in new (string, HttpStatusCode, string)[]
        {
            ("", HttpStatusCode.BadRequest, "vci.issuer_metadata"),
            ("no address", HttpStatusCode.BadRequest, "vci.issuer_metadata"),
            ("javascript:alert(1)", HttpStatusCode.BadRequest, "vci.issuer_metadata"),
            ("file:///etc/passwd", HttpStatusCode.BadRequest, "vci.issuer_metadata"),
            ("https://user:secret@issuer.example", HttpStatusCode.BadRequest, "vci.issuer_metadata"),
            ("https://issuer.example/?next=<script>", HttpStatusCode.BadRequest, "vci.issuer_metadata"),
            (new string('a', 3000), HttpStatusCode.BadRequest, "vci.issuer_metadata"),
            ("https://10.0.0.1", HttpStatusCode.BadGateway, "http.address_refused"),
            ("http://issuer.example", HttpStatusCode.BadGateway, "http.scheme_refused"),
            ($"http://127.0.0.1:{FreePort.Next()}", HttpStatusCode.BadGateway, "http.unreachable"),
            (_url, HttpStatusCode.BadGateway, "http.status_refused"), // this wallet: a server, and no issuer
            (_issuer.Url + "/elsewhere", HttpStatusCode.BadGateway, "http.status_refused"),
        })
        {
            using var answer = await PostAsync("/issuers", ("issuer", address));
            var page = await ReadAsync(answer);
            Assert.True(answer.StatusCode == status && page.Contains($"<p class=\"id\">{code}</p>", StringComparison.Ordinal), $"{answer.StatusCode} for '{address}': {page}");
            Assert.DoesNotContain("<script", page, StringComparison.Ordinal);
        }
        using var form = new FormUrlEncodedContent(new Dictionary<string, string> { ["issuer"] = _issuer.Url });
        Assert.Equal(HttpStatusCode.Forbidden, (await _browser.PostAsync(new Uri(_url + "/issuers"), form, Token)).StatusCode);
        using var stranger = new HttpClient();
        Assert.Equal(HttpStatusCode.Unauthorized, (await stranger.GetAsync(new Uri(_url + "/issuers"), Token)).StatusCode);
    }

    /// <summary>Asks for the document; returns where the page leads to.</summary>
    private async Task<Uri> LeaveAsync(string path)
    {
        using var leave = await PostAsync(path + "/accept", ("document", "resident_sd_jwt"));
        Assert.EndsWith("/leave", leave.RequestMessage!.RequestUri!.AbsolutePath, StringComparison.Ordinal);
        return new Uri(WebUtility.HtmlDecode(Button().Match(await ReadAsync(leave)).Groups[1].Value));
    }

    private async Task<string> ContinueAsync(string query, HttpStatusCode expected)
    {
        using var answer = await _browser.GetAsync(new Uri(_url + "/authorized/continue" + query), Token);
        Assert.Equal(expected, answer.StatusCode);
        return await ReadAsync(answer);
    }

    private Task<HttpResponseMessage> PostAsync(string path, params (string Name, string Value)[] fields) => _browser.PostAsync(
        new Uri(_url + path), new FormUrlEncodedContent([.. fields.Select(field => KeyValuePair.Create(field.Name, field.Value)), KeyValuePair.Create("form", _token)]), Token);

    private static Task<string> ReadAsync(HttpResponseMessage answer) => answer.Content.ReadAsStringAsync(Token);

    [GeneratedRegex("name=\"form\" value=\"([^\"]+)\"")]
    private static partial Regex FormToken();

    [GeneratedRegex("<a class=\"button\" href=\"([^\"]+)\"")]
    private static partial Regex Button();

    [GeneratedRegex("<a class=\"wallet-card")]
    private static partial Regex WalletCard();
}
