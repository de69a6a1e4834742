using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.Dcql;
using Credentials.SdJwt;
using Credentials.StatusLists;
using Credentials.Tests.Shared;
using Credentials.X509;
using static Credentials.Tests.SdJwt.Workshop;

namespace Credentials.Tests.SdJwt;

/// <summary>
/// Our own vectors: for every check a presentation in which only that check fails. <c>CREDENTIALS_UPDATE_VECTORS=1</c>
/// makes them anew, with fresh keys; <see cref="ScenarioTests"/> runs what is in the files.
/// </summary>
public class OwnVectorTests
{
    private const string Folder = "own/sd-jwt";
    private const string Data = "eyJ0eXBlIjoicGF5bWVudCJ9";

    private static readonly string _name = B64("""["c2FsdC1vZi0xMjgtYml0cw","given_name","Ana"]""");
    private static readonly bool _isUpdate = Environment.GetEnvironmentVariable("CREDENTIALS_UPDATE_VECTORS") == "1";

    private sealed record Case(string Check, string Description, string Code, string Text);

    [Fact]
    public async Task Every_check_has_a_vector_in_which_only_it_fails()
    {
        if (_isUpdate) await MakeAsync();

        var missing = SdJwtChecks.All.Where(id => !File.Exists(RepositoryRoot.Combine("test-vectors", Folder, $"only_{id}_fails.json")));
        Assert.Empty(missing);
        foreach (var id in SdJwtChecks.All)
        {
            var outcomes = ScenarioTests.Read($"{Folder}/only_{id}_fails.json").GetProperty("expect").GetProperty("checks");
            Assert.Equal(SdJwtChecks.All, outcomes.EnumerateObject().Select(outcome => outcome.Name));
            Assert.All(outcomes.EnumerateObject(), outcome =>
            {
                string[] allowed = outcome.Name == id ? ["failed"] : ["passed", "not_applicable", "not_run"];
                Assert.Contains(outcome.Value.GetString(), allowed);
            });
        }
    }

    [Theory]
    [InlineData("accepted")]
    [InlineData("only_kb_nonce_fails")]
    [InlineData("only_format_fails")]
    public async Task The_json_form_of_a_report_is_a_contract(string vector)
    {
        var scenario = ScenarioTests.Read($"{Folder}/{vector}.json");
        var report = await VerifyAsync(scenario.GetProperty("input").GetProperty("sd_jwt").GetString()!, ScenarioTests.ExpectationsOf(scenario));
        var golden = RepositoryRoot.Combine("test-vectors", "reports", $"sd_jwt_{vector}.json");
        if (_isUpdate) Write(golden, report.ToJson());

        AssertJson(StrictJson.Parse(File.ReadAllBytes(golden)), StrictJson.ToElement(report.ToJson()));
    }

    private static async Task MakeAsync()
    {
        var header = new JsonObject { ["typ"] = "dc+sd-jwt", ["x5c"] = X5c.ToJson([IssuerCertificate]) };
        var sdJwt = Join(await SignAsync(Payload(("_sd", Sd(_name)), ("_sd_alg", "sha-256")), header), _name);
        var accepted = await BindAsync(sdJwt, Confirm);
        await SaveAsync("accepted", "A presentation with key binding, transaction data and a query, all good", null, null, accepted);
        foreach (var made in await CasesAsync(header, sdJwt))
            await SaveAsync($"only_{made.Check}_fails", made.Description, made.Check, made.Code, made.Text);
    }

