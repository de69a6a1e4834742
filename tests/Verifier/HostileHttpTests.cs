using System.Net;
using Credentials.Tests.Shared;
using Credentials.Verifier.Tests.Setup;

namespace Credentials.Verifier.Tests;

/// <summary>Requests that no well-behaved client sends, too many of them, and a clock that is off.</summary>
public sealed class HostileHttpTests
{
    [Fact]
    [Trait("Row", "WEB-05")]
    public async Task Malformed_http_is_refused_once_and_the_connection_closed()
    {
        await using var verifier = new TestVerifier();
        await verifier.InitializeAsync();

        await RawHttp.AssertRefusedAsync(new Uri(verifier.Url).Port, "/wallet/responses/unknown");
    }

    [Theory]
    [InlineData("127.0.0.1", 404)]
    [InlineData("192.0.2.99", 429)]
    public async Task Limits_go_by_the_address_that_a_trusted_proxy_tells_and_nobody_else(string proxy, int expected)
    {
        await using var verifier = new TestVerifier { Alter = o => o with { RequestsPerMinute = 10, TrustedProxies = [proxy, "::1"] } };
        await verifier.InitializeAsync();
        async Task<int> AskAsync(string forwarded)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, verifier.Absolute("/v/unknown").Replace("localhost", "127.0.0.1", StringComparison.Ordinal));
            request.Headers.Add("X-Forwarded-For", forwarded);
            using var response = await verifier.Http.SendAsync(request, TestContext.Current.CancellationToken);
            return (int)response.StatusCode;
        }

        for (var i = 0; i < 40; i++)
            await AskAsync("192.0.2.1");
        Assert.Equal(429, await AskAsync("198.51.100.7, 192.0.2.1"));
        Assert.Equal(expected, await AskAsync("192.0.2.2"));
    }

    [Fact]
    [Trait("Row", "WEB-07")]
    public async Task Too_many_requests_are_told_when_to_come_again()
    {
        await using var verifier = new TestVerifier { Alter = o => o with { RequestsPerMinute = 10 } };
        await verifier.InitializeAsync();
        List<HttpResponseMessage> answers = [];
        foreach (var path in new[] { "/wallet/requests/unknown", "/v/unknown", "/verifications/unknown" })
            for (var i = 0; i < 40; i++) answers.Add(await verifier.GetAsync(path));

        var refused = answers.Where(a => a.StatusCode == HttpStatusCode.TooManyRequests).ToList();
        Assert.NotEmpty(refused);
        Assert.True(answers.Take(10).All(a => a.StatusCode != HttpStatusCode.TooManyRequests));
        Assert.All(refused, answer => Assert.True(answer.Headers.RetryAfter!.Delta > TimeSpan.Zero));
        foreach (var path in new[] { "/wallet/", "/v/", "/verifications/" })
            Assert.Contains(refused, answer => answer.RequestMessage!.RequestUri!.AbsolutePath.StartsWith(path, StringComparison.Ordinal));
    }

    [Theory]
    [Trait("Row", "VPV-23")]
    [InlineData(-301)]
    [InlineData(301)]
    public async Task A_clock_that_is_five_minutes_off_accepts_nobody_and_shows_in_the_metrics(int seconds)
    {
        await using var verifier = new TestVerifier();
        await verifier.InitializeAsync();
        var wallet = new TestWallet(verifier);
        var created = await verifier.CreateAsync("over-19");
        var request = await wallet.ResolveAsync(created.RequestUri);

        // The wallet's clock is right: seen from it, the verifier's is off by this much the other way.
        using var response = await wallet.AnswerAsync(request, await Forgery.MakeAsync(verifier, request.Request, f =>
            f.KbPayload["iat"] = f.KbPayload["iat"]!.GetValue<long>() - seconds));

        await verifier.AssertNotAcceptedAsync(created, response, "kb_time");
        Assert.Contains("credentials_verifier_failed_checks_total{check=\"kb_time\"} 1", await verifier.Http.GetStringAsync(verifier.Absolute("/metrics"), TestContext.Current.CancellationToken), StringComparison.Ordinal);
        var twin = await verifier.CreateAsync("over-19");
        var again = await wallet.ResolveAsync(twin.RequestUri);
        using var accepted = await wallet.AnswerAsync(again, await Forgery.MakeAsync(verifier, again.Request));
        Assert.Equal(HttpStatusCode.OK, accepted.StatusCode);
    }
}
