using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.QrDocuments;
using Credentials.StatusLists;
using Credentials.Tests.Shared;
using Credentials.Verifier.Pages;
using Credentials.Verifier.Tests.Setup;
using Credentials.Verifier.Transactions;

namespace Credentials.Verifier.Tests;

/// <summary>Printed documents at <c>POST /documents/verify</c>, with a policy of one's own for them.</summary>
public sealed class PrintedDocumentTests : IAsyncLifetime
{
    private const string Type = "urn:credentials:kr:resident-certificate:1";

    private readonly TempFolder _folder = new();
    private readonly TestVerifier _verifier = new();

    public ValueTask InitializeAsync()
    {
        var policy = _folder.Write("printed-resident.json", $$"""
            { "name": "printed-resident", "purpose": { "ko": "주소지를 확인합니다", "en": "Check where you live" }, "status_max_age_seconds": 0,
              "dcql_query": { "credentials": [ { "id": "paper", "format": "qr+cwt", "require_cryptographic_holder_binding": false,
                "meta": { "vct_values": ["{{Type}}"] }, "claims": [ { "path": ["address", "city"] } ] } ] } }
            """);
        _verifier.Alter = options => options with { PolicyFolder = Path.GetDirectoryName(policy) };
        return _verifier.InitializeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _verifier.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_printed_document_is_accepted_and_the_clerk_is_told_to_look_at_the_holder()
    {
        var report = await VerifyAsync(await IssueAsync());
        Assert.True(report.GetProperty("accepted").GetBoolean(), report.GetRawText());
        var part = report.GetProperty("parts")[0];
        Assert.Equal(("qr+cwt", "종로구"), (part.GetProperty("format").GetString(), part.GetProperty("claims").GetProperty("address").GetProperty("city").GetString()));
        var binding = part.GetProperty("checks").EnumerateArray().Single(one => one.GetProperty("id").GetString() == QrDocumentChecks.HolderBinding);
        Assert.Equal(QrDocumentCodes.NoHolderBinding, binding.GetProperty("code").GetString());
        var words = PlainWords.ForCheck(new ReportCheck(null, QrDocumentChecks.HolderBinding, binding.GetProperty("outcome").GetString()!, QrDocumentCodes.NoHolderBinding));
        Assert.Contains("신분증", words.Korean, StringComparison.Ordinal);
        Assert.Contains("with an ID", words.English, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_policy_for_paper_gets_only_what_it_asks_for()
    {
        var report = await VerifyAsync(await IssueAsync(), "printed-resident");
        Assert.True(report.GetProperty("accepted").GetBoolean(), report.GetRawText());
        Assert.Equal("""{"address":{"city":"종로구"}}""", report.GetProperty("parts")[0].GetProperty("claims").GetRawText());
        Assert.False((await VerifyAsync(await IssueAsync(), "resident-certificate")).GetProperty("accepted").GetBoolean());
    }

    [Fact]
    public async Task A_revoked_document_is_refused_though_nothing_on_the_paper_changed()
    {
        var text = await IssueAsync(3);
        Assert.True((await VerifyAsync(text, "printed-resident")).GetProperty("accepted").GetBoolean());
        _verifier.Issuer.SetStatus(3, StatusTypes.Invalid);
        var report = await VerifyAsync(text, "printed-resident");
        Assert.False(report.GetProperty("accepted").GetBoolean());
        Assert.Equal(JsonValueKind.Null, report.GetProperty("parts")[0].GetProperty("claims").ValueKind);
        Assert.Contains(report.GetProperty("reasons").EnumerateArray(), reason => reason.GetProperty("code").GetString() == StatusListCodes.Revoked);
    }

    [Fact]
    public async Task No_wallet_is_asked_for_paper()
    {
        using var response = await _verifier.PostJsonAsync("/verifications", new JsonObject { ["policy"] = "printed-resident" });
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal(VerifierCodes.RequestFormat, (await TestVerifier.ReadAsync(response)).GetProperty("code").GetString());
        using var good = await _verifier.PostJsonAsync("/verifications", new JsonObject { ["policy"] = "resident-certificate" });
        Assert.Equal(HttpStatusCode.Created, good.StatusCode);
    }

    private async Task<string> IssueAsync(int? index = null) => await QrDocumentIssuer.IssueAsync(
        new QrDocumentContent
        {
            Type = Type,
            Claims = StrictJson.Parse("""{ "family_name": "홍", "given_name": "길동", "address": { "region": "서울특별시", "city": "종로구" } }"""),
            IssuedAt = _verifier.Clock.Now,
            ExpiresAt = _verifier.Clock.Now.AddDays(90),
            Status = index is { } place ? new StatusReference(_verifier.Issuer.StatusUri, place) : null,
            Certificates = [_verifier.Issuer.Signer],
        },
        _verifier.Issuer.SigningKey,
        TestContext.Current.CancellationToken);

    private async Task<JsonElement> VerifyAsync(string document, string? policy = null)
    {
        var body = new JsonObject { ["document"] = document };
        if (policy is not null)
            body["policy"] = policy;
        using var response = await _verifier.PostJsonAsync("/documents/verify", body);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await TestVerifier.ReadAsync(response);
    }
}
