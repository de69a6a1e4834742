using System.Net;
using Credentials.Codecs;
using Credentials.Issuer.Agency;
using Credentials.Issuer.Issuance;
using Credentials.Issuer.Tests.Setup;
using Credentials.OpenId4Vci;
using Credentials.SdJwt;
using Credentials.StatusLists;
using Credentials.Tests.Shared;
using Credentials.Trust;
using Microsoft.EntityFrameworkCore;

namespace Credentials.Issuer.Tests;

public class IssuanceFlowTests(PostgresServer postgres)
{
    [Theory]
    [InlineData(Databases.Sqlite)]
    [InlineData(Databases.Postgres)]
    public async Task Two_configurations_are_issued_in_batches_and_verify_with_the_served_anchor(string database)
    {
        using var folder = new TempFolder();
        await using var issuer = await RunningIssuer.StartAsync(folder.FullPath, await Databases.ConnectionAsync(database, postgres));
        var offer = await issuer.OfferAsync(true, "person-7", "mdl_sd_jwt", "resident_sd_jwt");
        Assert.Equal("created", await issuer.StateAsync(offer.Id));
        var token = await issuer.AccessTokenAsync(offer);
        Assert.Equal("redeemed", await issuer.StateAsync(offer.Id));

        foreach (var (id, count) in new[] { ("mdl_sd_jwt", 3), ("resident_sd_jwt", 1) })
        {
            using var response = await issuer.CredentialAsync(token, await Proofs.MakeAsync(issuer.Url, await issuer.NonceAsync(), count), id);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            var credentials = CredentialResponse.Parse(await RunningIssuer.JsonAsync(response)).Credentials;
            Assert.Equal(count, credentials.Count);
            foreach (var credential in credentials)
                Assert.True((await VerifyAsync(issuer, credential)).IsAccepted);
        }

        Assert.Equal("issued", await issuer.StateAsync(offer.Id));
        Assert.Equal(4, (await issuer.RegisterAsync("?subject=person-7")).Count);
        Assert.Equal(3, (await issuer.RegisterAsync("?type=mdl_sd_jwt&state=valid")).Count);
        Assert.Null(await issuer.ReadAsync(db => db.Offers.Select(o => o.Claims).SingleAsync()));
        using var audit = await issuer.AgencyAsync(HttpMethod.Get, "/agency/v1/audit");
        Assert.Equal(
            ["api_key.create", "offer.create", "credential.issue", "credential.issue"],
            (await RunningIssuer.JsonAsync(audit)).RequireArray("entries").EnumerateArray().Select(e => e.RequireString("action")));
    }

    [Fact]
    public async Task A_link_leads_to_the_offer_and_the_offer_to_the_metadata()
    {
        using var folder = new TempFolder();
        await using var issuer = await RunningIssuer.StartAsync(folder.FullPath);
        var made = await issuer.OfferAsync(txCode: true);

        var link = CredentialOfferLink.Parse(made.Link, allowLoopbackHttp: true);
        var offer = CredentialOffer.Parse(await FetchAsync(issuer, link.Reference!.OriginalString), true);
        var metadata = CredentialIssuerMetadata.Parse(await FetchAsync(issuer, CredentialIssuerMetadata.LocationFor(offer.CredentialIssuer)), issuer.Url, true);
        var server = AuthorizationServerMetadata.Parse(await FetchAsync(issuer, AuthorizationServerMetadata.LocationFor(issuer.Url)), issuer.Url, true);

        Assert.Equal(6, offer.PreAuthorized!.TxCode!.Length);
        Assert.Equal(["employee_mdoc", "employment", "mdl_mdoc", "mdl_sd_jwt", "photoid_mdoc", "resident_sd_jwt", "university_degree"], metadata.Configurations.Keys);
        Assert.Equal(["ko", "en"], metadata.Configurations["mdl_sd_jwt"].Display.Select(d => d.Locale));
        Assert.Contains(metadata.Configurations["resident_sd_jwt"].Claims, c => c.Path.ToString() == """["household_members",null,"birth_date"]""");
        Assert.Equal($"{issuer.Url}/token", server.TokenEndpoint);
        var types = await FetchAsync(issuer, metadata.Configurations["mdl_sd_jwt"].TypeMetadataUri!);
        Assert.Equal("urn:credentials:kr:mdl:1", types.RequireString("vct"));
    }

