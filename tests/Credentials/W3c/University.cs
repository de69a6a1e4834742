using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.Dids;
using Credentials.Keys;
using Credentials.Keys.Software;
using Credentials.SdJwt;
using Credentials.StatusLists;
using Credentials.Trust;
using Credentials.W3c;

namespace Credentials.Tests.W3c;

/// <summary>A university that issues diplomas of the W3C data model, somebody who holds one, and who checks it, with keys that every test shares.</summary>
internal static class University
{
    public const string Audience = "https://employer.example";
    public const string Nonce = "n-0S6_WzA2Mj";
    public const string DiplomaType = "UniversityDegreeCredential";

    public static readonly DateTimeOffset Now = new(2026, 11, 2, 9, 0, 0, TimeSpan.Zero);
    public static readonly SoftwareSigningKey IssuerKey = SoftwareSigningKey.Generate(SignatureAlgorithm.Es256);
    public static readonly SoftwareSigningKey HolderKey = SoftwareSigningKey.Generate(SignatureAlgorithm.EdDsa);
    public static readonly SoftwareSigningKey OtherKey = SoftwareSigningKey.Generate(SignatureAlgorithm.Es256);

    public static readonly string Issuer = DidKey.Create(IssuerKey.PublicKey);
    public static readonly string Holder = DidKey.Create(HolderKey.PublicKey);
    public static readonly string Stranger = DidKey.Create(OtherKey.PublicKey);

    public static readonly DidResolver Resolver = new(DidMethods.Key | DidMethods.Jwk);

    /// <summary>Trusts <see cref="Issuer"/> by its DID, and asks for no holder.</summary>
    public static W3cExpectations Expected { get; } = new()
    {
        Trust = TrustStore.Create([TrustAnchor.ForControlledIdentifier(Issuer, TrustPurpose.CredentialIssuer)]),
        Now = Now,
        Binding = KeyBindingExpectation.NotRequested,
        Status = new StatusPolicy(StatusMode.Offline),
        Identifiers = Resolver,
        HolderIdentifiers = Resolver,
    };

    /// <summary>The same, and the holder must present it.</summary>
    public static W3cExpectations Bound { get; } = Expected with { Binding = KeyBindingExpectation.Required(Audience, Nonce) };

    public static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>A credential of data model 2.0 that keeps every rule, changed as the test says.</summary>
    public static JsonObject Diploma(Action<JsonObject>? change = null)
    {
        var document = new JsonObject
        {
            ["@context"] = new JsonArray("https://www.w3.org/ns/credentials/v2", "https://www.w3.org/ns/credentials/examples/v2"),
            ["id"] = "urn:uuid:58172aac-d8ba-11ed-83dd-0b3aef56cc33",
            ["type"] = new JsonArray("VerifiableCredential", DiplomaType),
            ["name"] = "Diploma",
            ["issuer"] = Issuer,
            ["validFrom"] = "2026-02-20T00:00:00Z",
            ["validUntil"] = "2036-02-20T00:00:00+09:00",
            ["credentialSubject"] = new JsonObject
            {
                ["id"] = Holder,
                ["degree"] = new JsonObject { ["type"] = "BachelorDegree", ["name"] = "Bachelor of Science", ["year"] = 2026 },
            },
        };
        change?.Invoke(document);
        return document;
    }

    /// <summary>The same of data model 1.1.</summary>
    public static JsonObject DiplomaV1(Action<JsonObject>? change = null) => Diploma(document =>
    {
        document["@context"] = new JsonArray("https://www.w3.org/2018/credentials/v1", "https://www.w3.org/2018/credentials/examples/v1");
        document.Remove("name");
        document.Remove("validFrom");
        document.Remove("validUntil");
        document["issuanceDate"] = "2026-02-20T00:00:00Z";
        document["expirationDate"] = "2036-02-20T00:00:00Z";
        change?.Invoke(document);
    });

