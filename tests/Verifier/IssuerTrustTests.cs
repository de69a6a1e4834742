using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.Jose;
using Credentials.Keys;
using Credentials.Keys.Software;
using Credentials.SdJwt;
using Credentials.Tests.Shared;
using Credentials.Verifier.Tests.Setup;
using Credentials.X509;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Credentials.Verifier.Tests;

/// <summary>Issuers trusted by their URL, and the revocation lists of issuers' certificates, as the operator sets them.</summary>
public sealed class IssuerTrustTests : IAsyncLifetime
{
    private readonly TestVerifier _verifier = new();
    private readonly SoftwareSigningKey _key = SoftwareSigningKey.Generate(SignatureAlgorithm.Es256);
    private readonly WebApplication _agency = QuietServer.CreateBuilder().Build();

    private string Issuer => _agency.Urls.First() + "/agency";

    public async ValueTask InitializeAsync()
    {
        _agency.Urls.Add("http://127.0.0.1:0");
        _agency.MapGet("/.well-known/jwt-vc-issuer/agency", () => Results.Json(
            new JsonObject { ["issuer"] = Issuer, ["jwks"] = new JsonObject { ["keys"] = new JsonArray(Jwk.Write(_key.PublicKey)) } }));
        await _agency.StartAsync(TestContext.Current.CancellationToken);
        _verifier.Alter = options => options with { TrustUrls = [Issuer], Revocation = new CrlPolicy() };
        await _verifier.InitializeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _verifier.DisposeAsync();
        await _agency.DisposeAsync();
        _key.Dispose();
    }

    private async Task<(bool Accepted, string? Revocation)> VerifyAsync(string document)
    {
        using var response = await _verifier.PostJsonAsync("/documents/verify", new JsonObject { ["document"] = document }, _verifier.ApiKey);
        var report = StrictJson.Parse(await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
        var check = report.GetProperty("parts")[0].GetProperty("checks").EnumerateArray().Single(one => one.GetProperty("id").GetString() == "issuer_key");
        return (report.GetProperty("accepted").GetBoolean(), check.OptionalString("code"));
    }

    [Fact]
    public async Task A_credential_of_an_issuer_trusted_by_its_url_is_accepted_and_no_other_issuer_s()
    {
        SdJwtContent content = new()
        {
            Type = "urn:test:1",
            Claims = new JsonObject { ["iss"] = Issuer },
            Disclosable = [],
        };
        Assert.Equal((true, (string?)null), await VerifyAsync(await SdJwtIssuer.IssueAsync(content, _key, TestContext.Current.CancellationToken)));
        Assert.False((await VerifyAsync(await SdJwtIssuer.IssueAsync(content with { Claims = new JsonObject { ["iss"] = Issuer + "2" } }, _key, TestContext.Current.CancellationToken))).Accepted);
    }

    [Fact]
    public async Task Where_lists_are_required_an_authority_that_publishes_none_is_still_accepted() =>
        Assert.Equal((true, (string?)CrlCodes.NotPublished), await VerifyAsync((await _verifier.Issuer.IssueLicenceAsync()).Credential));

    [Theory]
    [InlineData("http://agency.example")]
    [InlineData("https://agency.example/?a")]
    [InlineData("agency.example")]
    public async Task A_url_that_cannot_be_an_issuer_s_keeps_the_service_from_starting(string url)
    {
        var refusal = await Assert.ThrowsAsync<VerifierStartException>(() => _verifier.StartAsync(options => options with { TrustUrls = [url] }));
        Assert.Contains(url, refusal.Message, StringComparison.Ordinal);
    }
}
