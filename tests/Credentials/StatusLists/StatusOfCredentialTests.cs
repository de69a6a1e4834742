using System.Text.Json.Nodes;
using Credentials.Keys;
using Credentials.Keys.Software;
using Credentials.SdJwt;
using Credentials.StatusLists;
using Credentials.Tests.Http;
using Credentials.Tests.Shared;
using Credentials.Trust;

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
}