    public static JsonObject Presentation(Action<JsonObject>? change = null)
    {
        var document = new JsonObject
        {
            ["@context"] = new JsonArray("https://www.w3.org/ns/credentials/v2"),
            ["type"] = new JsonArray("VerifiablePresentation"),
            ["holder"] = Holder,
        };
        change?.Invoke(document);
        return document;
    }

    public static W3cContent Content(JsonObject? document = null) => new()
    {
        Credential = document ?? Diploma(),
        KeyId = DidKey.VerificationMethodOf(Issuer),
        SignedAt = Now.AddDays(-1),
    };

    public static async Task<string> IssueAsync(JsonObject? document = null, ISigningKey? key = null) =>
        await W3cIssuer.IssueJwtAsync(Content(document), key ?? IssuerKey, Ct);

    public static W3cPresentationContent Showing(params IReadOnlyList<string> credentials) => new()
    {
        Credentials = [.. credentials.Select(credential => (ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes(credential))],
        Audience = Audience,
        Nonce = Nonce,
        SignedAt = Now,
        Holder = Holder,
        KeyId = DidKey.VerificationMethodOf(Holder),
    };

    public static async Task<string> PresentAsync(W3cPresentationContent content, ISigningKey? key = null) =>
        await W3cPresenter.PresentJwtAsync(content, key ?? HolderKey, Ct);

    public static async Task<VerificationReport> AcceptAsync(string credential, W3cExpectations? expected = null)
    {
        var report = await W3cVerifier.VerifyCredentialAsync(credential, expected ?? Expected, Ct);
        Assert.True(report.TryGetVerified(out _), Describe(report));
        return report;
    }

    public static async Task<JsonElement> ClaimsAsync(string credential, W3cExpectations? expected = null) =>
        (await AcceptAsync(credential, expected)).TryGetVerified(out var verified) ? verified.Claims : throw new InvalidOperationException();

    /// <summary>Refused, with this check as it is said, all others good or waiting, and no claims given away.</summary>
    public static async Task RefuseOnlyAsync(string credential, string check, string code, W3cExpectations? expected = null, CheckOutcome outcome = CheckOutcome.Failed) =>
        AssertOnly(await W3cVerifier.VerifyCredentialAsync(credential, expected ?? Expected, Ct), check, code, outcome);

    public static void AssertOnly(VerificationReport report, string check, string code, CheckOutcome outcome = CheckOutcome.Failed)
    {
        Assert.False(report.IsAccepted, Describe(report));
        Assert.False(report.TryGetVerified(out _));
        var found = report.Checks.Single(c => c.Id == check);
        Assert.True(found.Outcome == outcome && found.Code == code, Describe(report));
        Assert.All(report.Checks.Where(c => c.Id != check), c =>
            Assert.True(c.Outcome is CheckOutcome.Passed or CheckOutcome.NotApplicable || c.BlockedBy is not null, Describe(report)));
    }

    public static void AssertCheck(VerificationReport report, string check, string code)
    {
        Assert.False(report.IsAccepted, Describe(report));
        var found = report.Checks.Single(c => c.Id == check);
        Assert.True(found.Outcome == CheckOutcome.Failed && found.Code == code, Describe(report));
    }

    public static void AssertHas(VerificationReport report, string check, CheckOutcome outcome, string? code = null) =>
        Assert.True(report.Checks.Any(c => c.Id == check && c.Outcome == outcome && c.Code == code), Describe(report));

    public static string Describe(VerificationReport report) => string.Join('\n',
        report.Checks.Select(c => $"{c.Id}: {c.Outcome} {c.Code} {c.BlockedBy}").Concat(report.Parts.Select(part => "part\n" + Describe(part))));

    public static JsonElement Element(JsonNode node) => StrictJson.ToElement(node);

    public static string Code(Action read) => Assert.ThrowsAny<CredentialException>(read).Code;
}
