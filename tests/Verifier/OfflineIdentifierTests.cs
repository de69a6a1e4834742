using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.Dids;
using Credentials.Http;
using Credentials.Keys;
using Credentials.Keys.Software;
using Credentials.Tests.Shared;
using Credentials.Verifier.Tests.Setup;
using Credentials.Verifier.Trust;
using Credentials.W3c;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Credentials.Verifier.Tests;

/// <summary>The network is away: the document of a did:web issuer comes from a copy, for as long as the policy says.</summary>
public sealed class OfflineIdentifierTests : IAsyncLifetime
{
    private readonly TempFolder _folder = new();
    private readonly SoftwareSigningKey _key = SoftwareSigningKey.Generate(SignatureAlgorithm.Es256);
    private readonly SoftwareSigningKey _nextKey = SoftwareSigningKey.Generate(SignatureAlgorithm.Es256);
    private readonly int _port = FreePort.Next();
    private readonly TestVerifier _verifier = new();
    private WebApplication? _host;
    private JsonObject? _document;
    private int _fetches;

    private string Did => $"did:web:localhost%3A{_port}";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _document = Document(("k", _key));
        await ReviveAsync();
        _folder.Write("trust.txt", Did + "\n");
        var port = FreePort.Next();
        _verifier.Alter = o => o with { Port = port, TrustFiles = [_folder.Combine("trust.txt")], OfflineMaxAge = TimeSpan.FromHours(2) };
        await _verifier.InitializeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _verifier.DisposeAsync();
        await KillAsync();
        _key.Dispose();
        _nextKey.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_kept_document_answers_with_its_age_until_the_limit_and_its_host_is_not_asked_twice()
    {
        var credential = await IssueAsync(_key, "k");
        Assert.Equal((true, "passed", null, null), await CheckAsync(credential));
        Assert.Equal((true, "passed", null, null), await CheckAsync(credential));
        Assert.Equal(1, _fetches);
        await KillAsync();
        // What was in memory is gone too.
        await _verifier.RestartAsync();

        _verifier.Clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal((true, "passed", DidCodes.CopyUsed, 3600), await CheckAsync(credential));
        _verifier.Clock.Advance(TimeSpan.FromMinutes(59));
        Assert.Equal((true, "passed", DidCodes.CopyUsed, 7140), await CheckAsync(credential));
        _verifier.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal((false, "indeterminate", HttpCodes.Unreachable, null), await CheckAsync(credential));

        await ReviveAsync();
        _verifier.Clock.Advance(TimeSpan.FromSeconds(31));
        Assert.Equal((true, "passed", null, null), await CheckAsync(credential));
        Assert.Equal((true, "passed", null, null), await CheckAsync(credential));
        Assert.Equal(2, _fetches);
    }

    [Fact]
    public async Task Who_does_not_say_how_old_a_copy_may_be_takes_none()
    {
        var alter = _verifier.Alter;
        _verifier.Alter = o => alter(o) with { OfflineMaxAge = TimeSpan.Zero };
        await _verifier.RestartAsync();
        var credential = await IssueAsync(_key, "k");
        Assert.True((await CheckAsync(credential)).Accepted);
        await KillAsync();
        await _verifier.RestartAsync();
        Assert.Equal((false, "indeterminate", HttpCodes.Unreachable, null), await CheckAsync(credential));
    }

    [Theory]
    [InlineData("a byte")]
    [InlineData("cut")]
    [InlineData("empty")]
    public async Task A_copy_that_was_changed_is_as_good_as_none_and_fetched_anew(string fault)
    {
        var credential = await IssueAsync(_key, "k");
        Assert.True((await CheckAsync(credential)).Accepted);
        var file = Assert.Single(Directory.GetFiles(Path.Combine(_verifier.DataFolder, "offline")));
        var content = await File.ReadAllBytesAsync(file, Ct);
        await KillAsync();
        await _verifier.Host.DisposeAsync();
        content[^2] ^= 1;
        await File.WriteAllBytesAsync(file, fault switch { "a byte" => content, "cut" => content[..^1], _ => [] }, Ct);
        await _verifier.RestartAsync();
        Assert.Equal((false, "indeterminate", HttpCodes.Unreachable, null), await CheckAsync(credential));

        await ReviveAsync();
        _verifier.Clock.Advance(TimeSpan.FromSeconds(31));
        Assert.True((await CheckAsync(credential)).Accepted);
        Assert.Equal(2, _fetches);
        await KillAsync();
        await _verifier.RestartAsync();
        _verifier.Clock.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal((true, "passed", DidCodes.CopyUsed, 600), await CheckAsync(credential));
    }

