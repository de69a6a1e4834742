using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.Tests.Shared;
using Microsoft.Playwright;

namespace Credentials.Cli.Tests;

/// <summary>Certificates as QR codes: issue, print, verify from text and image, inspect.</summary>
public sealed class PrintedDocumentCommandsTests(Forge forge, Browser browser) : IClassFixture<Forge>, IClassFixture<Browser>
{
    private const string Dcc = """
        { "ver": "1.3.0", "dob": "1964-08-12", "nam": { "fn": "Mustermann", "fnt": "MUSTERMANN", "gn": "Erika", "gnt": "ERIKA" },
          "r": [ { "tg": "840539006", "fr": "2026-02-20", "df": "2026-04-04", "du": "2026-10-04", "co": "AT", "is": "Ministry of Health", "ci": "URN:UVCI:01:AT:1#A" } ] }
        """;

    private Task<ShellResult> IssueAsync(params string[] more) => CliProgram.RunAsync([
        "issue", "--format", "qr+cwt", "--type", "urn:test:1", "--claims", forge.Claims, "--key", forge.KeyFile, "--cert", forge.CertificateFile, .. more]);

    private Task<ShellResult> IssueHcertAsync(params string[] more) => CliProgram.RunAsync([
        "issue", "--format", "hcert", "--claims", forge.File(Dcc), "--key", forge.KeyFile, "--cert", forge.CertificateFile, .. more]);

    private static async Task<JsonElement> VerifyAsync(string text, params string[] more)
    {
        var result = await CliProgram.RunWithInputAsync(text, ["verify", "-", "--json", .. more]);
        var report = StrictJson.Parse(result.Stdout);
        Assert.Equal(report.GetProperty("accepted").GetBoolean() ? 0 : 1, result.ExitCode);
        return report;
    }

    private static string[] Failed(JsonElement report) =>
    [
        .. report.GetProperty("parts")[0].GetProperty("checks").EnumerateArray()
            .Where(check => check.GetProperty("outcome").GetString() is "failed" or "indeterminate").Select(check => check.GetProperty("id").GetString()!),
    ];

    [Fact]
    public async Task A_certificate_is_issued_and_verified_under_its_root()
    {
        var text = (await IssueAsync()).Succeeded();
        Assert.StartsWith("QD1:", text, StringComparison.Ordinal);
        var report = await VerifyAsync(text, "--trust", forge.Root);
        Assert.Empty(Failed(report));
        var part = report.GetProperty("parts")[0];
        Assert.Equal(("qr+cwt", "urn:test:1"), (part.GetProperty("format").GetString(), part.GetProperty("type").GetString()));
        Assert.True(JsonElement.DeepEquals(StrictJson.Parse(await File.ReadAllTextAsync(forge.Claims, TestContext.Current.CancellationToken)), part.GetProperty("claims")));

        var words = await CliProgram.RunWithInputAsync(text, "verify", "--trust", forge.Root);
        Assert.StartsWith("ACCEPTED", words.Succeeded(), StringComparison.Ordinal);
        Assert.Equal(["holder_binding"], Failed(await VerifyAsync(text, "--trust", forge.Root, "--audience", "a", "--nonce", "n")));
        Assert.Equal(["issuer_key"], Failed(await VerifyAsync(text, "--trust", forge.HolderPublicFile)));
    }

    [Fact]
    public async Task A_certificate_that_names_its_signer_is_smaller_and_needs_that_certificate()
    {
        var (carried, named) = ((await IssueAsync()).Succeeded(), (await IssueAsync("--by-key-id")).Succeeded());
        Assert.True(named.Length + 400 < carried.Length);
        Assert.Empty(Failed(await VerifyAsync(named, "--trust", forge.Root, forge.CertificateFile)));
        Assert.Equal(["issuer_key"], Failed(await VerifyAsync(named, "--trust", forge.Root)));
    }

    [Fact]
    public async Task A_bare_key_signs_too()
    {
        var text = (await CliProgram.RunAsync("issue", "--format", "qr+cwt", "--type", "urn:test:1", "--claims", forge.Claims, "--key", forge.HolderFile)).Succeeded();
        Assert.Empty(Failed(await VerifyAsync(text, "--trust", forge.HolderPublicFile)));
        Assert.Equal(["issuer_key"], Failed(await VerifyAsync(text, "--trust", forge.Root)));
    }