    [Theory]
    [InlineData(Databases.Sqlite)]
    [InlineData(Databases.Postgres)]
    public async Task A_restart_loses_nothing(string database)
    {
        using var folder = new TempFolder();
        var connection = await Databases.ConnectionAsync(database, postgres);
        MadeOffer open, redeemed;
        string token, key, url, revoked, list;
        await using (var first = await RunningIssuer.StartAsync(folder.FullPath, connection))
        {
            (key, url) = (first.ApiKey, first.Url);
            await first.IssueAsync();
            var row = Assert.Single(await first.RegisterAsync());
            (revoked, list) = (row.RequireString("id"), row.RequireString("status_list"));
            using var change = await first.ChangeStatusAsync(revoked, "revoked", "");
            Assert.Equal(HttpStatusCode.OK, change.StatusCode);
            open = await first.OfferAsync();
            redeemed = await first.OfferAsync();
            token = await first.AccessTokenAsync(redeemed);
        }

        await using var second = await RunningIssuer.StartAsync(folder.FullPath, connection, publicUrl: url, apiKey: key);
        Assert.Equal("created", await second.StateAsync(open.Id));
        await second.AccessTokenAsync(open);
        using var response = await second.CredentialAsync(token, await Proofs.MakeAsync(url, await second.NonceAsync()));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("revoked", (await second.RegisterAsync())[0].RequireString("status"));
        Assert.Equal(2, (await second.RegisterAsync()).Count);
        var served = StatusListToken.Parse(await second.Http.GetStringAsync($"/status/{list}", RunningIssuer.Ct));
        Assert.Equal(StatusTypes.Invalid, served.UnverifiedList[(int)(await second.RegisterAsync())[0].RequireIndex("status_index")]);
    }

    [Theory]
    [InlineData("2007-11-02", true, false)] // 19 today
    [InlineData("2007-11-03", false, false)]
    [InlineData("2005-11-02", true, true)]
    [InlineData("2008-02-29", false, false)]
    public async Task Ages_are_worked_out_on_the_day_of_issuance(string birthDate, bool over19, bool over21)
    {
        using var folder = new TempFolder();
        var clock = new TestClock();
        await using var issuer = await RunningIssuer.StartAsync(folder.FullPath, clock: clock);
        var body = SampleClaims.OfferBody(false, null, "mdl_sd_jwt");
        body["claims"]!["mdl_sd_jwt"] = SampleClaims.Licence(birthDate);
        using var made = await issuer.AgencyAsync(HttpMethod.Post, "/agency/v1/offers", body);
        var code = CredentialOffer.Parse((await RunningIssuer.JsonAsync(made)).RequireObjectMember("offer"), true).PreAuthorized!.Code;
        using var token = await issuer.TokenAsync(code);
        using var response = await issuer.CredentialAsync(TokenResponse.Parse(await RunningIssuer.JsonAsync(token)).AccessToken, await Proofs.MakeAsync(issuer.Url, await issuer.NonceAsync()));
        var claims = SdJwtCredential.Parse(CredentialResponse.Parse(await RunningIssuer.JsonAsync(response)).Credentials[0]).UnverifiedClaims();
        Assert.Equal((over19, over21), (claims.GetProperty("age_over_19").GetBoolean(), claims.GetProperty("age_over_21").GetBoolean()));
        Assert.Equal("KR", claims.RequireString("issuing_country"));
    }

    [Fact]
    [Trait("Row", "REL-14")]
    public async Task A_nonce_that_was_used_stays_so_when_the_clock_runs_ahead_and_is_set_back()
    {
        using var folder = new TempFolder();
        var clock = new TestClock();
        await using var issuer = await RunningIssuer.StartAsync(folder.FullPath, clock: clock);
        var nonce = await issuer.NonceAsync();
        using (var used = await issuer.CredentialAsync(await issuer.AccessTokenAsync(await issuer.OfferAsync()), await Proofs.MakeAsync(issuer.Url, nonce)))
            Assert.Equal(HttpStatusCode.OK, used.StatusCode);

        clock.Advance(TimeSpan.FromHours(1));
        await CleanUpAsync();
        clock.Advance(TimeSpan.FromHours(-1));
        using (var again = await issuer.CredentialAsync(await issuer.AccessTokenAsync(await issuer.OfferAsync()), await Proofs.MakeAsync(issuer.Url, nonce)))
            await RunningIssuer.AssertErrorAsync(again, HttpStatusCode.BadRequest, "invalid_nonce");

        clock.Advance(TimeSpan.FromDays(1.1));
        await CleanUpAsync();
        Assert.Equal(0, await issuer.ReadAsync(db => db.UsedNonces.CountAsync()));

        Task CleanUpAsync() => issuer.ReadAsync(async db =>
        {
            await CleanUp.RunAsync(db, new IssuerOptions(), clock.Now, RunningIssuer.Ct);
            return true;
        });
    }

