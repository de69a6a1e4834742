using System.Text.Json;
using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.DataIntegrity;
using Credentials.Dids;
using Credentials.JsonLd;
using Credentials.Keys;
using Credentials.Keys.Software;

namespace Credentials.Tests.DataIntegrity;

/// <summary>An issuer with a key for each kind of cryptosuite, a credential, and a verifier that knows the issuer.</summary>
internal sealed class Parties : IDisposable
{
    public const string V2 = "https://www.w3.org/ns/credentials/v2";
    public const string Issuer = "https://university.example/issuers/1";

    public static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly Dictionary<string, SoftwareSigningKey> _keys = new()
    {
        ["ed"] = SoftwareSigningKey.Generate(SignatureAlgorithm.EdDsa),
        ["p256"] = SoftwareSigningKey.Generate(SignatureAlgorithm.Es256),
        ["p384"] = SoftwareSigningKey.Generate(SignatureAlgorithm.Es384),
    };

    /// <summary>Each cryptosuite with the keys that go with it.</summary>
    public static TheoryData<string, string> Suites { get; } = new()
    {
        { DataIntegrityNames.EddsaJcs2022, "ed" },
        { DataIntegrityNames.EddsaRdfc2022, "ed" },
        { DataIntegrityNames.EcdsaJcs2019, "p256" },
        { DataIntegrityNames.EcdsaJcs2019, "p384" },
        { DataIntegrityNames.EcdsaRdfc2019, "p256" },
        { DataIntegrityNames.EcdsaRdfc2019, "p384" },
    };

    public static JsonElement Degree { get; } = StrictJson.Parse("""
        {"@context":["https://www.w3.org/ns/credentials/v2","https://www.w3.org/ns/credentials/examples/v2"],
         "id":"urn:uuid:58172aac-d8ba-11ed-83dd-0b3aef56cc33","type":["VerifiableCredential","ExampleDegreeCredential"],
         "issuer":"https://university.example/issuers/1","validFrom":"2026-01-01T00:00:00Z",
         "credentialSubject":{"id":"did:example:holder","degree":{"type":"ExampleBachelorDegree","name":"Bachelor of Arts","year":2025},
           "courses":[{"name":"Logic","grade":1.3},{"name":"Rhetoric","grade":2.7}]}}
        """);

    public ISigningKey Key(string name) => _keys[name];

    public ProofOptions Options(string suite, string key) => new()
    {
        Cryptosuite = suite,
        VerificationMethod = $"{Issuer}#{key}",
        Purpose = VerificationRelationship.AssertionMethod,
        Contexts = JsonLdContexts.BuiltIn,
        Created = Now.AddDays(-1),
    };

    public Task<JsonObject> SignAsync(string suite, string key, Func<ProofOptions, ProofOptions>? change = null) => SignAsync(Degree, suite, key, change);

    public async Task<JsonObject> SignAsync(JsonElement document, string suite, string key, Func<ProofOptions, ProofOptions>? change = null)
    {
        var options = Options(suite, key);
        return await DataIntegrityIssuer.AddProofAsync(document, change is null ? options : change(options), Key(key), TestContext.Current.CancellationToken);
    }

    public DataIntegrityExpectations Expected => new()
    {
        Now = Now,
        Purpose = VerificationRelationship.AssertionMethod,
        Keys = FindKeyAsync,
        Contexts = JsonLdContexts.BuiltIn,
        ContextRule = ContextRule.Known,
    };

    public Task<DataIntegrityVerification> VerifyAsync(JsonNode document, Func<DataIntegrityExpectations, DataIntegrityExpectations>? change = null) =>
        DataIntegrityVerifier.VerifyAsync(
            StrictJson.Parse(StrictJson.ToUtf8(document)), change is null ? Expected : change(Expected), TestContext.Current.CancellationToken);

    /// <summary>The check fails with the code, and no other one but that of the signature, over what was changed.</summary>
    public static void AssertFails(DataIntegrityVerification result, string check, string code)
    {
        Assert.False(result.IsVerified);
        Assert.False(result.TryGetDocument(out _));
        Assert.Contains(result.Checks, line => line.Id == check && line.Outcome == CheckOutcome.Failed && line.Code == code);
        Assert.DoesNotContain(result.Checks, line => line.Outcome == CheckOutcome.Failed && line.Id != check && line.Id != DataIntegrityChecks.Signature);
    }

    public void Dispose()
    {
        foreach (var key in _keys.Values)
            key.Dispose();
    }

    /// <summary>As a controlled identifier document would: the keys are for statements, and the Ed25519 one also for authentication.</summary>
    private ValueTask<PublicKey> FindKeyAsync(string verificationMethod, VerificationRelationship relationship, CancellationToken cancellationToken)
    {
        if (!verificationMethod.StartsWith(Issuer + "#", StringComparison.Ordinal) || !_keys.TryGetValue(verificationMethod[(Issuer.Length + 1)..], out var key))
            throw new MalformedDataException(DidCodes.MethodMissing, "The issuer has no such key.");
        if (relationship != VerificationRelationship.AssertionMethod && !(relationship == VerificationRelationship.Authentication && key == _keys["ed"]))
            throw new MalformedDataException(DidCodes.MethodMissing, "The key is not listed for this.");
        return ValueTask.FromResult(key.PublicKey);
    }
}