    [Fact]
    public async Task A_key_that_the_copy_does_not_have_is_undecided_until_the_background_has_fetched_it()
    {
        var (credential, next) = (await IssueAsync(_key, "k"), await IssueAsync(_nextKey, "next"));
        Assert.True((await CheckAsync(credential)).Accepted);
        await KillAsync();
        await _verifier.RestartAsync();
        Assert.True((await CheckAsync(credential)).Accepted);
        Assert.Equal((false, "indeterminate", HttpCodes.Unreachable, null), await CheckAsync(next));

        _document = Document(("k", _key), ("next", _nextKey));
        await ReviveAsync();
        _verifier.Clock.Advance(TimeSpan.FromMinutes(30));
        await _verifier.Host.Services.GetServices<IHostedService>().OfType<OfflineRefresh>().Single().RunAsync(Ct);
        Assert.Equal(2, _fetches);
        await KillAsync();
        await _verifier.RestartAsync();
        _verifier.Clock.Advance(TimeSpan.FromMinutes(100));
        Assert.Equal((true, "passed", DidCodes.CopyUsed, 6000), await CheckAsync(credential));
        Assert.Equal((true, "passed", DidCodes.CopyUsed, 6000), await CheckAsync(next));
        // Known to the copy, and not good: that is decided.
        Assert.Equal("failed", (await CheckAsync(await IssueAsync(_nextKey, "k"), W3cChecks.IssuerSignature)).Outcome);
    }

    [Fact]
    public async Task An_identifier_that_its_host_took_away_does_not_come_back_with_a_copy()
    {
        var credential = await IssueAsync(_key, "k");
        Assert.True((await CheckAsync(credential)).Accepted);
        var document = _document;
        _document = null;
        await _verifier.RestartAsync();
        Assert.Equal((false, "failed", DidCodes.NotFound, null), await CheckAsync(credential));
        await KillAsync();
        await _verifier.RestartAsync();
        _verifier.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal((false, "indeterminate", HttpCodes.Unreachable, null), await CheckAsync(credential));
        Assert.Empty(Directory.GetFiles(Path.Combine(_verifier.DataFolder, "offline")));

        _document = document;
        await ReviveAsync();
        _verifier.Clock.Advance(TimeSpan.FromSeconds(31));
        Assert.True((await CheckAsync(credential)).Accepted);
    }

    private async Task ReviveAsync()
    {
        _host = QuietServer.CreateBuilder().Build();
        _host.Urls.Add($"http://localhost:{_port}");
        _host.MapGet("/.well-known/did.json", () =>
        {
            Interlocked.Increment(ref _fetches);
            return _document is { } document ? Results.Json(document) : Results.NotFound();
        });
        await _host.StartAsync(Ct);
    }

    private async Task KillAsync()
    {
        if (_host is not { } host) return;
        _host = null;
        await host.DisposeAsync();
    }

    private JsonObject Document(params (string Fragment, SoftwareSigningKey Key)[] keys) => StrictJson.ToNode(ControlledIdentifierDocument.Create(
        Did, [.. keys.Select(key => (key.Fragment, key.Key.PublicKey, (IReadOnlyList<VerificationRelationship>)[VerificationRelationship.AssertionMethod]))]).Json)!.AsObject();

    private ValueTask<string> IssueAsync(SoftwareSigningKey key, string fragment)
    {
        var credential = new JsonObject
        {
            ["@context"] = new JsonArray(W3cNames.BaseContext, "urn:credentials:contexts:certificates:1"),
            ["type"] = new JsonArray("VerifiableCredential", "UniversityDegreeCredential"),
            ["issuer"] = Did,
            ["credentialSubject"] = new JsonObject { ["degree"] = "BSc" },
        };
        return W3cIssuer.IssueJwtAsync(new W3cContent { Credential = credential, KeyId = $"{Did}#{fragment}" }, key, Ct);
    }

    private async Task<(bool Accepted, string Outcome, string? Code, int? Age)> CheckAsync(string document, string id = W3cChecks.IssuerKey)
    {
        using var response = await _verifier.PostJsonAsync("/documents/verify", new JsonObject { ["document"] = document });
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var report = await TestVerifier.ReadAsync(response);
        var check = report.GetProperty("parts")[0].GetProperty("checks").EnumerateArray().Single(one => TestVerifier.Text(one, "id") == id);
        return (report.GetProperty("accepted").GetBoolean(), TestVerifier.Text(check, "outcome"), Member(check, "code")?.GetString(), Member(check, "age_seconds")?.GetInt32());
    }

    private static JsonElement? Member(JsonElement json, string name) => json.TryGetProperty(name, out var value) ? value : null;
}