    private static async Task<IReadOnlyList<Case>> CasesAsync(JsonObject header, string sdJwt)
    {
        var good = Payload(("_sd", Sd(_name)), ("_sd_alg", "sha-256"));
        using var stranger = CertificateAuthority.Create("Stranger", "KR", Now);
        var strange = new JsonObject { ["typ"] = "dc+sd-jwt", ["x5c"] = X5c.ToJson([stranger.IssueDocumentSigner("Strange issuer", IssuerKey, Now)]) };
        var olderType = header.DeepClone().AsObject();
        olderType["typ"] = "vc+sd-jwt";
        return
        [
            new("format", "The final tilde is missing", SdJwtCodes.Malformed, sdJwt.TrimEnd('~')),
            new("issuer_key", "The certificate chain ends at an unknown root", X509Codes.Untrusted, await MadeAsync(good, strange)),
            new("issuer_signature", "Signed by another key than the certificate's", SdJwtCodes.SignatureInvalid,
                await BindAsync(Join(await SignAsync(good, header, OtherKey), _name), Confirm)),
            new("digests", "One digest appears twice", SdJwtCodes.DigestRepeated, await MadeAsync(With("_sd", Sd(_name, "decoy", "decoy")))),
            new("disclosures", "The disclosed name exists already", SdJwtCodes.ClaimNameTaken, await MadeAsync(With("given_name", "Eva"))),
            new("validity", "Expired 61 seconds ago", SdJwtCodes.Expired, await MadeAsync(With("exp", Now.ToUnixTimeSeconds() - 61))),
            new("type", "The typ of an earlier draft", SdJwtCodes.HeaderType, await MadeAsync(good, olderType)),
            new("holder_key", "cnf names a key by reference", SdJwtCodes.HolderKeyUnsupported, await MadeAsync(With("cnf", new JsonObject { ["kid"] = "1" }))),
            new("kb_signature", "The key binding JWT is signed by another key", SdJwtCodes.BindingSignatureInvalid, await BindAsync(sdJwt, Confirm, key: OtherKey)),
            new("kb_audience", "Made for another verifier", SdJwtCodes.BindingAudience, await BoundAsync("aud", "x509_hash:another")),
            new("kb_nonce", "Made for another request", SdJwtCodes.BindingNonce, await BoundAsync("nonce", "n-another")),
            new("kb_time", "Made 301 seconds ago", SdJwtCodes.BindingTime, await BoundAsync("iat", Now.ToUnixTimeSeconds() - 301)),
            new("kb_sd_hash", "The hash covers other disclosures", SdJwtCodes.BindingSdHash, await BoundAsync("sd_hash", Digest(sdJwt[..(sdJwt.IndexOf('~', StringComparison.Ordinal) + 1)]))),
            new("transaction_data", "Other transaction data is confirmed", SdJwtCodes.TransactionDataMismatch, await BoundAsync("transaction_data_hashes", new JsonArray(Digest("other")))),
            new("status", "The status reference has no index", StatusListCodes.MalformedReference,
                await MadeAsync(With("status", new JsonObject { ["status_list"] = new JsonObject { ["uri"] = "https://status.example/1" } }))),
            new("query", "The claim asked for is withheld", DcqlCodes.ClaimMissing, await BindAsync(sdJwt[..(sdJwt.IndexOf('~', StringComparison.Ordinal) + 1)], Confirm)),
        ];

        JsonObject With(string name, JsonNode? value)
        {
            var payload = good.DeepClone().AsObject();
            payload[name] = value;
            return payload;
        }

        async Task<string> MadeAsync(JsonObject payload, JsonObject? other = null) =>
            await BindAsync(Join(await SignAsync(payload, other ?? header), _name), Confirm);

        Task<string> BoundAsync(string name, JsonNode value) => BindAsync(sdJwt, claims =>
        {
            Confirm(claims);
            claims[name] = value;
        });
    }

    private static void Confirm(JsonObject claims) => claims["transaction_data_hashes"] = new JsonArray(Digest(Data));

    private static async Task SaveAsync(string name, string description, string? check, string? code, string text)
    {
        var scenario = new JsonObject
        {
            ["id"] = $"sd-jwt/{name}",
            ["description"] = description,
            ["source"] = "ours",
            ["operation"] = "sd-jwt.verify",
            ["now"] = "2026-11-02T09:00:00Z",
            ["trust"] = new JsonObject { ["certificates"] = new JsonArray(Authority.Certificate.ExportCertificatePem()) },
            ["input"] = new JsonObject
            {
                ["profile"] = "credential",
                ["sd_jwt"] = text,
                ["key_binding"] = new JsonObject { ["audience"] = Audience, ["nonce"] = Nonce, ["transaction_data"] = new JsonArray(Data) },
                ["query"] = new JsonArray(new JsonArray("given_name")),
            },
        };
        var report = await VerifyAsync(text, ScenarioTests.ExpectationsOf(StrictJson.ToElement(scenario)));
        var json = report.ToJson()["parts"]![0]!;
        var checks = new JsonObject();
        foreach (var line in json["checks"]!.AsArray()) checks[line!["id"]!.GetValue<string>()] = line["outcome"]!.DeepClone();
        scenario["expect"] = new JsonObject { ["accepted"] = check is null, ["checks"] = checks };
        if (code is not null) scenario["expect"]!["code"] = code;
        if (check is null) scenario["expect"]!["claims"] = json["claims"]!.DeepClone();
        Write(RepositoryRoot.Combine("test-vectors", Folder, $"{name}.json"), scenario);
    }

    private static void Write(string path, JsonObject json)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, json.ToJsonString(new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }) + "\n");
    }
}
