using System.Globalization;
using System.Text.Json;
using Credentials.Codecs;
using Credentials.Tests.Shared;

namespace Credentials.EndToEnd.Tests;

/// <summary>A university's own type of diploma, from a catalogue file to a wallet to an employer, each in a process of its own.</summary>
public class DiplomaTests
{
    private const string Claims = """
        {"familyName":"홍","givenName":"길동","birthDate":"1999-03-01","university":"Example University","degree":"Bachelor of Science",
         "fieldOfStudy":"Physics","graduationYear":2026,"gradeAverage":"4.21","certificateNumber":"2026-0001"}
        """;

    [Theory]
    [InlineData("university_degree", "ldp_vc", "university-degree")]
    [InlineData("own_degree", "vc", "own-degree")]
    public async Task A_diploma_goes_to_a_wallet_and_a_verifier_sees_degree_and_year_only(string type, string format, string policy)
    {
        using var folder = new TempFolder();
        var ct = TestContext.Current.CancellationToken;
        var claims = folder.Combine("claims.json");
        await File.WriteAllTextAsync(claims, Claims, ct);
        Directory.CreateDirectory(folder.Combine("catalog"));
        Directory.CreateDirectory(folder.Combine("policies"));
        // The same diploma of data model 2.0, as an agency would add a type of its own.
        await File.WriteAllTextAsync(folder.Combine("catalog/own_degree.json"), """
            {
              "id": "own_degree", "format": "vc", "types": ["UniversityDegreeCredential"], "contexts": ["urn:credentials:contexts:certificates:1"],
              "cryptosuite": "ecdsa-sd-2023", "validity": { "days": 30 }, "display": [{ "locale": "en", "name": "Degree" }],
              "claims": [
                { "name": "familyName", "type": "text", "mandatory": true, "display": { "en": "Family name" } },
                { "name": "givenName", "type": "text", "mandatory": true, "display": { "en": "Given name" } },
                { "name": "birthDate", "type": "date", "display": { "en": "Date of birth" } },
                { "name": "university", "type": "text", "mandatory": true, "display": { "en": "University" } },
                { "name": "degree", "type": "text", "mandatory": true, "display": { "en": "Degree" } },
                { "name": "fieldOfStudy", "type": "text", "display": { "en": "Field" } },
                { "name": "graduationYear", "type": "number", "mandatory": true, "display": { "en": "Year" } },
                { "name": "gradeAverage", "type": "text", "display": { "en": "Grades" } },
                { "name": "certificateNumber", "type": "text", "display": { "en": "Number" } }
              ]
            }
            """, ct);
        await File.WriteAllTextAsync(folder.Combine("policies/own-degree.json"), """
            {
              "name": "own-degree", "purpose": { "ko": "학위를 확인합니다", "en": "Check your degree" }, "status_max_age_seconds": 0, "allow_unsigned_request": false,
              "dcql_query": { "credentials": [{
                "id": "degree", "format": "vc", "meta": { "type_values": [["urn:credentials:certificates:1#UniversityDegreeCredential"]] },
                "claims": [{ "path": ["credentialSubject", "degree"] }, { "path": ["credentialSubject", "graduationYear"] }] }] }
            }
            """, ct);

        await using var issuer = await CliProgram.ServeAsync(["issuer", "serve", "--data", folder.Combine("issuer"), "--port", Port(), "--catalog", folder.Combine("catalog"), "--json"]);
        var issuerReady = issuer.Ready;
        await using var verifier = await CliProgram.ServeAsync(
            ["verifier", "serve", "--data", folder.Combine("verifier"), "--port", Port(), "--policies", folder.Combine("policies"), "--trust", issuerReady["trust"], "--json"]);
        var verifierReady = verifier.Ready;
        string[] agency = ["--url", issuerReady["url"], "--api-key", issuerReady["api_key"], "--json"];
        string[] employer = ["--url", verifierReady["url"], "--api-key", verifierReady["api_key"], "--json"];
        var home = folder.Combine("home");

        var offer = await JsonAsync(["issuer", "offer", type, "--claims", claims, "--subject", "s1", .. agency]);
        var received = await JsonAsync(["wallet", "receive", offer.RequireString("offer_uri"), "--home", home, "--trust-issuer", issuerReady["trust"], "--copies", "2", "--yes", "--json"]);
        Assert.True(received.RequireArray("documents")[0].OptionalBoolean("stored"), received.GetRawText());

        var asked = await JsonAsync(["verifier", "request", policy, .. employer]);
        var shared = await CliProgram.RunAsync("wallet", "present", asked.RequireString("request_uri"), "--home", home, "--trust-verifier", verifierReady["trust"], "--yes", "--json");
        Assert.True(shared.ExitCode == 0, shared.Stdout + shared.Stderr);
        var result = await CliProgram.RunAsync(["verifier", "result", asked.RequireString("id"), .. employer]);
        Assert.True(result.ExitCode == 0, result.Stdout);
        var credential = StrictJson.Parse(result.Stdout).RequireArray("credentials")[0];
        Assert.Equal(format, credential.RequireString("format"));
        Assert.Equal("""{"credentialSubject":{"degree":"Bachelor of Science","graduationYear":2026}}""", Sorted(credential.RequireObjectMember("claims")));
        // Not one of the others left the wallet, under whatever name.
        Assert.All((string[])["홍", "길동", "1999-03-01", "Physics", "4.21", "2026-0001", "Example University"], value => Assert.DoesNotContain(value, result.Stdout, StringComparison.Ordinal));
        Assert.DoesNotContain("dcql.more_than_asked", result.Stdout, StringComparison.Ordinal);

        // Revoked, it is refused: the verifier fetches the bitstring list from the issuer.
        foreach (var one in (await JsonAsync(["issuer", "list", "--subject", "s1", .. agency])).RequireArray("credentials").EnumerateArray())
            await JsonAsync(["issuer", "revoke", one.RequireString("id"), "--reason", "test", .. agency]);
        if (policy != "own-degree") return; // the shipped policy takes a list that is up to an hour old
        asked = await JsonAsync(["verifier", "request", policy, .. employer]);
        var refused = await CliProgram.RunAsync("wallet", "present", asked.RequireString("request_uri"), "--home", home, "--yes", "--json");
        Assert.True(refused.ExitCode == 1, refused.Stdout + refused.Stderr);
        result = await CliProgram.RunAsync(["verifier", "result", asked.RequireString("id"), .. employer]);
        Assert.True(result.ExitCode == 1 && result.Stdout.Contains("status.revoked", StringComparison.Ordinal), result.Stdout + result.Stderr);
    }

