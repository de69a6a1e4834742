using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.Tests.Shared;
using Credentials.Verifier;

namespace Credentials.Interop.Tests;

/// <summary>A wallet of others with a licence of others in both formats, against our verifier: every way of asking, and every way of answering badly.</summary>
public sealed class VerifierWithOthersTests : IAsyncLifetime
{
    private readonly TempFolder _folder = new();
    private VerifierHost? _host;
    private HttpClient? _http;

    private string Wallet => _folder.Combine("wallet.json");

    public async ValueTask InitializeAsync()
    {
        if (NodeScript.MissingReason is not null) return;
        var pki = _folder.Combine("pki");
        (await CliProgram.RunAsync("pki", "new", "--out", pki, "--dns", "localhost")).Succeeded();
        Passed(await NodeScript.RunAsync("scripts/wallet-make.mjs", ["--pki", pki, "--wallet", Wallet], cancellationToken: TestContext.Current.CancellationToken));
        _host = await VerifierHost.BuildAsync(
            new VerifierHostOptions { DataFolder = _folder.Combine("data"), Port = 0, TrustFiles = [Path.Combine(pki, "root.pem")], AllowLoopbackHttp = true },
            cancellationToken: TestContext.Current.CancellationToken);
        _http = new HttpClient { BaseAddress = new Uri(_host.Ready.Url), DefaultRequestHeaders = { { "Authorization", $"Bearer {_host.Ready.ApiKey}" } } };
    }

    [Fact]
    public async Task Licences_of_others_are_accepted_by_every_way_of_asking_and_answering()
    {
        NodeScript.SkipWhenMissing();
        foreach (var format in new[] { "dc+sd-jwt", "mso_mdoc" })
            foreach (var mode in new[] { "direct_post", "direct_post.jwt" })
                foreach (var prefix in new[] { "x509_hash", "x509_san_dns", "redirect_uri" })
                {
                    var state = await AnswerAsync(mode, prefix, "--only", format);
                    Assert.True(state.RequireString("state") == "accepted", $"{format} {mode} {prefix}: {state}");
                    var credential = Assert.Single(state.RequireArray("credentials").EnumerateArray());
                    Assert.Equal(format, credential.RequireString("format"));
                    Assert.Equal("""{"age_over_19":true}""", credential.GetProperty("claims").GetRawText());
                }
    }

    [Theory]
    [InlineData("dc+sd-jwt", "nonce", "binding.nonce")]
    [InlineData("dc+sd-jwt", "audience", "binding.audience")]
    [InlineData("dc+sd-jwt", "key", "binding.signature_invalid")]
    [InlineData("dc+sd-jwt", "disclosure", "sd_jwt.disclosure_unreferenced")]
    [InlineData("dc+sd-jwt", "state", null)]
    [InlineData("dc+sd-jwt", "id", null)]
    [InlineData("dc+sd-jwt", "plain", null)]
    [InlineData("mso_mdoc", "nonce", "mdoc.device_auth_invalid")]
    [InlineData("mso_mdoc", "audience", "mdoc.device_auth_invalid")]
    [InlineData("mso_mdoc", "key", "mdoc.device_auth_invalid")]
    [InlineData("mso_mdoc", "element", "mdoc.digest_mismatch")]
    [InlineData("mso_mdoc", "state", null)]
    [InlineData("mso_mdoc", "id", null)]
    [InlineData("mso_mdoc", "plain", null)]
    public async Task Answers_of_others_with_one_thing_wrong_are_refused(string format, string spoilt, string? code)
    {
        NodeScript.SkipWhenMissing();

        var state = await AnswerAsync("direct_post.jwt", "x509_hash", "--only", format, "--spoil", spoilt);

        Assert.Equal(code is null ? "requested" : "not_accepted", state.RequireString("state"));
        Assert.Empty(state.RequireArray("credentials").EnumerateArray());
        if (code is not null)
            Assert.Contains(state.RequireArray("reasons").EnumerateArray(), reason => reason.OptionalString("code") == code);
    }

    /// <summary>Asks for "over 19", lets the wallet answer, and says what came of it.</summary>
    private async Task<JsonElement> AnswerAsync(string mode, string prefix, params string[] more)
    {
        var created = await CallAsync(HttpMethod.Post, "/verifications", new JsonObject { ["policy"] = "over-19", ["response_mode"] = mode, ["client_id_prefix"] = prefix });
        Passed(await NodeScript.RunAsync(
            "scripts/wallet-present.mjs", [created.RequireString("request_uri"), "--wallet", Wallet, "--trust", _host!.Ready.Trust, .. more],
            cancellationToken: TestContext.Current.CancellationToken));
        return await CallAsync(HttpMethod.Get, string.Create(CultureInfo.InvariantCulture, $"/verifications/{created.RequireString("id")}"));
    }

    private async Task<JsonElement> CallAsync(HttpMethod method, string path, JsonObject? body = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : new StringContent(body.ToJsonString(), null, "application/json") };
        using var response = await _http!.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.True(response.IsSuccessStatusCode, $"{(int)response.StatusCode}");
        return StrictJson.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    private static void Passed(ShellResult told) => Assert.True(StrictJson.Parse(told.Stdout).OptionalBoolean("ok"), told.Stdout);

    public async ValueTask DisposeAsync()
    {
        _http?.Dispose();
        if (_host is not null) await _host.DisposeAsync();
        _folder.Dispose();
    }
}
