using System.Net;
using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.Issuer.Keys;
using Credentials.Issuer.Tests.Setup;
using Credentials.OpenId4Vci;
using Credentials.Tests.Shared;
using Microsoft.EntityFrameworkCore;

namespace Credentials.Issuer.Tests;

public class TokenEndpointTests(PostgresServer postgres)
{
    private const string Grant = "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Apre-authorized_code";

    [Fact]
    [Trait("Row", "VCA-01")]
    public async Task A_code_serves_once()
    {
        using var folder = new TempFolder();
        await using var issuer = await RunningIssuer.StartAsync(folder.FullPath);
        var offer = await issuer.OfferAsync();
        await issuer.AccessTokenAsync(offer);
        using var second = await issuer.TokenAsync(offer.Code);
        await RunningIssuer.AssertErrorAsync(second, HttpStatusCode.BadRequest, "invalid_grant");
        Assert.Equal(1, await issuer.ReadAsync(db => db.AccessTokens.CountAsync()));
    }

    [Fact]
    [Trait("Row", "WEB-09")]
    public async Task An_unknown_code_and_a_used_one_get_the_same_answer()
    {
        using var folder = new TempFolder();
        await using var issuer = await RunningIssuer.StartAsync(folder.FullPath);
        var offer = await issuer.OfferAsync();
        await issuer.AccessTokenAsync(offer);
        using var used = await issuer.TokenAsync(offer.Code);
        using var unknown = await issuer.TokenAsync(Secrets.NewToken());
        Assert.Equal(HttpStatusCode.BadRequest, used.StatusCode);
        Assert.Equal(used.StatusCode, unknown.StatusCode);
        Assert.Equal(await used.Content.ReadAsStringAsync(RunningIssuer.Ct), await unknown.Content.ReadAsStringAsync(RunningIssuer.Ct));
    }

    [Fact]
    [Trait("Row", "VCA-02")]
    public async Task Of_a_hundred_parallel_uses_of_a_code_on_two_replicas_one_wins()
    {
        using var folder = new TempFolder();
        var connection = await postgres.CreateDatabaseAsync(RunningIssuer.Ct);
        await using var one = await RunningIssuer.StartAsync(folder.FullPath, connection);
        await using var two = await RunningIssuer.StartAsync(folder.FullPath, connection, one.Url);
        var offer = await one.OfferAsync();
        var answers = await Task.WhenAll(Enumerable.Range(0, 100).Select(i => (i % 2 == 0 ? one : two).TokenAsync(offer.Code)));
        Assert.Equal(1, answers.Count(a => a.StatusCode == HttpStatusCode.OK));
        Assert.Equal(99, answers.Count(a => a.StatusCode == HttpStatusCode.BadRequest));
    }

    [Theory]
    [InlineData(Databases.Sqlite)]
    [InlineData(Databases.Postgres)]
    [Trait("Row", "VCA-04")]
    public async Task Five_wrong_transaction_codes_end_an_offer_and_four_do_not(string database)
    {
        using var folder = new TempFolder();
        await using var issuer = await RunningIssuer.StartAsync(folder.FullPath, await Databases.ConnectionAsync(database, postgres));
        foreach (var (wrong, ends) in new[] { (4, false), (5, true) })
        {
            var offer = await issuer.OfferAsync(txCode: true);
            for (var i = 0; i < wrong; i++)
            {
                using var refused = await issuer.TokenAsync(offer.Code, Wrong(offer, i));
                await RunningIssuer.AssertErrorAsync(refused, HttpStatusCode.BadRequest, "invalid_grant");
            }

            using var right = await issuer.TokenAsync(offer.Code, offer.TxCode);
            Assert.Equal(ends ? HttpStatusCode.BadRequest : HttpStatusCode.OK, right.StatusCode);
            Assert.Equal(ends ? "cancelled" : "redeemed", await issuer.StateAsync(offer.Id));
        }

        var parallel = await issuer.OfferAsync(txCode: true);
        await Task.WhenAll(Enumerable.Range(0, 50).Select(i => issuer.TokenAsync(parallel.Code, Wrong(parallel, i))));
        Assert.Equal(5, await issuer.ReadAsync(db => db.Offers.Where(o => o.Id == parallel.Id).Select(o => o.TxFailures).SingleAsync()));
        using var dead = await issuer.TokenAsync(parallel.Code, parallel.TxCode);
        await RunningIssuer.AssertErrorAsync(dead, HttpStatusCode.BadRequest, "invalid_grant");
    }

