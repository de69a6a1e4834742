using System.Text;
using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.Dids;
using Credentials.Jose;
using Credentials.Keys;
using Credentials.Keys.Software;

namespace Credentials.Tests.Dids;

/// <summary>Controlled Identifiers §2 and §3.3: which keys a document gives, and for what.</summary>
public class ControlledIdentifierDocumentTests
{
    private const string Id = "https://controller.example/101";

    private static readonly DateTimeOffset s_now = new(2026, 11, 2, 9, 0, 0, TimeSpan.Zero);
    private static readonly SoftwareSigningKey s_key = SoftwareSigningKey.Generate(SignatureAlgorithm.Es256);
    private static readonly SoftwareSigningKey s_other = SoftwareSigningKey.Generate(SignatureAlgorithm.EdDsa);

    private static JsonObject Method(string fragment = "#k", string controller = Id) => new()
    {
        ["id"] = Id + fragment,
        ["type"] = "JsonWebKey",
        ["controller"] = controller,
        ["publicKeyJwk"] = Jwk.Write(s_key.PublicKey),
    };

    private static JsonObject Document(Action<JsonObject>? change = null)
    {
        var document = new JsonObject
        {
            ["@context"] = "https://www.w3.org/ns/cid/v1",
            ["id"] = Id,
            ["verificationMethod"] = new JsonArray(Method()),
            ["assertionMethod"] = new JsonArray(Id + "#k"),
        };
        change?.Invoke(document);
        return document;
    }

    private static ControlledIdentifierDocument Parse(JsonObject document) => ControlledIdentifierDocument.Parse(StrictJson.ToUtf8(document), Id);

    private static PublicKey Find(JsonObject document, VerificationRelationship use = VerificationRelationship.AssertionMethod, string fragment = "#k") =>
        Parse(document).Find(Id + fragment, use, s_now).Key;

    private static string Refusal(JsonObject document, VerificationRelationship use = VerificationRelationship.AssertionMethod, string fragment = "#k") =>
        Assert.ThrowsAny<CredentialException>(() => Find(document, use, fragment)).Code;

    [Fact]
    public void A_key_is_found_under_the_relationship_that_lists_it()
    {
        Assert.Equal(s_key.PublicKey, Find(Document()));
        Assert.Equal(s_key.PublicKey, Find(Document(d => d.Remove("@context"))));
        Assert.Equal(s_key.PublicKey, Find(Document(d => d["assertionMethod"] = new JsonArray("#k"))));
        Assert.Equal(s_key.PublicKey, Find(Document(d => d["verificationMethod"]![0]!["id"] = "#k")));
        Assert.Equal(s_key.PublicKey, Find(Document(d => d["verificationMethod"]![0]!["type"] = "JsonWebKey2020")));
    }

    [Fact]
    [Trait("Row", "LDP-08")]
    public void A_key_is_refused_for_a_use_that_the_document_does_not_list_it_for()
    {
        Assert.Equal(DidCodes.Relationship, Refusal(Document(), VerificationRelationship.Authentication));
        Assert.Equal(DidCodes.Relationship, Refusal(Document(d => d.Remove("assertionMethod"))));
        Assert.Equal(s_key.PublicKey, Find(Document(d => d["authentication"] = new JsonArray("#k")), VerificationRelationship.Authentication));
    }

