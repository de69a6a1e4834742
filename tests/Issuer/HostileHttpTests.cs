using System.Net;
using Credentials.Issuer.Agency;
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