    [Fact]
    [Trait("Row", "VCA-06")]
    public async Task A_transaction_code_is_there_when_asked_for_and_only_then()
    {
        using var folder = new TempFolder();
        await using var issuer = await RunningIssuer.StartAsync(folder.FullPath);
        var without = await issuer.OfferAsync();
        using var unexpected = await issuer.TokenAsync(without.Code, "123456");
        await RunningIssuer.AssertErrorAsync(unexpected, HttpStatusCode.BadRequest, "invalid_request");

        var with = await issuer.OfferAsync(txCode: true);
        using var missing = await issuer.TokenAsync(with.Code);
        await RunningIssuer.AssertErrorAsync(missing, HttpStatusCode.BadRequest, "invalid_request");
        using var longer = await issuer.TokenAsync(with.Code, with.TxCode + "0");
        await RunningIssuer.AssertErrorAsync(longer, HttpStatusCode.BadRequest, "invalid_grant");
        using var fullWidth = await issuer.TokenAsync(with.Code, string.Concat(with.TxCode!.Select(c => (char)(c - '0' + '０'))));
        await RunningIssuer.AssertErrorAsync(fullWidth, HttpStatusCode.BadRequest, "invalid_grant");
        using var huge = await issuer.TokenAsync(with.Code, new string('1', 1 << 20));
        await RunningIssuer.AssertErrorAsync(huge, HttpStatusCode.RequestEntityTooLarge, "invalid_request");
        using var right = await issuer.TokenAsync(with.Code, with.TxCode);
        Assert.Equal(HttpStatusCode.OK, right.StatusCode);
        using var fine = await issuer.TokenAsync(without.Code);
        Assert.Equal(HttpStatusCode.OK, fine.StatusCode);
    }

    [Fact]
    [Trait("Row", "VCA-07")]
    public async Task The_transaction_code_is_told_to_the_agency_only_and_once()
    {
        using var folder = new TempFolder();
        await using var issuer = await RunningIssuer.StartAsync(folder.FullPath);
        var offer = await issuer.OfferAsync(txCode: true);
        Assert.Matches("^[0-9]{6}$", offer.TxCode!);
        var reference = CredentialOfferLink.Parse(offer.Link, true).Reference!;
        var cookie = await PageTests.EnterAsync(issuer, offer.Page);
        foreach (var text in new[]
        {
            offer.Link,
            await issuer.Http.GetStringAsync(reference, RunningIssuer.Ct),
            await PageTests.GetAsync(issuer, $"/o/{offer.Id}", cookie),
            await PageTests.GetAsync(issuer, $"/o/{offer.Id}/qr.svg", cookie),
            await (await issuer.AgencyAsync(HttpMethod.Get, $"/agency/v1/offers/{offer.Id}")).Content.ReadAsStringAsync(RunningIssuer.Ct),
        })
        {
            Assert.NotEqual("", text);
            Assert.DoesNotContain(offer.TxCode!, text, StringComparison.Ordinal);
        }
    }

    [Fact]
    [Trait("Row", "VCA-08")]
    public async Task A_code_that_expired_or_belongs_to_another_issuer_is_refused()
    {
        using var folder = new TempFolder();
        using var otherFolder = new TempFolder();
        var clock = new TestClock();
        await using var issuer = await RunningIssuer.StartAsync(folder.FullPath, clock: clock);
        await using var other = await RunningIssuer.StartAsync(otherFolder.FullPath);
        var foreign = await other.OfferAsync();
        using var notOurs = await issuer.TokenAsync(foreign.Code);
        await RunningIssuer.AssertErrorAsync(notOurs, HttpStatusCode.BadRequest, "invalid_grant");

        var offer = await issuer.OfferAsync();
        var inTime = await issuer.OfferAsync();
        clock.Advance(TimeSpan.FromMinutes(15) - TimeSpan.FromMilliseconds(1));
        using var last = await issuer.TokenAsync(inTime.Code);
        Assert.Equal(HttpStatusCode.OK, last.StatusCode);
        clock.Advance(TimeSpan.FromMilliseconds(1));
        using var late = await issuer.TokenAsync(offer.Code);
        await RunningIssuer.AssertErrorAsync(late, HttpStatusCode.BadRequest, "invalid_grant");
    }

    [Fact]
    [Trait("Row", "VCA-08")]
    public async Task Where_clients_are_listed_others_are_refused_and_the_code_stays()
    {
        using var folder = new TempFolder();
        await using var issuer = await RunningIssuer.StartAsync(folder.FullPath, configure: options => options.AllowedClients.Add("known-wallet"));
        var offer = await issuer.OfferAsync();
        using var unknown = await issuer.TokenAsync(offer.Code, clientId: "other-wallet");
        await RunningIssuer.AssertErrorAsync(unknown, HttpStatusCode.Unauthorized, "invalid_client");
        using var anonymous = await issuer.TokenAsync(offer.Code);
        await RunningIssuer.AssertErrorAsync(anonymous, HttpStatusCode.Unauthorized, "invalid_client");
        using var known = await issuer.TokenAsync(offer.Code, clientId: "known-wallet");
        Assert.Equal(HttpStatusCode.OK, known.StatusCode);
    }

