using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.Dcql;
using Credentials.Jose;
using Credentials.SdJwt;
using Credentials.SdJwt.TypeMetadata;
using Credentials.StatusLists;
using Credentials.Tests.Shared;
using Credentials.Trust;
using static Credentials.Tests.SdJwt.Workshop;

namespace Credentials.Tests.SdJwt;

/// <summary>Runs the test vectors for SD-JWT, published ones and ours, as they stand in their files.</summary>
public class ScenarioTests
{
    public static TheoryData<string> Files => new(
        new[] { "published/rfc9901", "published/sd-jwt-vc", "own/sd-jwt" }
            .SelectMany(folder => Directory.EnumerateFiles(RepositoryRoot.Combine("test-vectors", folder), "*.json")
                .Select(file => $"{folder}/{Path.GetFileName(file)}"))
            .Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Files))]
    public async Task The_vector_comes_out_as_it_says(string file)
    {
        var scenario = Read(file);
        var input = scenario.GetProperty("input");
        var expect = scenario.GetProperty("expect");
        switch (scenario.GetProperty("operation").GetString())
        {
            case "sd-jwt.verify":
                CompareReport(expect, await VerifyAsync(input.GetProperty("sd_jwt").GetString()!, ExpectationsOf(scenario)));
                break;
            case "sd-jwt.disclosure":
                var disclosure = Disclosure.Parse(input.GetProperty("disclosure").GetString()!);
                Assert.Equal(expect.GetProperty("digest").GetString(), disclosure.Digest(DisclosureHash.FromName(input.GetProperty("hash").GetString())!));
                AssertContents(expect.GetProperty("contents"), disclosure);
                break;
            case "sd-jwt.process":
                await ProcessAsync(input, expect);
                break;
            case "sd-jwt.round-trip":
                await RoundTripAsync(input, expect);
                break;
            case "type-metadata.parse":
                ParseTypeMetadata(input.GetProperty("document"), expect);
                break;
            default:
                Assert.Fail("The operation is unknown.");
                break;
        }
    }

    public static JsonElement Read(string file) => StrictJson.Parse(File.ReadAllBytes(RepositoryRoot.Combine("test-vectors", file)));

    public static SdJwtExpectations ExpectationsOf(JsonElement scenario)
    {
        var input = scenario.GetProperty("input");
        var binding = input.OptionalObject("key_binding");
        return new SdJwtExpectations
        {
            Trust = TrustOf(scenario.GetProperty("trust")),
            Now = DateTimeOffset.Parse(scenario.GetProperty("now").GetString()!, CultureInfo.InvariantCulture),
            Status = new StatusPolicy(StatusMode.Offline),
            Profile = input.GetProperty("profile").GetString() == "credential"
                ? SdJwtProfile.VerifiableCredential
                : SdJwtProfile.Plain([.. input.OptionalStringArray("header_types")!]),
            Types = input.OptionalStringArray("types"),
            Query = input.OptionalArray("query") is { } paths
                ? claims => paths.EnumerateArray().All(path => ClaimPath.Parse(path).Select(claims).Count > 0) ? null : DcqlCodes.ClaimMissing
                : null,
            KeyBinding = binding is { } bound
                ? KeyBindingExpectation.Required(bound.RequireString("audience"), bound.RequireString("nonce")) with
                {
                    TransactionData = [.. (bound.OptionalStringArray("transaction_data") ?? []).Select(data => new ExpectedTransactionData(data))],
                }
                : KeyBindingExpectation.NotRequested,
        };
    }

    private static TrustStore TrustOf(JsonElement trust) => TrustStore.Create(
    [
        .. (trust.OptionalArray("keys")?.EnumerateArray() ?? default).Select(key =>
            TrustAnchor.ForKey(Jwk.ParsePublic(key.GetProperty("jwk")), TrustPurpose.CredentialIssuer)),
        .. (trust.OptionalStringArray("certificates") ?? []).SelectMany(pem => TrustStore.FromPem(pem, TrustPurpose.CredentialIssuer).Anchors),
    ]);

    private static void CompareReport(JsonElement expect, VerificationReport report)
    {
        Assert.True(expect.GetProperty("accepted").GetBoolean() == report.IsAccepted, Describe(report));
        var lines = StrictJson.ToElement(report.ToJson()).GetProperty("parts")[0].GetProperty("checks").EnumerateArray()
            .ToDictionary(check => check.GetProperty("id").GetString()!, check => check.GetProperty("outcome").GetString());
        foreach (var check in expect.OptionalObject("checks")?.EnumerateObject() ?? default)
            Assert.Equal(check.Value.GetString(), lines[check.Name]);
        if (expect.OptionalString("code") is { } code) Assert.Contains(report.Checks, check => check.Outcome == CheckOutcome.Failed && check.Code == code);
        if (expect.OptionalObject("claims") is { } claims)
        {
            Assert.True(report.TryGetVerified(out var verified));
            AssertJson(claims, verified.Claims);
        }
    }

    private static void AssertContents(JsonElement contents, Disclosure disclosure)
    {
        Assert.Equal(contents[0].GetString(), disclosure.Salt);
        Assert.Equal(contents.GetArrayLength() == 3 ? contents[1].GetString() : null, disclosure.Name);
        AssertJson(contents[contents.GetArrayLength() - 1], disclosure.Value);
    }

    private static async Task ProcessAsync(JsonElement input, JsonElement expect)
    {
        var disclosures = input.OptionalStringArray("disclosures")!;
        var text = await SdJwtAsync(StrictJson.ToNode(input.GetProperty("payload"))!.AsObject(), [.. disclosures]);
        var credential = SdJwtCredential.Parse(text);
        if (expect.GetProperty("accepted").GetBoolean()) AssertJson(expect.GetProperty("claims"), credential.UnverifiedClaims());
        else Assert.Equal(expect.GetProperty("code").GetString(), Assert.Throws<MalformedDataException>(() => credential.UnverifiedClaims()).Code);
    }

    private static async Task RoundTripAsync(JsonElement input, JsonElement expect)
    {
        var bound = input.GetProperty("key_binding").GetBoolean();
        var issued = await SdJwtIssuer.IssueAsync(
            new SdJwtContent
            {
                HeaderType = "example+sd-jwt",
                Claims = StrictJson.ToNode(input.GetProperty("claims"))!.AsObject(),
                Disclosable = Paths("disclosable"),
                HolderKey = bound ? HolderKey.PublicKey : null,
            },
            IssuerKey, TestContext.Current.CancellationToken);
        var credential = SdJwtCredential.Parse(issued);
        var presentation = bound
            ? await SdJwtPresenter.PresentAsync(credential, Paths("disclose"), new KeyBinding(Audience, Nonce, Now), HolderKey, TestContext.Current.CancellationToken)
            : SdJwtPresenter.Select(credential, Paths("disclose")).ToString();

        var claims = StrictJson.ToNode(await AcceptAsync(presentation, (bound ? Bound : Expected) with { Profile = SdJwtProfile.Plain("example+sd-jwt") }))!.AsObject();
        claims.Remove("cnf");
        var wanted = StrictJson.ToNode(expect.GetProperty("claims"))!.AsObject();
        Assert.True(JsonNode.DeepEquals(wanted, claims), $"expected {wanted}\n but got {claims}");

        ClaimPath[] Paths(string name) => [.. input.GetProperty(name).EnumerateArray().Select(path => ClaimPath.Parse(path))];
    }

    private static void ParseTypeMetadata(JsonElement document, JsonElement expect)
    {
        if (!expect.GetProperty("accepted").GetBoolean())
        {
            Assert.Equal(expect.GetProperty("code").GetString(), Assert.Throws<MalformedDataException>(() => TypeMetadataDocument.Parse(document)).Code);
            return;
        }

        var written = TypeMetadataDocument.Parse(document).ToJson();
        AssertJson(StrictJson.ToElement(written), StrictJson.ToElement(TypeMetadataDocument.Parse(StrictJson.ToElement(written)).ToJson()));
        Assert.Equal(document.GetProperty("vct").GetString(), written["vct"]!.GetValue<string>());
        Assert.Equal(document.OptionalArray("claims")?.GetArrayLength() ?? 0, written["claims"]?.AsArray().Count ?? 0);
    }
}