    [Fact]
    [Trait("Row", "LDP-08")]
    public void A_key_of_another_controller_is_refused()
    {
        Assert.Equal(DidCodes.ControllerMismatch, Refusal(Document(d => d["verificationMethod"]![0]!["controller"] = "https://victim.example/1")));
        // A document cannot speak for a key of another document either, whatever id it gives it.
        Assert.Equal(DidCodes.MethodMissing, Refusal(Document(d => d["verificationMethod"]![0]!["id"] = "https://victim.example/1#k")));
        var foreign = Document(d =>
        {
            d["verificationMethod"]![0]!["id"] = "https://victim.example/1#k";
            d["verificationMethod"]![0]!["controller"] = "https://victim.example/1";
            d["assertionMethod"] = new JsonArray("https://victim.example/1#k");
        });
        Assert.Equal(
            DidCodes.ControllerMismatch,
            Assert.Throws<MalformedDataException>(() => Parse(foreign).Find("https://victim.example/1#k", VerificationRelationship.AssertionMethod, s_now)).Code);
        Assert.Empty(Parse(foreign).FindAll(VerificationRelationship.AssertionMethod, s_now));
    }

    [Fact]
    public void A_key_by_value_is_for_that_use_alone_and_can_be_referred_to_for_another()
    {
        var byValue = Document(d =>
        {
            d.Remove("verificationMethod");
            d["assertionMethod"] = new JsonArray(Method("#v"));
        });
        Assert.Equal(s_key.PublicKey, Find(byValue, fragment: "#v"));
        Assert.Equal(DidCodes.Relationship, Refusal(byValue, VerificationRelationship.Authentication, "#v"));
        byValue["authentication"] = new JsonArray("#v");
        Assert.Equal(s_key.PublicKey, Find(byValue, VerificationRelationship.Authentication, "#v"));
    }

    [Theory]
    [InlineData("2026-11-02T09:00:00Z", DidCodes.Revoked, DidCodes.Expired)]
    [InlineData("2026-11-02T08:59:59Z", DidCodes.Revoked, DidCodes.Expired)]
    [InlineData("2026-11-02T09:00:01Z", null, null)]
    [InlineData("2026-11-02T09:00:01", DidCodes.MethodMalformed, DidCodes.MethodMalformed)]
    public void A_key_ends_at_the_time_that_is_set(string time, string? revoked, string? expired)
    {
        foreach (var (name, code) in new[] { ("revoked", revoked), ("expires", expired) })
        {
            var document = Document(d => d["verificationMethod"]![0]![name] = time);
            if (code is null) Assert.Equal(s_key.PublicKey, Find(document));
            else Assert.Equal(code, Refusal(document));
            Assert.Equal(code is null ? 1 : 0, Parse(document).FindAll(VerificationRelationship.AssertionMethod, s_now).Count);
        }
    }

    [Fact]
    public void Multikeys_are_read_and_a_key_must_be_of_the_type_of_its_method()
    {
        JsonObject With(string type, PublicKey key) => Document(d =>
        {
            var method = d["verificationMethod"]![0]!.AsObject();
            method["type"] = type;
            method.Remove("publicKeyJwk");
            method["publicKeyMultibase"] = Multikey.Write(key);
        });
        Assert.Equal(s_key.PublicKey, Find(With("Multikey", s_key.PublicKey)));
        Assert.Equal(s_other.PublicKey, Find(With("Ed25519VerificationKey2020", s_other.PublicKey)));
        Assert.Equal(DidCodes.MethodMalformed, Refusal(With("Ed25519VerificationKey2020", s_key.PublicKey)));
        Assert.Equal(DidCodes.MethodMalformed, Refusal(With("JsonWebKey", s_key.PublicKey)));
        Assert.Equal(DidCodes.MethodTypeNotSupported, Refusal(With("EcdsaSecp256k1RecoveryMethod2020", s_key.PublicKey)));
    }

    [Theory]
    [InlineData("secretKeyJwk")]
    [InlineData("secretKeyMultibase")]
    [InlineData("privateKeyJwk")]
    [InlineData("privateKeyMultibase")]
    public void A_method_with_secret_material_or_with_two_kinds_is_refused(string member)
    {
        Assert.Equal(DidCodes.MethodMalformed, Refusal(Document(d => d["verificationMethod"]![0]![member] = "z3u2")));
        Assert.Equal(DidCodes.MethodMalformed, Refusal(Document(d => d["verificationMethod"]![0]!["publicKeyMultibase"] = Multikey.Write(s_key.PublicKey))));
        Assert.Equal(JoseCodes.JwkPrivate, Refusal(Document(d => d["verificationMethod"]![0]!["publicKeyJwk"]!["d"] = "AAAA")));
        Assert.Equal(s_key.PublicKey, Find(Document(d => d["verificationMethod"]![0]!["extra"] = "z3u2")));
    }

