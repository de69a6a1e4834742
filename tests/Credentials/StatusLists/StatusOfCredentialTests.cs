using System.Text.Json.Nodes;
using Credentials.Keys;
using Credentials.Keys.Software;
using Credentials.SdJwt;
using Credentials.StatusLists;
using Credentials.Tests.Http;
using Credentials.Tests.Shared;
using Credentials.Trust;
using Microsoft.AspNetCore.Http;

namespace Credentials.Tests.StatusLists;

/// <summary>When the list behind a credential is fetched, and when not.</summary>
public sealed class StatusOfCredentialTests : IDisposable
{
    private readonly TestClock _clock = new();
    private readonly Agency _agency;

    public StatusOfCredentialTests() => _agency = new Agency("Agency", _clock.Now);

    public void Dispose() => _agency.Dispose();

    [Theory]
    [Trait("Row", "TSL-19")]
    [InlineData("valid", 0, true, 1)]
    [InlineData("valid", 1, false, 1)]
    [InlineData("expired", 0, false, 0)]
    [InlineData("not trusted", 0, false, 0)]
    [InlineData("forged", 0, false, 0)]
    [InlineData("other type", 0, false, 0)]
    public async Task A_list_is_fetched_only_for_a_credential_that_is_valid_otherwise(string what, int index, bool accepted, int fetches)
    {
        var token = "";
        await using var server = await LocalServer.StartAsync(context => LocalServer.Body(token, StatusListNames.JwtMediaType)(context));
        token = await _agency.TokenAsync(server.Url.ToString(), _clock.Now);
        using var http = FetchExtensions.ToLoopback();
        using var thief = SoftwareSigningKey.Generate(SignatureAlgorithm.Es256);

        var credential = await SdJwtIssuer.IssueAsync(
            new SdJwtContent
            {
                Claims = new JsonObject { ["given_name"] = "Min" },
                Disclosable = [],
                Type = "urn:test:1",
                Certificates = [_agency.Certificate],
                ExpiresAt = _clock.Now.AddDays(what == "expired" ? -10 : 10),
                Status = new StatusReference(server.Url.ToString(), index),
            },
            what == "forged" ? thief : _agency.Key,
            TestContext.Current.CancellationToken);
        var report = await SdJwtVerifier.VerifyAsync(
            credential,
            new SdJwtExpectations
            {
                Trust = what == "not trusted" ? TrustStore.Empty : TrustStore.Create([_agency.Anchor]),
                Now = _clock.Now,
                KeyBinding = KeyBindingExpectation.NotRequested,
                Status = new StatusPolicy(StatusMode.Online),
                StatusClient = new StatusListClient(http),
                Types = [what == "other type" ? "urn:test:2" : "urn:test:1"],
            },
            TestContext.Current.CancellationToken);

        Assert.Equal(accepted, report.IsAccepted);
        Assert.Equal(fetches, server.Requests.Count);
        Assert.Equal(fetches == 0, report.Checks.Single(check => check.Id == StatusCheck.Id).Outcome == CheckOutcome.NotRun);
    }

    [Theory]
    [Trait("Row", "TSL-29")]
    [InlineData(false, CheckOutcome.Passed, null)]
    [InlineData(true, CheckOutcome.Indeterminate, StatusListCodes.Unreachable)]
    public async Task The_list_of_an_SD_JWT_VC_is_a_JWT(bool isCwt, CheckOutcome outcome, string? code)
    {
        RequestDelegate? answer = null;
        await using var server = await LocalServer.StartAsync(context => answer!(context));
        var content = _agency.Content(server.Url.ToString(), _clock.Now);
        var cwt = await StatusListToken.IssueCwtAsync(content, _agency.Key, TestContext.Current.CancellationToken);
        answer = isCwt
            ? context =>
            {
                context.Response.ContentType = StatusListNames.CwtMediaType;
                return context.Response.Body.WriteAsync(cwt).AsTask();
            }
        : LocalServer.Body(await _agency.TokenAsync(content.Uri, _clock.Now), StatusListNames.JwtMediaType);
        using var http = FetchExtensions.ToLoopback();
        var client = new StatusListClient(http);

        // A CWT that was fetched for an mdoc is at hand: it does not count either.
        await client.CheckAsync(new StatusReference(content.Uri, 0), _agency.Status, new StatusPolicy(StatusMode.Online), _clock.Now, TestContext.Current.CancellationToken);
        var credential = await SdJwtIssuer.IssueAsync(
            new SdJwtContent
            {
                Claims = new JsonObject { ["given_name"] = "Min" },
                Disclosable = [],
                Type = "urn:test:1",
                Certificates = [_agency.Certificate],
                ExpiresAt = _clock.Now.AddDays(10),
                Status = new StatusReference(content.Uri, 0),
            },
            _agency.Key,
            TestContext.Current.CancellationToken);
        var report = await SdJwtVerifier.VerifyAsync(
            credential,
            new SdJwtExpectations
            {
                Trust = TrustStore.Create([_agency.Anchor]),
                Now = _clock.Now,
                KeyBinding = KeyBindingExpectation.NotRequested,
                Status = new StatusPolicy(StatusMode.Online),
                StatusClient = client,
            },
            TestContext.Current.CancellationToken);
        var check = report.Checks.Single(one => one.Id == StatusCheck.Id);
        Assert.Equal((outcome, code), (check.Outcome, check.Code));
    }
}
