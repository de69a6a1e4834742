using System.Net;
using Credentials.Issuer.Agency;
using Credentials.Issuer.Http;
using Credentials.Issuer.Tests.Setup;
using Credentials.Tests.Shared;
using Microsoft.EntityFrameworkCore;

namespace Credentials.Issuer.Tests;

/// <summary>Requests that no well-behaved client sends, too many of them, and callers without the right.</summary>
public class HostileHttpTests
{
    [Fact]
    [Trait("Row", "WEB-05")]
    public async Task Malformed_http_is_refused_once_and_the_connection_closed()
    {
        using var folder = new TempFolder();
        await using var issuer = await RunningIssuer.StartAsync(folder.FullPath);

        await RawHttp.AssertRefusedAsync(new Uri(issuer.Url).Port, "/token");
    }

    [Theory]
    [Trait("Row", "WEB-07")]
    [InlineData("POST", "/token")]
    [InlineData("POST", "/nonce")]
    [InlineData("POST", "/credential")]
    [InlineData("GET", "/offers/unknown")]
    [InlineData("GET", "/status/unknown")]
    [InlineData("GET", "/o/unknown")]
    [InlineData("GET", "/o/unknown/qr.svg")]
    [InlineData("GET", "/o/unknown/events")]
    public async Task Too_many_requests_to_an_open_route_are_told_when_to_come_again(string method, string path)
    {
        using var folder = new TempFolder();
        await using var issuer = await RunningIssuer.StartAsync(folder.FullPath, configure: options => options.PublicRequestsPerMinute = 10);
        for (var i = 0; i < 10; i++)
        {
            using var fine = await issuer.Http.SendAsync(new HttpRequestMessage(new HttpMethod(method), path), RunningIssuer.Ct);
            Assert.NotEqual(HttpStatusCode.TooManyRequests, fine.StatusCode);
        }

        using var refused = await issuer.Http.SendAsync(new HttpRequestMessage(new HttpMethod(method), path), RunningIssuer.Ct);
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.True(refused.Headers.RetryAfter!.Delta > TimeSpan.Zero);
    }

    [Fact]
    public async Task Limits_go_by_the_address_that_a_trusted_proxy_tells_and_nobody_else()
    {
        using var folder = new TempFolder();
        foreach (var (trusted, expected) in new[] { (true, HttpStatusCode.OK), (false, HttpStatusCode.TooManyRequests) })
        {
            await using var issuer = await RunningIssuer.StartAsync(folder.Combine(trusted.ToString()), configure: options =>
            {
                options.PublicRequestsPerMinute = 10;
                if (trusted)
                    options.TrustedProxies.AddRange(["127.0.0.0/8", "::1"]);
            });
            async Task<HttpStatusCode> AskAsync(string forwarded)
            {
                using var request = new HttpRequestMessage(HttpMethod.Post, "/nonce");
                request.Headers.TryAddWithoutValidation("X-Forwarded-For", forwarded);
                using var response = await issuer.Http.SendAsync(request, RunningIssuer.Ct);
                return response.StatusCode;
            }

            for (var i = 0; i < 10; i++)
                Assert.Equal(HttpStatusCode.OK, await AskAsync("192.0.2.1"));
            // What a client writes itself, to the left of what the proxy adds, makes it no other client.
            Assert.Equal(HttpStatusCode.TooManyRequests, await AskAsync("198.51.100.7, 192.0.2.1"));
            Assert.Equal(expected, await AskAsync("192.0.2.2"));
            Assert.Equal(expected, await AskAsync("nonsense, 192.0.2.3"));
        }

        await Assert.ThrowsAsync<IssuerStartException>(() => RunningIssuer.StartAsync(folder.Combine("other"), configure: options => options.TrustedProxies.Add("proxy.example")));
    }

    [Fact]
    [Trait("Row", "VCA-19")]
    public async Task Only_a_key_with_the_right_makes_an_offer_and_no_other_leaves_one()
    {
        using var folder = new TempFolder();
        await using var issuer = await RunningIssuer.StartAsync(folder.FullPath);
        var accessToken = await issuer.AccessTokenAsync(await issuer.OfferAsync());
        var auditor = await issuer.ReadAsync(async db =>
        {
            var key = ApiKeyGate.Create(db, Storage.ApiKey.AuditorRole, DateTimeOffset.UtcNow, out _);
            await db.SaveChangesAsync();
            return key;
        });
        var before = await issuer.ReadAsync(db => db.Offers.CountAsync());
        var body = SampleClaims.OfferBody(false, "person-9", "mdl_sd_jwt");

        foreach (var (key, status) in new[]
        {
            (auditor, HttpStatusCode.Forbidden), ("ak_unknown", HttpStatusCode.Unauthorized), (accessToken, HttpStatusCode.Unauthorized),
        })
        {
            using var refused = await issuer.AgencyAsync(HttpMethod.Post, "/agency/v1/offers", body, key);
            Assert.Equal(status, refused.StatusCode);
        }

        Assert.Equal(before, await issuer.ReadAsync(db => db.Offers.CountAsync()));
        using var twin = await issuer.AgencyAsync(HttpMethod.Post, "/agency/v1/offers", body);
        Assert.Equal(HttpStatusCode.Created, twin.StatusCode);
    }
}