    [Fact]
    public void A_method_that_cannot_be_read_does_not_spoil_the_others()
    {
        var document = Document(d =>
        {
            d["verificationMethod"]!.AsArray().Add(new JsonObject { ["id"] = Id + "#x", ["type"] = "Unknown", ["controller"] = Id });
            d["assertionMethod"]!.AsArray().Add(Id + "#x");
        });
        Assert.Equal(s_key.PublicKey, Assert.Single(Parse(document).FindAll(VerificationRelationship.AssertionMethod, s_now)).Key);
        Assert.Equal(DidCodes.MethodTypeNotSupported, Refusal(document, fragment: "#x"));
    }

    public static TheoryData<string, string> Malformed => new()
    {
        { """{"id":"https://controller.example/102"}""", DidCodes.DocumentMismatch },
        { """{"id":"https://controller.example/101/"}""", DidCodes.DocumentMismatch },
        { """{"verificationMethod":[]}""", DidCodes.DocumentMalformed },
        { """{"id":1}""", DidCodes.DocumentMalformed },
        { """[]""", DidCodes.DocumentMalformed },
        { """{"id":"https://controller.example/101","id":"https://controller.example/101"}""", DidCodes.DocumentMalformed },
        { """{"id":"https://controller.example/101","@context":"https://evil.example/ns"}""", DidCodes.DocumentMalformed },
        { """{"id":"https://controller.example/101","@context":["https://evil.example/ns","https://www.w3.org/ns/did/v1"]}""", DidCodes.DocumentMalformed },
        { """{"id":"https://controller.example/101","@context":{}}""", DidCodes.DocumentMalformed },
        { """{"id":"https://controller.example/101","verificationMethod":{}}""", DidCodes.DocumentMalformed },
        { """{"id":"https://controller.example/101","verificationMethod":["#k"]}""", DidCodes.DocumentMalformed },
        { """{"id":"https://controller.example/101","verificationMethod":[{"id":"#k","type":"Multikey"}]}""", DidCodes.DocumentMalformed },
        { """{"id":"https://controller.example/101","verificationMethod":[{"type":"Multikey","controller":"https://controller.example/101"}]}""", DidCodes.DocumentMalformed },
        { """{"id":"https://controller.example/101","assertionMethod":"#k"}""", DidCodes.DocumentMalformed },
        { """{"id":"https://controller.example/101","assertionMethod":[1]}""", DidCodes.DocumentMalformed },
        { """{"id":"https://controller.example/101","assertionMethod":[null]}""", DidCodes.DocumentMalformed },
    };

    [Theory]
    [MemberData(nameof(Malformed))]
    public void What_is_no_document_of_the_identifier_is_refused(string json, string code)
    {
        Assert.Equal(code, Assert.Throws<MalformedDataException>(() => ControlledIdentifierDocument.Parse(Encoding.UTF8.GetBytes(json), Id)).Code);
        ControlledIdentifierDocument.Parse("""{"id":"https://controller.example/101"}"""u8, Id);
    }

    [Fact]
    public void Two_methods_of_one_id_are_refused()
    {
        Assert.Equal(DidCodes.DocumentMalformed, Refusal(Document(d => d["verificationMethod"]!.AsArray().Add(Method()))));
        Assert.Equal(DidCodes.DocumentMalformed, Refusal(Document(d => d["authentication"] = new JsonArray(Method()))));
        Assert.Equal(s_key.PublicKey, Find(Document(d => d["authentication"] = new JsonArray(Method("#v")))));
    }

