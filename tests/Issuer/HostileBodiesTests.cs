using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Credentials.Codecs;
using Credentials.Issuer.Tests.Setup;
using Credentials.Tests.Shared;
using Microsoft.EntityFrameworkCore;

namespace Credentials.Issuer.Tests;

public class HostileBodiesTests
{
    [Theory]
    [InlineData("duplicate member")]
    [InlineData("duplicate by escape")]
    [InlineData("duplicate inside")]
    [InlineData("invalid UTF-8")]
    [InlineData("lone surrogate")]
    [InlineData("lone surrogate name")]
    [InlineData("depth 65")]
    [InlineData("depth 100000")]
    [InlineData("trailing data")]
    [InlineData("two objects")]
    [InlineData("other case")]
    [InlineData("100000 members")]
    [InlineData("long name")]
    [InlineData("8 MiB")]
    [InlineData("null")]
    [InlineData("array")]
    [InlineData("empty")]
    [InlineData("byte order mark")]
    [InlineData("comment")]
    [InlineData("NUL")]
    [Trait("Row", "JSN-01")]
    [Trait("Row", "JSN-02")]
    [Trait("Row", "JSN-03")]
    [Trait("Row", "JSN-04")]
    [Trait("Row", "JSN-05")]
    [Trait("Row", "JSN-07")]
    [Trait("Row", "JSN-10")]
    [Trait("Row", "JSN-12")]
    [Trait("Row", "JSN-13")]
    public async Task A_hostile_body_is_a_typed_refusal_on_every_route_that_reads_one(string kind)
    {
        using var folder = new TempFolder();
        using var canary = new Canary();
        await using var issuer = await RunningIssuer.StartAsync(folder.FullPath, canary: canary);
        await issuer.IssueAsync();
        var id = (await issuer.RegisterAsync())[0].RequireString("id");
        var token = await issuer.AccessTokenAsync(await issuer.OfferAsync());
        var proof = (await Proofs.MakeAsync(issuer.Url, await issuer.NonceAsync()))[0];
        var routes = new[]
        {
            ("/credential", token, $$$"""{"credential_configuration_id":"mdl_sd_jwt","proofs":{"jwt":["{{{proof}}}"]}}"""),
            ("/agency/v1/offers", issuer.ApiKey, StrictJson.ToText(SampleClaims.OfferBody(false, null, "mdl_sd_jwt"))),
            ($"/agency/v1/credentials/{id}/status", issuer.ApiKey, """{"status":"revoked","reason":"Kanarienvogel"}"""),
        };
        var before = await CountAsync(issuer);
        foreach (var (path, bearer, good) in routes)
        {
            using var response = await PostAsync(issuer, path, bearer, Spoil(good, kind));
            Assert.InRange((int)response.StatusCode, 400, 499);
            var answer = await RunningIssuer.JsonAsync(response);
            Assert.NotEqual("", path.StartsWith("/agency", StringComparison.Ordinal) ? answer.RequireString("code") : answer.RequireString("error"));
        }

        Assert.Equal(before, await CountAsync(issuer));
        Assert.Equal("valid", (await issuer.RegisterAsync())[0].RequireString("status"));
        canary.AssertLoggedNoneOf(SampleClaims.FamilyName, token, issuer.ApiKey, proof);

        // The twins, unspoilt, are taken.
        foreach (var (path, bearer, good) in routes)
        {
            using var response = await PostAsync(issuer, path, bearer, Encoding.UTF8.GetBytes(good));
            Assert.True(response.IsSuccessStatusCode, path);
        }
    }