    [Fact]
    public async Task What_has_served_its_time_is_deleted()
    {
        using var folder = new TempFolder();
        var clock = new TestClock();
        await using var issuer = await RunningIssuer.StartAsync(folder.FullPath, clock: clock);
        await issuer.IssueAsync();
        var open = await issuer.OfferAsync();
        clock.Advance(TimeSpan.FromMinutes(16));
        Assert.Equal("expired", await issuer.StateAsync(open.Id));

        await issuer.ReadAsync(async db =>
        {
            await CleanUp.RunAsync(db, new IssuerOptions(), clock.Now, RunningIssuer.Ct);
            return true;
        });

        Assert.Equal(0, await issuer.ReadAsync(db => db.Offers.CountAsync(o => o.Claims != null)));
        Assert.Equal(0, await issuer.ReadAsync(db => db.AccessTokens.CountAsync()));
        Assert.Equal(0, await issuer.ReadAsync(db => db.Issuances.CountAsync(i => i.Answer != null)));
        Assert.Equal(1, await issuer.ReadAsync(db => db.Credentials.CountAsync()));
    }

    [Theory]
    [InlineData(Databases.Sqlite)]
    [InlineData(Databases.Postgres)]
    public async Task The_audit_log_cannot_be_changed_or_shortened(string database)
    {
        using var folder = new TempFolder();
        await using var issuer = await RunningIssuer.StartAsync(folder.FullPath, await Databases.ConnectionAsync(database, postgres));
        await Assert.ThrowsAnyAsync<Exception>(() => issuer.ReadAsync(db => db.Audit.ExecuteDeleteAsync()));
        await Assert.ThrowsAnyAsync<Exception>(() => issuer.ReadAsync(db => db.Audit.ExecuteUpdateAsync(set => set.SetProperty(a => a.Actor, "somebody else"))));
        Assert.Equal("operator", await issuer.ReadAsync(db => db.Audit.Select(a => a.Actor).SingleAsync()));
    }

    [Fact]
    public async Task An_auditor_may_read_and_not_change_and_a_revoked_key_may_nothing()
    {
        using var folder = new TempFolder();
        await using var issuer = await RunningIssuer.StartAsync(folder.FullPath);
        var auditor = await issuer.ReadAsync(async db =>
        {
            var key = ApiKeyGate.Create(db, Storage.ApiKey.AuditorRole, DateTimeOffset.UtcNow, out _);
            await db.SaveChangesAsync();
            return key;
        });
        using var read = await issuer.AgencyAsync(HttpMethod.Get, "/agency/v1/audit", key: auditor);
        using var write = await issuer.AgencyAsync(HttpMethod.Post, "/agency/v1/offers", SampleClaims.OfferBody(false, null, "mdl_sd_jwt"), auditor);
        using var stranger = await issuer.AgencyAsync(HttpMethod.Get, "/agency/v1/audit", key: "ak_unknown");
        await issuer.ReadAsync(db => db.ApiKeys.Where(k => k.Role == Storage.ApiKey.AuditorRole).ExecuteUpdateAsync(set => set.SetProperty(k => k.RevokedAt, 1L)));
        using var revoked = await issuer.AgencyAsync(HttpMethod.Get, "/agency/v1/audit", key: auditor);
        Assert.Equal(
            [HttpStatusCode.OK, HttpStatusCode.Forbidden, HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized],
            [read.StatusCode, write.StatusCode, stranger.StatusCode, revoked.StatusCode]);
    }

    [Fact]
    public async Task A_cancelled_offer_gives_no_token()
    {
        using var folder = new TempFolder();
        await using var issuer = await RunningIssuer.StartAsync(folder.FullPath);
        var offer = await issuer.OfferAsync();
        using var cancel = await issuer.AgencyAsync(HttpMethod.Delete, $"/agency/v1/offers/{offer.Id}");
        Assert.Equal(HttpStatusCode.NoContent, cancel.StatusCode);
        using var token = await issuer.TokenAsync(offer.Code);
        await RunningIssuer.AssertErrorAsync(token, HttpStatusCode.BadRequest, "invalid_grant");
        using var again = await issuer.AgencyAsync(HttpMethod.Delete, $"/agency/v1/offers/{offer.Id}");
        Assert.Equal(HttpStatusCode.Conflict, again.StatusCode);
        Assert.Equal("cancelled", await issuer.StateAsync(offer.Id));
    }

    private static async Task<System.Text.Json.JsonElement> FetchAsync(RunningIssuer issuer, string url) =>
        StrictJson.ParseObject(await issuer.Http.GetByteArrayAsync(url, RunningIssuer.Ct));

    private static Task<VerificationReport> VerifyAsync(RunningIssuer issuer, string credential) => SdJwtVerifier.VerifyAsync(credential, new SdJwtExpectations
    {
        Trust = TrustStore.FromPem(issuer.TrustPem, TrustPurpose.CredentialIssuer | TrustPurpose.StatusSigner),
        Now = DateTimeOffset.UtcNow,
        KeyBinding = KeyBindingExpectation.FromIssuer,
        Status = new StatusPolicy(StatusMode.Skip),
    }, RunningIssuer.Ct);
}