    [Theory]
    [Trait("Row", "DID-05")]
    [InlineData(63, null)]
    [InlineData(64, DidCodes.DocumentMalformed)]
    public void There_are_64_methods_at_most(int more, string? code)
    {
        var document = Document(d =>
        {
            for (var i = 0; i < more; i++) d["verificationMethod"]!.AsArray().Add(Method($"#{i}"));
        });
        if (code is null) Assert.Equal(s_key.PublicKey, Find(document));
        else Assert.Equal(code, Refusal(document));

        // Spread over the relationships they are not more.
        var spread = Document(d =>
        {
            d["authentication"] = new JsonArray([.. Enumerable.Range(0, more / 2).Select(i => Method($"#a{i}"))]);
            d["keyAgreement"] = new JsonArray([.. Enumerable.Range(0, more - more / 2).Select(i => Method($"#b{i}"))]);
        });
        if (code is null) Assert.Equal(s_key.PublicKey, Find(spread));
        else Assert.Equal(code, Refusal(spread));
    }

    [Theory]
    [Trait("Row", "DID-05")]
    [InlineData(64, null)]
    [InlineData(65, DidCodes.DocumentMalformed)]
    public void There_are_64_entries_of_a_relationship_at_most(int entries, string? code)
    {
        var document = Document(d => d["assertionMethod"] = new JsonArray([.. Enumerable.Repeat(0, entries).Select(_ => (JsonNode)"#k")]));
        if (code is null) Assert.Equal(s_key.PublicKey, Find(document));
        else Assert.Equal(code, Refusal(document));
    }

    [Theory]
    [Trait("Row", "DID-05")]
    [InlineData(0, null)]
    [InlineData(1, CodecCodes.JsonTooLarge)]
    [InlineData(10 * 1024 * 1024, CodecCodes.JsonTooLarge)]
    public void A_document_has_256_KiB_at_most(int over, string? code)
    {
        var document = Document(d => d["note"] = "");
        document["note"] = new string('x', ControlledIdentifierDocument.MaxBytes - StrictJson.ToUtf8(document).Length + over);
        if (code is null) Assert.Equal(s_key.PublicKey, Find(document));
        else Assert.Equal(code, Refusal(document));
    }

    [Theory]
    [Trait("Row", "DID-05")]
    [InlineData(15, true)]
    [InlineData(16, false)]
    [InlineData(100_000, false)]
    public void A_document_is_16_levels_deep_at_most(int deep, bool isRead)
    {
        var json = $$"""{"id":"{{Id}}","x":{{new string('[', deep)}}{{new string(']', deep)}}}""";
        if (isRead) ControlledIdentifierDocument.Parse(Encoding.UTF8.GetBytes(json), Id);
        else Assert.Equal(DidCodes.DocumentMalformed, Assert.Throws<MalformedDataException>(() => ControlledIdentifierDocument.Parse(Encoding.UTF8.GetBytes(json), Id)).Code);
    }

    [Fact]
    public void A_document_that_we_make_reads_as_it_was_meant()
    {
        const string Did = "did:web:agency.example";
        var document = ControlledIdentifierDocument.Create(Did,
        [
            ("issuing", s_key.PublicKey, [VerificationRelationship.AssertionMethod]),
            ("login", s_other.PublicKey, [VerificationRelationship.Authentication]),
        ]);
        var read = ControlledIdentifierDocument.Parse(Encoding.UTF8.GetBytes(document.Json.GetRawText()), Did);

        Assert.Equal(s_key.PublicKey, Assert.Single(read.FindAll(VerificationRelationship.AssertionMethod, s_now)).Key);
        Assert.Equal(s_other.PublicKey, read.Find(Did + "#login", VerificationRelationship.Authentication, s_now).Key);
        Assert.Empty(read.FindAll(VerificationRelationship.KeyAgreement, s_now));
    }
}