    [Theory]
    [InlineData("%ff=1")]
    [InlineData("a=%")]
    [InlineData("a=%00")]
    [InlineData("a=1&a=2")]
    [InlineData("a=1&%61=2")]
    [InlineData("é=1")]
    [InlineData("a\nb=1")]
    [Trait("Row", "VCA-20")]
    public async Task A_hostile_form_is_refused_before_its_code_is_used(string extra)
    {
        using var folder = new TempFolder();
        await using var issuer = await RunningIssuer.StartAsync(folder.FullPath);
        var offer = await issuer.OfferAsync();
        var form = $"grant_type=urn:ietf:params:oauth:grant-type:pre-authorized_code&pre-authorized_code={offer.Code}";
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes($"{form}&{extra}"));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/x-www-form-urlencoded");
        using var refused = await issuer.Http.PostAsync("/token", content, RunningIssuer.Ct);
        await RunningIssuer.AssertErrorAsync(refused, HttpStatusCode.BadRequest, "invalid_request");
        await issuer.AccessTokenAsync(offer);
    }

    [Theory]
    [InlineData("birth_date", "\"1990-02-30\"")]
    [InlineData("birth_date", "\"90-02-03\"")]
    [InlineData("birth_date", "631152000")]
    [InlineData("family_name", "null")]
    [InlineData("family_name", "\"\"")]
    [InlineData("family_name", "\"a\\u0000b\"")]
    [InlineData("family_name", "\"a\\u202eb\"")]
    [InlineData("family_name", "[\"a\"]")]
    [InlineData("issuing_country", "\"kr\"")]
    [InlineData("expiry_date", "\"2020-01-01\"")]
    [InlineData("portrait", "\"https://tracker.example/p.png\"")]
    [InlineData("portrait", "\"data:image/svg+xml;base64,PHN2Zy8+\"")]
    [InlineData("portrait", "\"data:image/png;base64,A A=\"")]
    [InlineData("driving_privileges", "[1]")]
    [InlineData("driving_privileges", "[{\"vehicle_category_code\":\"B\",\"x\":1}]")]
    [InlineData("age_over_19", "true")]
    [InlineData("exp", "1")]
    [InlineData("cnf", "{}")]
    [InlineData("_sd", "[]")]
    [InlineData("unknown", "1")]
    public async Task Claims_that_do_not_fit_the_type_are_refused_without_repeating_them(string claim, string value)
    {
        using var folder = new TempFolder();
        await using var issuer = await RunningIssuer.StartAsync(folder.FullPath);
        var body = SampleClaims.OfferBody(false, null, "mdl_sd_jwt");
        body["claims"]!["mdl_sd_jwt"]![claim] = StrictJson.ToNode(StrictJson.Parse(value));
        using var response = await issuer.AgencyAsync(HttpMethod.Post, "/agency/v1/offers", body);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.StartsWith("issuer.claims", (await RunningIssuer.JsonAsync(response)).RequireString("code"), StringComparison.Ordinal);
        Assert.Equal(0, await issuer.ReadAsync(db => db.Offers.CountAsync()));
    }

    [Fact]
    public async Task Secrets_and_claims_stay_out_of_the_log_and_secrets_out_of_the_database()
    {
        using var folder = new TempFolder();
        using var canary = new Canary();
        await using var issuer = await RunningIssuer.StartAsync(folder.FullPath, canary: canary);
        var offer = await issuer.OfferAsync(txCode: true);
        using var wrong = await issuer.TokenAsync(offer.Code, "wrong");
        var token = await issuer.AccessTokenAsync(offer);
        var nonce = await issuer.NonceAsync();
        var proofs = await Proofs.MakeAsync(issuer.Url, nonce);
        using var refused = await issuer.CredentialAsync(token, await Proofs.MakeAsync("https://other.example", nonce));
        using var issued = await issuer.CredentialAsync(token, proofs);
        var credential = OpenId4Vci.CredentialResponse.Parse(await RunningIssuer.JsonAsync(issued)).Credentials[0];
        var page = await PageTests.EnterAsync(issuer, offer.Page);

        canary.AssertLoggedNoneOf(offer.Code, token, proofs[0], credential, SampleClaims.FamilyName, issuer.ApiKey, nonce);
        await issuer.ReadAsync(async db => await db.Database.ExecuteSqlRawAsync("PRAGMA wal_checkpoint(TRUNCATE)"));
        var stored = Encoding.Latin1.GetString(ReadShared(Path.Combine(folder.FullPath, "issuer.db")));
        foreach (var secret in new[] { offer.Code, token, issuer.ApiKey, page.Split('=')[1], credential, credential.Split('~')[1] })
            Assert.DoesNotContain(secret, stored, StringComparison.Ordinal);
        Assert.Contains(offer.Id, stored, StringComparison.Ordinal);
        // Claims are gone once everything is issued: the database overwrites what it deletes.
        Assert.DoesNotContain(SampleClaims.FamilyName, stored, StringComparison.Ordinal);
    }

    private static byte[] ReadShared(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var bytes = new MemoryStream();
        file.CopyTo(bytes);
        return bytes.ToArray();
    }

    private static byte[] Spoil(string good, string kind)
    {
        var inside = good[1..];
        var first = good[..(good.IndexOf(':', StringComparison.Ordinal) + 1)]; // {"name":
        var name = first[2..^2];
        byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);
        return kind switch
        {
            "duplicate member" => Bytes($"{first}\"x\",{inside}"),
            "duplicate by escape" => Bytes($"{{\"\\u{(int)name[0]:x4}{name[1..]}\":\"x\",{inside}"),
            "duplicate inside" => Bytes($"{{\"extra\":{{\"a\":1,\"a\":2}},{inside}"),
            "invalid UTF-8" => [.. Bytes("{\"extra\":\""), 0xff, 0xfe, .. Bytes("\","), .. Bytes(inside)],
            "lone surrogate" => Bytes($"{{\"extra\":\"\\ud800\",{inside}"),
            "lone surrogate name" => Bytes($"{{\"\\udc00\":1,{inside}"),
            "depth 65" => Bytes($"{{\"extra\":{new string('[', 65)}{new string(']', 65)},{inside}"),
            "depth 100000" => Bytes($"{{\"extra\":{new string('[', 100_000)}"),
            "trailing data" => Bytes(good + "x"),
            "two objects" => Bytes(good + good),
            "other case" => Bytes($"{{\"{char.ToUpperInvariant(name[0])}{good[3..]}"),
            "100000 members" => Bytes("{" + string.Concat(Enumerable.Range(0, 100_000).Select(i => $"\"{i}\":1,")) + inside),
            "long name" => Bytes($"{{\"{new string('n', 2000)}\":1,{inside}"),
            "8 MiB" => Bytes($"{{\"extra\":\"{new string('a', 8 << 20)}\",{inside}"),
            "null" => Bytes("null"),
            "array" => Bytes($"[{good}]"),
            "empty" => [],
            "byte order mark" => [0xef, 0xbb, 0xbf, .. Bytes(good)],
            "comment" => Bytes($"/* x */{good}"),
            "NUL" => [.. Bytes(good), 0],
            _ => throw new ArgumentOutOfRangeException(nameof(kind)),
        };
    }

    private static async Task<HttpResponseMessage> PostAsync(RunningIssuer issuer, string path, string bearer, byte[] body)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", bearer);
        return await issuer.Http.SendAsync(request, RunningIssuer.Ct);
    }

    private static Task<(int, int, int, int)> CountAsync(RunningIssuer issuer) => issuer.ReadAsync(async db =>
        (await db.Offers.CountAsync(), await db.Credentials.CountAsync(), await db.UsedNonces.CountAsync(), await db.Audit.CountAsync()));
}
