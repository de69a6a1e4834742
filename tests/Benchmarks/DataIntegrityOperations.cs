using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.DataIntegrity;
using Credentials.Dids;
using Credentials.JsonLd;
using Credentials.Keys;
using Credentials.Keys.Software;

namespace Credentials.Benchmarks;

/// <summary>W3C credentials with proofs inside them: a small one, and one with ten claims of which three are shown.</summary>
internal static class DataIntegrityOperations
{
    private const string Issuer = "https://issuer.example.com/issuers/1";
    private const string ContextUrl = "https://example.com/contexts/person/v1";

    private static readonly string[] s_names =
        ["givenName", "familyName", "birthDate", "email", "telephone", "nationality", "birthPlace", "documentNumber", "issuingAuthority", "ageOver18"];

    private static readonly SoftwareSigningKey s_ed25519 = SoftwareSigningKey.Generate(SignatureAlgorithm.EdDsa);
    private static readonly byte[] s_data = RandomNumberGenerator.GetBytes(64);
    private static readonly byte[] s_signature = s_ed25519.SignAsync(s_data).AsTask().Result;

    public static IReadOnlyList<Operation> All(Parties parties)
    {
        Operation sign = new("Ed25519 sign", () => _ = s_ed25519.SignAsync(s_data).AsTask().Result);
        Operation verify = new("Ed25519 verify", () => s_ed25519.PublicKey.Verify(s_data, s_signature));
        return
        [
            sign, verify,
            .. Suite(parties, DataIntegrityNames.EddsaJcs2022, sign, verify, 0.7),
            .. Suite(parties, DataIntegrityNames.EddsaRdfc2022, sign, verify, null),
            .. SelectiveDisclosure(parties),
        ];
    }

    private static IEnumerable<Operation> Suite(Parties parties, string suite, Operation sign, Operation verify, double? goal)
    {
        var document = Credential("givenName", "familyName", "birthDate");
        var options = OptionsFor(parties, suite);
        JsonObject Sign() => DataIntegrityIssuer.AddProofAsync(document, options, s_ed25519).Result;
        var signed = StrictJson.ToUtf8(Sign());
        return
        [
            new($"{suite} sign, small credential", () => Sign()) { Limit = [sign], Goal = goal },
            new($"{suite} verify, from text", () => Verify(parties, signed, s_ed25519)) { Limit = [verify], Goal = goal },
        ];
    }

    private static IEnumerable<Operation> SelectiveDisclosure(Parties parties)
    {
        var document = Credential(s_names);
        var options = OptionsFor(parties, DataIntegrityNames.EcdsaSd2023) with { MandatoryPointers = ["/issuer", "/validFrom"] };
        string[] shown = ["/credentialSubject/givenName", "/credentialSubject/familyName", "/credentialSubject/ageOver18"];
        JsonObject Sign() => DataIntegrityIssuer.AddProofAsync(document, options, parties.Agency).Result;
        var signed = StrictJson.ToElement(Sign());
        JsonObject Derive() => DataIntegrityPresenter.Derive(signed, shown, options.Contexts);
        var derived = StrictJson.ToUtf8(Derive());
        return
        [
            new("ecdsa-sd-2023 sign, ten claims", () => Sign()),
            new("ecdsa-sd-2023 derive, three of them", () => Derive()),
            new("ecdsa-sd-2023 verify, from text", () => Verify(parties, derived, parties.Agency)),
        ];
    }

    private static void Verify(Parties parties, byte[] document, SoftwareSigningKey key)
    {
        var result = DataIntegrityVerifier.VerifyAsync(StrictJson.Parse(document), new DataIntegrityExpectations
        {
            Now = parties.Now,
            Purpose = VerificationRelationship.AssertionMethod,
            Keys = (_, _, _) => ValueTask.FromResult(key.PublicKey),
            Contexts = s_contexts,
            ContextRule = ContextRule.Known,
        }).Result;
        if (!result.IsVerified) throw new InvalidOperationException(string.Join(", ", result.Checks));
    }

    private static readonly JsonLdContexts s_contexts = WithContext();

    private static JsonLdContexts WithContext()
    {
        var terms = string.Join(',', s_names.Append("PersonCredential").Select(name => $"\"{name}\":\"https://example.com/v#{name}\""));
        var bytes = Encoding.UTF8.GetBytes($"{{\"@context\":{{\"@version\":1.1,\"@protected\":true,{terms}}}}}");
        return JsonLdContexts.BuiltIn.With(ContextUrl, bytes, Convert.ToHexStringLower(SHA256.HashData(bytes)));
    }

    private static ProofOptions OptionsFor(Parties parties, string suite) => new()
    {
        Cryptosuite = suite,
        VerificationMethod = $"{Issuer}#key",
        Purpose = VerificationRelationship.AssertionMethod,
        Contexts = s_contexts,
        Created = parties.Now,
    };

    private static JsonElement Credential(params string[] claims) => StrictJson.ToElement(new JsonObject
    {
        ["@context"] = new JsonArray("https://www.w3.org/ns/credentials/v2", ContextUrl),
        ["id"] = "urn:uuid:98c5cffc-efa2-43e3-99f5-01e8ef404be0",
        ["type"] = new JsonArray("VerifiableCredential", "PersonCredential"),
        ["issuer"] = Issuer,
        ["validFrom"] = "2025-01-01T00:00:00Z",
        ["credentialSubject"] = new JsonObject(
            claims.Select(name => KeyValuePair.Create(name, (JsonNode?)$"value of {name}")).Prepend(new("id", "urn:uuid:d58b2365-0951-4373-96c8-e886d61829f2"))),
    });
}
