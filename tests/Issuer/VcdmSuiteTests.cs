using System.Net;
using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.Issuer.Tests.Setup;
using Credentials.Tests.Shared;

namespace Credentials.Issuer.Tests;

/// <summary>
/// The inputs of W3C's <c>vc-data-model-2.0-test-suite</c> against the running VC API: what the suite calls ok is secured, what it calls fail is
/// refused. <c>CREDENTIALS_VCDM_SUITE</c> names a checkout; the suite's own runner is not needed.
/// </summary>
public class VcdmSuiteTests
{
    // Cases that come out otherwise here, and why.
    private static readonly Dictionary<string, string> s_otherwise = new(StringComparer.Ordinal)
    {
        ["credential-proof-ok"] = "has a proof: an issuer that adds its own takes none",
        ["presentation-holder-ok"] = "names another holder than this service",
        ["presentation-holder-object-ok"] = "the same",
        ["presentation-self-asserted-vc-ok"] = "the same: holder and issuer are one, and another",
        ["presentation-enveloped-vc-ok"] = "has the media type of an older draft",
    };

    [Fact]
    public async Task Every_input_comes_out_as_the_suite_says()
    {
        var suite = Environment.GetEnvironmentVariable("CREDENTIALS_VCDM_SUITE");
        Assert.SkipUnless(Directory.Exists(suite), "The suite is not here (CREDENTIALS_VCDM_SUITE names its folder).");
        using var folder = new TempFolder();
        await using var issuer = await RunningIssuer.StartAsync(folder.FullPath, configure: options => options.VcApi = true);
        var did = await DidAsync(issuer);
        var wrong = new List<string>();
        var (ok, fail) = (0, 0);
        foreach (var file in Directory.EnumerateFiles(Path.Combine(suite, "tests", "input"), "*.json", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            var name = Path.GetFileNameWithoutExtension(file);
            // "fail-or-inject" and the cases of self-asserted credentials are for runners that change what they send.
            if (!name.EndsWith("-ok", StringComparison.Ordinal) && !name.EndsWith("-fail", StringComparison.Ordinal))
                continue;
            var expected = name.EndsWith("-ok", StringComparison.Ordinal);
            var status = await PostAsync(issuer, name, Read(await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken)), did);
            var asSaid = expected ? status == HttpStatusCode.Created : status == HttpStatusCode.BadRequest;
            if (asSaid == s_otherwise.ContainsKey(name))
                wrong.Add($"{name}: {status}");
            if (asSaid && expected)
                ok++;
            else if (asSaid)
                fail++;
        }

        Assert.True(wrong.Count == 0, $"{ok} ok, {fail} fail; otherwise than listed:\n{string.Join('\n', wrong)}");
        TestContext.Current.TestOutputHelper?.WriteLine($"{ok} ok, {fail} fail");
    }

    // The suite's runner puts times where these words stand.
    private static JsonObject Read(string text) => StrictJson.ToNode(StrictJson.Parse(
        text.Replace("PAST DATE", "2020-01-01T00:00:00Z", StringComparison.Ordinal).Replace("FUTURE DATE", "2099-01-01T00:00:00Z", StringComparison.Ordinal)))!.AsObject();

    private static async Task<HttpStatusCode> PostAsync(RunningIssuer issuer, string name, JsonObject document, string did)
    {
        var isPresentation = name.StartsWith("presentation", StringComparison.Ordinal);
        // The suite's issuers are its own; where the issuer is not what a case is about, it is this service.
        if (!isPresentation && !name.StartsWith("credential-no-issuer", StringComparison.Ordinal) && !name.StartsWith("credential-issuer-", StringComparison.Ordinal))
        {
            if (document["issuer"] is JsonObject party)
                party["id"] = did;
            else
                document["issuer"] = did;
        }
        else if (document["issuer"] is JsonObject own && name.EndsWith("-ok", StringComparison.Ordinal))
        {
            own["id"] = did;
        }

        // Nor is the holder, of cases about contexts.
        if (name.StartsWith("presentation-context-", StringComparison.Ordinal))
            document.Remove("holder");

        var body = isPresentation
            ? new JsonObject { ["presentation"] = document }
            : new JsonObject { ["credential"] = document, ["options"] = new JsonObject { ["cryptosuite"] = "vc+jwt" } };
        using var response = await issuer.AgencyAsync(HttpMethod.Post, isPresentation ? "/vc-api/presentations/prove" : "/vc-api/credentials/issue", body);
        return response.StatusCode;
    }

    private static async Task<string> DidAsync(RunningIssuer issuer)
    {
        using var response = await issuer.Http.GetAsync(new Uri("/.well-known/did.json", UriKind.Relative), TestContext.Current.CancellationToken);
        return (await RunningIssuer.JsonAsync(response)).RequireString("id");
    }
}
