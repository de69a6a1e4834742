using System.Text.Json;
using Credentials.Codecs;
using Credentials.Dcql;
using Credentials.Jose;
using Credentials.Keys;
using Credentials.Keys.Software;
using Credentials.SdJwt;
using Credentials.StatusLists;
using Credentials.Trust;

namespace Credentials.Cli.Vectors;

/// <summary>SD-JWT and SD-JWT VC: verification, disclosures, processing, and the whole way round.</summary>
internal static class SdJwtScenarios
{
    private const string RoundTripType = "example+sd-jwt";

    internal static async Task VerifyAsync(Scenario scenario, CancellationToken cancelled) =>
        Compare.Report(scenario, await ReportAsync(scenario, cancelled));

    internal static Task<VerificationReport> ReportAsync(Scenario scenario, CancellationToken cancelled) =>
        SdJwtVerifier.VerifyAsync(TextOf(scenario), ExpectationsOf(scenario), cancelled);

    internal static Task DisclosureAsync(Scenario scenario, CancellationToken cancelled) => Compare.Outcome(scenario, () =>
    {
        var disclosure = Disclosure.Parse(scenario.Input.RequireString("disclosure"));
        var hash = DisclosureHash.FromName(scenario.Input.RequireString("hash")) ?? throw new MismatchException("the hash is not supported");
        Compare.Same("digest", scenario.Expect.RequireString("digest"), disclosure.Digest(hash));
        var contents = scenario.Expect.RequireArray("contents");
        Compare.Same("salt", contents[0].GetString(), disclosure.Salt);
        Compare.Same("name", contents.GetArrayLength() == 3 ? contents[1].GetString() : null, disclosure.Name);
        Compare.SameJson("value", contents[contents.GetArrayLength() - 1], disclosure.Value);
    });

    internal static Task ProcessAsync(Scenario scenario, CancellationToken cancelled) => Compare.OutcomeAsync(scenario, async () =>
    {
        using var key = SoftwareSigningKey.Generate(SignatureAlgorithm.Es256);
        var payload = StrictJson.ToNode(scenario.Input.RequireObjectMember("payload"))!.AsObject();
        var jwt = await Jws.SignAsync(new() { ["typ"] = "dc+sd-jwt" }, payload, key, cancelled);
        var text = string.Join('~', [jwt, .. scenario.Input.OptionalStringArray("disclosures") ?? [], ""]);
        var claims = SdJwtCredential.Parse(text).UnverifiedClaims();
        Compare.SameJson("claims", scenario.Expect.RequireObjectMember("claims"), claims);
    });

    /// <summary>Issued, selected from, bound and verified: the claims that are left are the expected ones.</summary>
    internal static async Task RoundTripAsync(Scenario scenario, CancellationToken cancelled)
    {
        var isBound = scenario.Input.OptionalBoolean("key_binding") ?? false;
        using SoftwareSigningKey issuer = SoftwareSigningKey.Generate(SignatureAlgorithm.Es256), holder = SoftwareSigningKey.Generate(SignatureAlgorithm.Es256);
        var content = new SdJwtContent
        {
            HeaderType = RoundTripType,
            Claims = StrictJson.ToNode(scenario.Input.RequireObjectMember("claims"))!.AsObject(),
            Disclosable = Paths(scenario, "disclosable"),
            HolderKey = isBound ? holder.PublicKey : null,
        };
        var issued = SdJwtCredential.Parse(await SdJwtIssuer.IssueAsync(content, issuer, cancelled));
        var binding = new KeyBinding("https://verifier.example", "nonce", scenario.Now);
        var presentation = isBound
            ? await SdJwtPresenter.PresentAsync(issued, Paths(scenario, "disclose"), binding, holder, cancelled)
            : SdJwtPresenter.Select(issued, Paths(scenario, "disclose")).ToString();

        var report = await SdJwtVerifier.VerifyAsync(presentation, new SdJwtExpectations
        {
            Trust = TrustStore.Create([TrustAnchor.ForKey(issuer.PublicKey, TrustPurpose.CredentialIssuer)]),
            Now = scenario.Now,
            KeyBinding = isBound ? KeyBindingExpectation.Required(binding.Audience, binding.Nonce) : KeyBindingExpectation.NotRequested,
            Status = new StatusPolicy(StatusMode.Offline),
            Profile = SdJwtProfile.Plain(RoundTripType),
        }, cancelled);
        if (!report.TryGetVerified(out var verified))
            throw new MismatchException($"our own presentation is refused: {report.ToJson().ToJsonString()}");
        var claims = StrictJson.ToNode(verified.Claims)!.AsObject();
        claims.Remove("cnf");
        Compare.SameJson("claims", scenario.Expect.RequireObjectMember("claims"), claims);
    }

    internal static TrustStore TrustOf(Scenario scenario)
    {
        var trust = scenario.Json.RequireObjectMember("trust");
        return TrustStore.Create(
        [
            .. (trust.OptionalArray("keys")?.EnumerateArray() ?? default).Select(key =>
                TrustAnchor.ForKey(Jwk.ParsePublic(key.RequireObjectMember("jwk")), TrustPurpose.CredentialIssuer)),
            .. (trust.OptionalStringArray("certificates") ?? []).SelectMany(pem => TrustStore.FromPem(pem, TrustPurpose.CredentialIssuer).Anchors),
        ]);
    }

    private static SdJwtExpectations ExpectationsOf(Scenario scenario) => new()
    {
        Trust = TrustOf(scenario),
        Now = scenario.Now,
        Status = new StatusPolicy(StatusMode.Offline),
        Profile = ProfileOf(scenario) with { AcceptsJson = IsJson(scenario) },
        Types = scenario.Input.OptionalStringArray("types"),
        Query = scenario.Input.OptionalArray("query") is { } paths
            ? claims => paths.EnumerateArray().All(path => ClaimPath.Parse(path).Select(claims).Count > 0) ? null : DcqlCodes.ClaimMissing
            : null,
        KeyBinding = scenario.Input.OptionalObject("key_binding") is { } bound ? BindingOf(bound) : KeyBindingExpectation.NotRequested,
    };

    /// <summary>A JSON form stands in the file as the object that it is.</summary>
    private static bool IsJson(Scenario scenario) => scenario.Input.Member("sd_jwt") is { ValueKind: JsonValueKind.Object };

    private static string TextOf(Scenario scenario) =>
        IsJson(scenario) ? scenario.Input.GetProperty("sd_jwt").GetRawText() : scenario.Input.RequireString("sd_jwt");

    private static SdJwtProfile ProfileOf(Scenario scenario) => scenario.Input.RequireString("profile") == "credential"
        ? SdJwtProfile.VerifiableCredential
        : SdJwtProfile.Plain([.. scenario.Input.OptionalStringArray("header_types") ?? []]);

    private static KeyBindingExpectation BindingOf(JsonElement bound) =>
        KeyBindingExpectation.Required(bound.RequireString("audience"), bound.RequireString("nonce")) with
        {
            TransactionData = [.. (bound.OptionalStringArray("transaction_data") ?? []).Select(data => new ExpectedTransactionData(data))],
        };

    private static ClaimPath[] Paths(Scenario scenario, string name) => [.. scenario.Input.RequireArray(name).EnumerateArray().Select(path => ClaimPath.Parse(path))];
}
