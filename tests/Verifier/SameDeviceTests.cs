using System.Net;
using Credentials.Codecs;
using Credentials.Verifier.Tests.Setup;

namespace Credentials.Verifier.Tests;

/// <summary>Session fixation (OpenID4VP 1.0 §14.2, HAIP §5.1): an answer given on the holder's device comes out only where it was asked for.</summary>
public sealed class SameDeviceTests(TestVerifier verifier) : IClassFixture<TestVerifier>
{
    private readonly TestWallet _wallet = new(verifier);

    [Fact]
    [Trait("Row", "VPV-13")]
    [Trait("Row", "VPV-15")]
    public async Task The_browser_session_that_started_gets_the_result_and_only_once_with_the_code()
    {
        var (created, cookie, target) = await AnswerToPageAsync();
        using (var waiting = await verifier.BrowseAsync($"/v/{created.Id}", cookie))
            Assert.DoesNotContain("data-state=\"accepted\"", await waiting.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);

        using var back = await verifier.BrowseAsync(target, cookie);
        using var again = await verifier.BrowseAsync(target, cookie);

        Assert.Equal(HttpStatusCode.Redirect, back.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, again.StatusCode);
        using var page = await verifier.BrowseAsync($"/v/{created.Id}", cookie);
        Assert.Contains("data-state=\"accepted\"", await page.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Equal("accepted", TestVerifier.Text(await verifier.StateAsync(created.Id), "state"));
    }

    [Fact]
    [Trait("Row", "VPV-13")]
    public async Task An_attacker_who_started_sees_nothing_of_what_the_victim_answered()
    {
        var (created, attacker, _) = await AnswerToPageAsync();

        using var page = await verifier.BrowseAsync($"/v/{created.Id}", attacker);
        var text = await page.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Contains("data-state=\"requested\"", text, StringComparison.Ordinal);
        using var polled = await verifier.GetAsync($"/verifications/{created.Id}");
        Assert.Equal(HttpStatusCode.BadRequest, polled.StatusCode);
        using var evidence = await verifier.GetAsync($"/verifications/{created.Id}/evidence");
        Assert.Equal(HttpStatusCode.NotFound, evidence.StatusCode);
    }

    [Theory]
    [InlineData("")]
    [InlineData("v-another=00")]
    [Trait("Row", "VPV-14")]
    public async Task Coming_back_in_another_browser_session_rejects_the_presentation(string cookies)
    {
        var (created, owner, target) = await AnswerToPageAsync();

        using var stranger = await verifier.BrowseAsync(target, cookies);
        using var late = await verifier.BrowseAsync(target, owner);

        Assert.Equal(HttpStatusCode.NotFound, stranger.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, late.StatusCode);
        var state = await verifier.StateAsync(created.Id);
        Assert.Equal("not_accepted", TestVerifier.Text(state, "state"));
        Assert.Contains(Answers.Failures(state.GetProperty("report")), f => f is ("state", "verifier.session_mismatch"));
        Assert.DoesNotContain("\"age_over_19\"", state.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Row", "VPV-14")]
    public async Task A_browser_that_does_not_come_back_in_time_gets_nothing()
    {
        await using var own = new TestVerifier();
        await own.InitializeAsync();
        var created = await own.CreateAsync("over-19", body => body["same_device"] = true);
        var wallet = new TestWallet(own);
        (await wallet.PresentToAsync(created, await own.Issuer.IssueLicenceAsync())).Response.Dispose();

        own.Clock.Advance(TimeSpan.FromMinutes(6));

        var state = await own.StateAsync(created.Id);
        Assert.Equal("expired", TestVerifier.Text(state, "state"));
        Assert.Equal(System.Text.Json.JsonValueKind.Null, state.GetProperty("report").ValueKind);
    }

    [Fact]
    [Trait("Row", "VPV-13")]
    public async Task The_secret_of_a_same_device_page_opens_it_in_one_browser_only()
    {
        var created = await verifier.CreateAsync("over-19", body => body["same_device"] = true);
        var cookie = await verifier.OpenPageAsync(created);

        using var second = await verifier.BrowseAsync(created.Page);
        using var reloaded = await verifier.BrowseAsync(created.Page, cookie);

        Assert.Equal(HttpStatusCode.NotFound, second.StatusCode);
        Assert.Equal(HttpStatusCode.Redirect, reloaded.StatusCode);
    }

    [Fact]
    [Trait("Row", "VPV-15")]
    public async Task The_relying_party_gets_the_result_for_the_code_that_its_own_page_received()
    {
        var created = await verifier.CreateAsync("over-19", body => body["redirect_uri"] = "https://shop.example/cb?order=7");
        var request = await _wallet.ResolveAsync(created.RequestUri);
        using var response = await _wallet.AnswerAsync(request, await _wallet.PresentAsync(await verifier.Issuer.IssueLicenceAsync(), request.Request));
        var target = TestVerifier.Text(await TestVerifier.ReadAsync(response), "redirect_uri");
        Assert.StartsWith("https://shop.example/cb?order=7&response_code=", target, StringComparison.Ordinal);
        var code = target.Split("response_code=")[1];
        Assert.Equal(16, StrictBase64Url.Decode(code, "test").Length);

        using var missing = await verifier.GetAsync($"/verifications/{created.Id}");
        using var wrong = await verifier.GetAsync($"/verifications/{created.Id}?response_code=AAAAAAAAAAAAAAAAAAAAAA");
        using var twice = await verifier.GetAsync($"/verifications/{created.Id}?response_code={code}&response_code={code}");
        using var right = await verifier.GetAsync($"/verifications/{created.Id}?response_code={code}");
        using var reused = await verifier.GetAsync($"/verifications/{created.Id}?response_code={code}");

        Assert.Equal(HttpStatusCode.BadRequest, missing.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, wrong.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, twice.StatusCode);
        Assert.Equal("accepted", TestVerifier.Text(await TestVerifier.ReadAsync(right), "state"));
        Assert.Equal(HttpStatusCode.NotFound, reused.StatusCode);
    }

    [Fact]
    [Trait("Row", "VPV-15")]
    public async Task Guessing_response_codes_is_stopped()
    {
        await using var own = new TestVerifier { Alter = o => o with { WrongSecretsPerMinute = 5 } };
        await own.InitializeAsync();
        var created = await own.CreateAsync("over-19", body => body["redirect_uri"] = "https://shop.example/cb");
        var statuses = new List<HttpStatusCode>();
        for (var i = 0; i < 7; i++)
        {
            using var guess = await own.GetAsync($"/verifications/{created.Id}?response_code=guess{i}");
            statuses.Add(guess.StatusCode);
        }

        Assert.Equal(5, statuses.Count(s => s == HttpStatusCode.NotFound));
        Assert.Equal(HttpStatusCode.TooManyRequests, statuses[^1]);
    }

    [Theory]
    [InlineData("http://shop.example/cb")]
    [InlineData("javascript:alert(1)")]
    [InlineData("https://user@shop.example/cb")]
    [InlineData("https://shop.example/cb#x")]
    [InlineData("/cb")]
    public async Task An_address_to_return_to_must_be_https(string address)
    {
        using var response = await verifier.PostJsonAsync("/verifications", new System.Text.Json.Nodes.JsonObject { ["policy"] = "over-19", ["redirect_uri"] = address });
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    private async Task<(Created Created, string Cookie, string Target)> AnswerToPageAsync()
    {
        var created = await verifier.CreateAsync("over-19", body => body["same_device"] = true);
        var cookie = await verifier.OpenPageAsync(created);
        var response = (await _wallet.PresentToAsync(created, await verifier.Issuer.IssueLicenceAsync())).Response;
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return (created, cookie, TestVerifier.Text(await TestVerifier.ReadAsync(response), "redirect_uri"));
    }
}