    [Fact]
    [Trait("Row", "VCA-17")]
    public async Task An_offer_of_unknown_or_repeated_configurations_is_not_made()
    {
        using var folder = new TempFolder();
        await using var issuer = await RunningIssuer.StartAsync(folder.FullPath);
        foreach (var ids in new[] { new JsonArray("nothing_like_it"), ["mdl_sd_jwt", "mdl_sd_jwt"], [], [1] })
        {
            var body = SampleClaims.OfferBody(false, null, "mdl_sd_jwt");
            body["credential_configuration_ids"] = ids;
            using var response = await issuer.AgencyAsync(HttpMethod.Post, "/agency/v1/offers", body);
            Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        }

        Assert.Equal(0, await issuer.ReadAsync(db => db.Offers.CountAsync()));
        await issuer.OfferAsync();
    }

    [Fact]
    [Trait("Row", "VCA-20")]
    public async Task Only_a_form_without_repeats_and_query_is_a_token_request()
    {
        using var folder = new TempFolder();
        await using var issuer = await RunningIssuer.StartAsync(folder.FullPath);
        var offer = await issuer.OfferAsync();
        var form = $"{Grant}&pre-authorized_code={offer.Code}";
        var refused = new Func<Task<HttpResponseMessage>>[]
        {
            () => issuer.Http.PostAsync("/token", RunningIssuer.Json($$"""{"grant_type":"x","pre-authorized_code":"{{offer.Code}}"}"""), RunningIssuer.Ct),
            () => issuer.Http.PostAsync("/token", RunningIssuer.Form($"{form}&pre-authorized_code={offer.Code}"), RunningIssuer.Ct),
            () => issuer.Http.PostAsync($"/token?{form}", RunningIssuer.Form(form), RunningIssuer.Ct),
            () => issuer.Http.PostAsync("/token", RunningIssuer.Form(form + "&x=%zz"), RunningIssuer.Ct),
            () => issuer.Http.PostAsync("/token", RunningIssuer.Form(form + "&x=" + new string('a', 1 << 20)), RunningIssuer.Ct),
            () => issuer.Http.GetAsync($"/token?{form}", RunningIssuer.Ct),
            () => issuer.Http.PutAsync("/token", RunningIssuer.Form(form), RunningIssuer.Ct),
        };
        foreach (var send in refused)
        {
            using var response = await send();
            Assert.InRange((int)response.StatusCode, 400, 499);
            Assert.Equal("invalid_request", (await RunningIssuer.JsonAsync(response)).RequireString("error"));
        }

        using var other = await issuer.Http.PostAsync("/token", RunningIssuer.Form("grant_type=client_credentials"), RunningIssuer.Ct);
        await RunningIssuer.AssertErrorAsync(other, HttpStatusCode.BadRequest, "unsupported_grant_type");
        await issuer.AccessTokenAsync(offer);
    }

    [Fact]
    [Trait("Row", "VCA-21")]
    public async Task Authorization_details_choose_among_what_is_offered_and_nothing_else()
    {
        using var folder = new TempFolder();
        await using var issuer = await RunningIssuer.StartAsync(folder.FullPath);
        var offer = await issuer.OfferAsync();
        using var more = await issuer.TokenAsync(offer.Code, details: ["mdl_sd_jwt", "resident_sd_jwt"]);
        await RunningIssuer.AssertErrorAsync(more, HttpStatusCode.BadRequest, "invalid_authorization_details");
        using var right = await issuer.TokenAsync(offer.Code, details: ["mdl_sd_jwt"]);
        var token = TokenResponse.Parse(await RunningIssuer.JsonAsync(right));
        var identifier = Assert.Single(token.AuthorizationDetails).Identifiers[0];
        var proofs = await Proofs.MakeAsync(issuer.Url, await issuer.NonceAsync());
        using var byConfiguration = await issuer.CredentialAsync(token.AccessToken, proofs);
        await RunningIssuer.AssertErrorAsync(byConfiguration, HttpStatusCode.BadRequest, "invalid_credential_request");
        using var byIdentifier = await issuer.CredentialAsync(
            token.AccessToken, StrictJson.ToText(new CredentialRequest { CredentialIdentifier = identifier, JwtProofs = proofs }.ToJson()));
        Assert.Equal(HttpStatusCode.OK, byIdentifier.StatusCode);
    }

    [Fact]
    public async Task Too_many_requests_are_told_when_to_come_again()
    {
        using var folder = new TempFolder();
        await using var issuer = await RunningIssuer.StartAsync(folder.FullPath, configure: options => options.PublicRequestsPerMinute = 10);
        for (var i = 0; i < 10; i++)
        {
            using var fine = await issuer.TokenAsync("unknown");
            Assert.Equal(HttpStatusCode.BadRequest, fine.StatusCode);
        }

        using var response = await issuer.TokenAsync("unknown");
        await RunningIssuer.AssertErrorAsync(response, HttpStatusCode.TooManyRequests, "temporarily_unavailable");
        Assert.True(response.Headers.RetryAfter!.Delta > TimeSpan.Zero);
    }

    // Never the right code by accident.
    private static string Wrong(MadeOffer offer, int i)
    {
        var guess = i.ToString("D6", System.Globalization.CultureInfo.InvariantCulture);
        return guess == offer.TxCode ? "999999" : guess;
    }
}