    [Fact]
    public async Task A_status_reference_is_looked_up()
    {
        var text = (await IssueAsync("--status", "https://status.example/1#42")).Succeeded();
        Assert.Equal(["status"], Failed(await VerifyAsync(text, "--trust", forge.Root, "--status", "offline")));
        Assert.Empty(Failed(await VerifyAsync(text, "--trust", forge.Root, "--status", "skip")));
    }

    [Fact]
    public async Task An_hcert_is_issued_and_verified_where_its_signer_is_trusted()
    {
        var text = (await IssueHcertAsync("--valid-days", "30")).Succeeded();
        Assert.StartsWith("HC1:", text, StringComparison.Ordinal);
        var report = await VerifyAsync(text, "--trust", forge.CertificateFile);
        Assert.Empty(Failed(report));
        Assert.Equal("eu_dcc_v1", report.GetProperty("parts")[0].GetProperty("type").GetString());
        Assert.Equal(["issuer_key"], Failed(await VerifyAsync(text, "--trust", forge.Root)));
        var later = TimeProvider.System.GetUtcNow().AddDays(31).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture);
        Assert.Equal(["validity"], Failed(await VerifyAsync(text, "--trust", forge.CertificateFile, "--at", later)));
    }

    [Fact]
    public async Task What_paper_has_not_is_a_usage_error()
    {
        foreach (var (result, said) in new[]
        {
            (await IssueAsync("--sd", "given_name"), "--sd"),
            (await IssueAsync("--holder", forge.HolderPublicFile), "--holder"),
            (await IssueAsync("--valid-days", "36500"), "certificate"),
            (await IssueHcertAsync("--status", "https://status.example/1#42"), "status"),
            (await IssueHcertAsync("--type", "urn:test:1"), "eu_dcc_v1"),
            (await CliProgram.RunAsync("issue", "--format", "hcert", "--claims", forge.File(Dcc), "--key", forge.KeyFile), "--cert"),
            (await CliProgram.RunAsync("issue", "--format", "hcert", "--claims", forge.Claims, "--key", forge.KeyFile, "--cert", forge.CertificateFile), "content"),
            (await CliProgram.RunAsync("issue", "--format", "qr+cwt", "--claims", forge.Claims, "--key", forge.KeyFile), "--type"),
            (await CliProgram.RunAsync("issue", "--format", "dc+sd-jwt", "--type", "urn:test:1", "--claims", forge.Claims, "--key", forge.KeyFile, "--print", "x.html"), "--print"),
            (await CliProgram.RunAsync(
                "issue", "--format", "qr+cwt", "--type", "urn:test:1", "--key", forge.KeyFile,
                "--claims", forge.File(StrictJson.ToText(new JsonObject { ["text"] = Convert.ToBase64String(System.Security.Cryptography.RandomNumberGenerator.GetBytes(1500)) }))), "characters"),
        })
        {
            Assert.Equal(2, result.ExitCode);
            Assert.Contains(said, result.Stderr, StringComparison.Ordinal);
            Assert.Empty(result.Stdout);
        }
    }

    [Fact]
    public async Task Inspect_says_what_stands_in_it_and_believes_nothing()
    {
        foreach (var (text, kind, said) in new[]
        {
            ((await IssueAsync("--status", "https://status.example/1#42")).Succeeded(), "printed document", "https://status.example/1"),
            ((await IssueHcertAsync()).Succeeded(), "EU Digital COVID Certificate", "Mustermann"),
        })
        {
            var description = StrictJson.Parse((await CliProgram.RunWithInputAsync(text, "inspect", "--json")).Succeeded());
            Assert.Equal(kind, description.GetProperty("kind").GetString());
            Assert.False(description.GetProperty("verified").GetBoolean());
            Assert.Contains(said, description.GetRawText(), StringComparison.Ordinal);
        }

        var rsa = StrictJson.Parse(await File.ReadAllTextAsync(RepositoryRoot.Combine("test-vectors", "published", "eu-dcc", "common_co1.json"), TestContext.Current.CancellationToken));
        var published = StrictJson.Parse((await CliProgram.RunWithInputAsync(rsa.GetProperty("input").GetProperty("text").GetString()!, "inspect", "--json")).Succeeded());
        Assert.Equal("PS256", published.GetProperty("issuer_signature").GetProperty("algorithm").GetString());
        Assert.Equal("324d2374e3abceb5", published.GetProperty("issuer_signature").GetProperty("key_id_hex").GetString());
        Assert.Equal(2, (await CliProgram.RunWithInputAsync("HC1:NCF", "inspect")).ExitCode);
    }

    [Fact]
    public async Task A_document_is_verified_from_the_picture_of_its_code()
    {
        SkipWithoutZbar();
        var image = forge.Folder.Combine("printed.png");
        foreach (var (text, trust) in new[] { ((await IssueAsync()).Succeeded(), forge.Root), ((await IssueHcertAsync()).Succeeded(), forge.CertificateFile) })
        {
            (await CliProgram.RunWithInputAsync(text, "qr", "encode", "-", "--out", image)).Succeeded();
            Assert.Equal(0, (await CliProgram.RunAsync("verify", "--qr", image, "--trust", trust)).ExitCode);
            Assert.Contains("claims", (await CliProgram.RunAsync("inspect", "--qr", image)).Succeeded(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_page_is_printed_and_its_code_is_read_back_from_it()
    {
        SkipWithoutZbar();
        var ct = TestContext.Current.CancellationToken;
        var claims = forge.File("""
            { "family_name": "김", "address": { "region": "서울특별시" }, "household_members": [ { "name": "김서연" }, { "name": "박지훈" } ], "age_over_19": true, "own_name": 17 }
            """);
        var file = forge.Folder.Combine("page.html");
        var text = (await CliProgram.RunAsync(
            "issue", "--format", "qr+cwt", "--type", "urn:credentials:kr:resident-certificate:1", "--claims", claims,
            "--key", forge.KeyFile, "--cert", forge.CertificateFile, "--print", file)).Succeeded();

        await using var context = await browser.NewContextAsync(new BrowserNewContextOptions { ViewportSize = new ViewportSize { Width = 800, Height = 1100 }, DeviceScaleFactor = 2 });
        var page = await context.NewPageAsync();
        var errors = new List<string>();
        page.Console += (_, message) => errors.Add(message.Text);
        await page.GotoAsync(new Uri(file).AbsoluteUri);
        var shown = await page.InnerTextAsync("body");
        foreach (var words in new[] { "주민등록표 등본", "Resident certificate", "Family name", "서울특별시", "Region", "박지훈", "yes", "own_name", "17", "신분증과 함께" })
            Assert.Contains(words, shown, StringComparison.Ordinal);
        // The style of the page itself is taken, and nothing is refused or missing.
        Assert.Equal("right", await page.EvaluateAsync<string>("() => getComputedStyle(document.querySelector('figure')).float"));
        Assert.Empty(errors);
        Assert.Empty(await Browser.SeriousFindingsAsync(page));

        var picture = forge.Folder.Combine("page.png");
        await File.WriteAllBytesAsync(picture, await page.ScreenshotAsync(), ct);
        Assert.Equal(text.Trim(), (await CliProgram.RunAsync("qr", "decode", picture)).Succeeded().Trim());
    }

    [Fact]
    public async Task Nothing_that_a_claim_says_becomes_part_of_the_page()
    {
        var ct = TestContext.Current.CancellationToken;
        var file = forge.Folder.Combine("injected.html");
        const string Script = "<script>document.title='x'</script><img src=x onerror=\"document.title='x'\">";
        var claims = StrictJson.ToText(new JsonObject
        {
            ["family_name"] = Script,
            ["\"><svg onload=x>"] = "</td></table></main>&amp;",
            ["given_name"] = "\u202egnirts\u0007",
        });
        (await CliProgram.RunAsync(
            "issue", "--format", "qr+cwt", "--type", "</title>" + Script, "--claims", forge.File(claims), "--key", forge.KeyFile, "--print", file, "--out", forge.Folder.Combine("x.txt"))).Succeeded();

        var html = await File.ReadAllTextAsync(file, ct);
        Assert.DoesNotContain("<script", html, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("<img", html, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("<svg onload", html, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain('\u202e', html);
        Assert.DoesNotContain('\u0007', html);
        var page = await browser.NewPageAsync();
        await page.GotoAsync(new Uri(file).AbsoluteUri);
        Assert.StartsWith("</title>", await page.TitleAsync(), StringComparison.Ordinal);
        Assert.Contains(Script, await page.InnerTextAsync("td >> nth=0"), StringComparison.Ordinal);
        Assert.Equal(1, await page.Locator("svg").CountAsync());
    }

    private static void SkipWithoutZbar() => Assert.SkipUnless(NativeLibrary.TryLoad("libzbar.so.0", out _), "libzbar0 is not installed.");
}