    [Fact]
    public async Task An_employment_certificate_as_a_jwt_of_data_model_1_1_goes_the_same_way()
    {
        using var folder = new TempFolder();
        var ct = TestContext.Current.CancellationToken;
        var claims = folder.Combine("claims.json");
        await File.WriteAllTextAsync(claims, """
            {"familyName":"홍","givenName":"길동","employer":"Example Works","position":"Engineer","employedFrom":"2020-03-01","certificateNumber":"1","issueDate":"2026-01-01"}
            """, ct);
        await using var issuer = await CliProgram.ServeAsync(["issuer", "serve", "--data", folder.Combine("issuer"), "--port", Port(), "--json"]);
        var issuerReady = issuer.Ready;
        await using var verifier = await CliProgram.ServeAsync(["verifier", "serve", "--data", folder.Combine("verifier"), "--port", Port(), "--trust", issuerReady["trust"], "--json"]);
        var verifierReady = verifier.Ready;
        string[] agency = ["--url", issuerReady["url"], "--api-key", issuerReady["api_key"], "--json"];
        string[] bank = ["--url", verifierReady["url"], "--api-key", verifierReady["api_key"], "--json"];
        var home = folder.Combine("home");
        var offer = await JsonAsync(["issuer", "offer", "employment", "--claims", claims, .. agency]);
        await JsonAsync(["wallet", "receive", offer.RequireString("offer_uri"), "--home", home, "--trust-issuer", issuerReady["trust"], "--yes", "--json"]);
        var asked = await JsonAsync(["verifier", "request", "employment", .. bank]);
        var shared = await CliProgram.RunAsync("wallet", "present", asked.RequireString("request_uri"), "--home", home, "--trust-verifier", verifierReady["trust"], "--yes", "--json");
        Assert.True(shared.ExitCode == 0, shared.Stdout + shared.Stderr);
        var result = await JsonAsync(["verifier", "result", asked.RequireString("id"), .. bank]);
        Assert.Equal("""{"credentialSubject":{"employedFrom":"2020-03-01","employer":"Example Works","position":"Engineer"}}""", Sorted(result.RequireArray("credentials")[0].RequireObjectMember("claims")));
        // A JWT shows all that it says: the report tells so, and passes on what was asked for.
        Assert.Contains("dcql.more_than_asked", result.GetRawText(), StringComparison.Ordinal);
    }

    private static string Sorted(JsonElement claims) => System.Text.Encoding.UTF8.GetString(Jcs.Canonicalize(claims));

    private static async Task<JsonElement> JsonAsync(string[] command)
    {
        var result = await CliProgram.RunAsync(command);
        Assert.True(result.ExitCode == 0, result.Stdout + result.Stderr);
        return StrictJson.Parse(result.Stdout);
    }

    private static string Port() => FreePort.Next().ToString(CultureInfo.InvariantCulture);
}
