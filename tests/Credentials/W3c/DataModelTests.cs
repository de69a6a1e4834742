using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.W3c;
using static Credentials.Tests.W3c.University;

namespace Credentials.Tests.W3c;

/// <summary>Data Model 2.0 §4 to §6, rule by rule: each document differs in one thing from one that is accepted.</summary>
public class DataModelTests
{
    private static string Refusal(Action<JsonObject> change)
    {
        W3cCredential.Parse(Element(Diploma()));
        return Code(() => W3cCredential.Parse(Element(Diploma(change))));
    }

    private static W3cCredential Accepted(Action<JsonObject> change) => W3cCredential.Parse(Element(Diploma(change)));

    private static JsonNode? Json(string json) => StrictJson.ToNode(StrictJson.Parse(json));

    [Fact]
    public void What_a_credential_says_is_read()
    {
        var credential = Accepted(d => d["credentialStatus"] = Json("""{"type":"BitstringStatusListEntry"}"""));

        Assert.Equal(DataModelVersion.V2, credential.Version);
        Assert.Equal(["VerifiableCredential", DiplomaType], credential.Types);
        Assert.Equal(DiplomaType, credential.MainType);
        Assert.Equal(Issuer, credential.Issuer);
        Assert.Equal([Holder], credential.SubjectIds);
        Assert.Equal(new DateTimeOffset(2026, 2, 20, 0, 0, 0, TimeSpan.Zero), credential.ValidFrom);
        Assert.Equal(new DateTimeOffset(2036, 2, 19, 15, 0, 0, TimeSpan.Zero), credential.ValidUntil);
        Assert.Single(credential.Status);
        Assert.Equal("VerifiableCredential", Accepted(d => d["type"] = "VerifiableCredential").MainType);
    }

    [Theory]
    [InlineData("""["https://www.w3.org/ns/credentials/v2"]""")]
    [InlineData("""["https://www.w3.org/ns/credentials/v2",{"term":"https://example.org/#term"},"https://example.org/c"]""")]
    public void Contexts_are_an_ordered_set_that_starts_with_the_base_context(string contexts) =>
        Assert.Equal(DiplomaType, Accepted(d => d["@context"] = Json(contexts)).MainType);

    [Theory]
    [InlineData("null", W3cCodes.Context)]
    [InlineData("[]", W3cCodes.Context)]
    [InlineData("\"https://www.w3.org/ns/credentials/v2\"", W3cCodes.Context)]
    [InlineData("""{"term":"https://example.org/#term"}""", W3cCodes.Context)]
    [InlineData("""["https://www.w3.org/ns/credentials/examples/v2"]""", W3cCodes.Version)]
    [InlineData("""["https://www.w3.org/ns/credentials/examples/v2","https://www.w3.org/ns/credentials/v2"]""", W3cCodes.Version)]
    [InlineData("""["https://www.w3.org/ns/credentials/v2/"]""", W3cCodes.Version)]
    [InlineData("""["http://www.w3.org/ns/credentials/v2"]""", W3cCodes.Version)]
    [InlineData("""[{"@vocab":"https://www.w3.org/ns/credentials/v2"}]""", W3cCodes.Version)]
    [InlineData("""["https://www.w3.org/2018/credentials/v1"]""", W3cCodes.Version)] // 1.1, which was not asked for
    [InlineData("""["https://www.w3.org/ns/credentials/v2","https ://not-a-url/contexts/example/v1"]""", W3cCodes.Context)]
    [InlineData("""["https://www.w3.org/ns/credentials/v2","relative"]""", W3cCodes.Context)]
    [InlineData("""["https://www.w3.org/ns/credentials/v2",123192875]""", W3cCodes.Context)]
    [InlineData("""["https://www.w3.org/ns/credentials/v2",null]""", W3cCodes.Context)]
    [InlineData("""["https://www.w3.org/ns/credentials/v2",["https://example.org/c"]]""", W3cCodes.Context)]
    [InlineData("""["https://www.w3.org/ns/credentials/v2","https://www.w3.org/ns/credentials/v2"]""", W3cCodes.Context)]
    public void Other_contexts_are_refused(string contexts, string code)
    {
        Assert.Equal(code, Refusal(d => d["@context"] = Json(contexts)));
        Assert.Equal(W3cCodes.Context, Refusal(d => d.Remove("@context")));
        Assert.Equal(code, Code(() => W3cPresentation.Parse(Element(Presentation(d => d["@context"] = Json(contexts))))));
    }

    [Theory]
    [Trait("Row", "LDP-16")]
    [InlineData("@graph")]
    [InlineData("@included")]
    [InlineData("@id")]
    [InlineData("@type")]
    [InlineData("@reverse")]
    [InlineData("@nest")]
    [InlineData("@anything")]
    public void Keywords_of_JSON_LD_have_no_place_beside_the_members_of_the_data_model(string keyword)
    {
        Assert.Equal(W3cCodes.Context, Refusal(d => d[keyword] = new JsonArray(Diploma())));
        Assert.Equal(W3cCodes.Context, Refusal(d => d["credentialSubject"]![keyword] = Holder));
        Assert.Equal(W3cCodes.Context, Refusal(d => d["issuer"] = new JsonObject { ["id"] = Issuer, [keyword] = Stranger }));
        Assert.Equal(W3cCodes.Context, Code(() => W3cPresentation.Parse(Element(Presentation(d => d[keyword] = new JsonArray(Diploma()))))));
        // Deeper the claims are the application's own.
        Accepted(d => d["credentialSubject"]!["degree"]![keyword] = "x");
    }

    [Theory]
    [InlineData("\"VerifiableCredential\"", true)]
    [InlineData("""["https://example.org/#A","VerifiableCredential","https://example.org/#B"]""", true)]
    [InlineData("""["VerifiableCredential","urn:example:type"]""", true)]
    [InlineData("null", false)]
    [InlineData("[]", false)]
    [InlineData("2", false)]
    [InlineData("\"\"", false)]
    [InlineData("""["VerifiableCredential",""]""", false)]
    [InlineData("""["VerifiableCredential",null]""", false)]
    [InlineData("""["VerifiableCredential",{"id":"x"}]""", false)]
    [InlineData("""["VerifiableCredential","two words"]""", false)]
    [InlineData("""["VerifiableCredential","https ://not-a-url"]""", false)]
    [InlineData("""["VerifiableCredential","@json"]""", false)]
    [InlineData("""["UniversityDegreeCredential"]""", false)]
    [InlineData("""["verifiablecredential"]""", false)]
    [InlineData("""["VerifiablePresentation"]""", false)]
    public void Type_is_one_or_more_terms_and_URLs_and_VerifiableCredential_among_them(string type, bool isAccepted)
    {
        if (isAccepted) Accepted(d => d["type"] = Json(type));
        else Assert.Equal(W3cCodes.Type, Refusal(d => d["type"] = Json(type)));
        Assert.Equal(W3cCodes.Type, Refusal(d => d.Remove("type")));
    }

    [Theory]
    [InlineData("\"urn:uuid:58172aac-d8ba-11ed-83dd-0b3aef56cc33\"", true)]
    [InlineData("\"https://example.org/credentials/1?a=b#c\"", true)]
    [InlineData("\"https://예시.example/자격/1\"", true)]
    [InlineData("\"did:example:1234abcd\"", true)]
    [InlineData("null", false)]
    [InlineData("1", false)]
    [InlineData("\"\"", false)]
    [InlineData("\"not-a-url\"", false)]
    [InlineData("\"https ://not-a-url/vcs/1\"", false)]
    [InlineData("\"https://\"", false)]
    [InlineData("\"https:///path\"", false)]
    [InlineData("\" https://example.org\"", false)]
    [InlineData("\"https://example.org/\\n\"", false)]
    [InlineData("\"https://example.org/a b\"", false)]
    [InlineData("\"https://example.org/<b>\"", false)]
    [InlineData("\"1did:example:1\"", false)]
    [InlineData("\"urn:\"", false)]
    [InlineData("""["https://example.org/1","https://example.org/2"]""", false)]
    [InlineData("""["https://example.org/1"]""", false)]
    [InlineData("{}", false)]
    public void An_id_is_a_single_URL(string id, bool isAccepted)
    {
        foreach (var change in new Action<JsonObject>[]
        {
            d => d["id"] = Json(id),
            d => d["credentialSubject"]!["id"] = Json(id),
            d => d["credentialSubject"] = new JsonArray(new JsonObject { ["id"] = Holder }, new JsonObject { ["id"] = Json(id) }),
        })
        {
            if (isAccepted) Accepted(change);
            else Assert.Equal(W3cCodes.Id, Refusal(change));
        }

        Action<JsonObject> asStatus = d => d["credentialStatus"] = new JsonObject { ["id"] = Json(id), ["type"] = "X" };
        Action<JsonObject> asSchema = d => d["credentialSchema"] = new JsonObject { ["id"] = Json(id), ["type"] = "X" };
        Action<JsonObject> asTerms = d => d["termsOfUse"] = new JsonObject { ["id"] = Json(id), ["type"] = "X" };
        if (isAccepted)
        {
            Accepted(asStatus);
            Accepted(asSchema);
            Accepted(asTerms);
            return;
        }

        Assert.Equal(W3cCodes.Status, Refusal(asStatus));
        Assert.Equal(W3cCodes.Schema, Refusal(asSchema));
        Assert.Equal(W3cCodes.Property, Refusal(asTerms));
    }

    [Theory]
    [InlineData("\"did:example:1\"", true)]
    [InlineData("""{"id":"https://university.example/1","name":"University"}""", true)]
    [InlineData("null", false)]
    [InlineData("\"fake-issuer\"", false)]
    [InlineData("{}", false)]
    [InlineData("""{"id":null}""", false)]
    [InlineData("""{"id":"fake-issuer"}""", false)]
    [InlineData("""{"name":"University"}""", false)]
    [InlineData("""["did:example:1"]""", false)]
    [InlineData("""["did:example:1","did:example:2"]""", false)]
    public void The_issuer_is_a_URL_or_an_object_with_one(string issuer, bool isAccepted)
    {
        if (isAccepted) Accepted(d => d["issuer"] = Json(issuer));
        else Assert.Equal(W3cCodes.Issuer, Refusal(d => d["issuer"] = Json(issuer)));
        Assert.Equal(W3cCodes.Issuer, Refusal(d => d.Remove("issuer")));
    }

    [Theory]
    [InlineData("""{"id":"did:example:subject"}""", true)]
    [InlineData("""[{"id":"did:example:1"},{"name":"x"}]""", true)]
    [InlineData("{}", false)]
    [InlineData("[]", false)]
    [InlineData("null", false)]
    [InlineData("\"did:example:subject\"", false)]
    [InlineData("""[{"id":"did:example:subject"},{}]""", false)]
    [InlineData("""[{"id":"did:example:subject"},"did:example:2"]""", false)]
    public void A_subject_has_claims(string subject, bool isAccepted)
    {
        if (isAccepted) Accepted(d => d["credentialSubject"] = Json(subject));
        else Assert.Equal(W3cCodes.Subject, Refusal(d => d["credentialSubject"] = Json(subject)));
        Assert.Equal(W3cCodes.Subject, Refusal(d => d.Remove("credentialSubject")));
    }

    [Theory]
    [InlineData("\"2023-02-26T01:20:00Z\"", "\"2023-02-26T01:20:00Z\"", true)] // the same moment
    [InlineData("\"2023-02-26T01:21:23Z\"", "\"2023-02-25T19:21:29-06:00\"", true)]
    [InlineData("\"4023-02-26T01:02:58.447Z\"", null, true)]
    [InlineData(null, "\"2023-02-26T01:20:00Z\"", true)]
    [InlineData("\"2023-02-26T01:20:01Z\"", "\"2023-02-26T01:20:00Z\"", false)]
    [InlineData("\"2023-02-25T19:21:29-06:00\"", "\"2023-02-26T01:21:23Z\"", false)]
    [InlineData("\"Sat 25 Feb 2023 07:16:31 PM CST\"", null, false)]
    [InlineData("\"2023-02-26T01:20:00\"", null, false)]
    [InlineData(null, "\"Sun, 26 Feb 2023 01:22:14 +0000\"", false)]
    [InlineData("1677374400", null, false)]
    [InlineData("null", null, false)]
    [InlineData("""["2023-02-26T01:20:00Z"]""", null, false)]
    public void Validity_is_two_times_in_order(string? from, string? until, bool isAccepted)
    {
        void Change(JsonObject d)
        {
            if (from is null) d.Remove("validFrom");
            else d["validFrom"] = Json(from);
            if (until is null) d.Remove("validUntil");
            else d["validUntil"] = Json(until);
        }

        if (isAccepted) Accepted(Change);
        else Assert.Equal(W3cCodes.Validity, Refusal(Change));
    }

    [Theory]
    [InlineData("\"Diploma\"", true)]
    [InlineData("\"\"", true)]
    [InlineData("""{"@value":"Diploma","@language":"en"}""", true)]
    [InlineData("""{"@value":"شهادة","@language":"ar","@direction":"rtl"}""", true)]
    [InlineData("""{"@value":"Diploma"}""", true)]
    [InlineData("""[{"@value":"Diploma","@language":"en"},{"@value":"학위","@language":"ko-KR"}]""", true)]
    [InlineData("null", false)]
    [InlineData("1", false)]
    [InlineData("[]", false)]
    [InlineData("{}", false)]
    [InlineData("""["Diploma"]""", false)]
    [InlineData("""{"@language":"en"}""", false)]
    [InlineData("""{"@value":1,"@language":"en"}""", false)]
    [InlineData("""{"@value":"Diploma","@language":"e n"}""", false)]
    [InlineData("""{"@value":"Diploma","@language":1}""", false)]
    [InlineData("""{"@value":"Diploma","@direction":"up"}""", false)]
    [InlineData("""{"@value":"Diploma","@language":"en","url":"did:example:1"}""", false)]
    [InlineData("""[{"@value":"Diploma","@language":"en"},"학위"]""", false)]
    public void Names_and_descriptions_are_strings_or_language_value_objects(string text, bool isAccepted)
    {
        foreach (var change in new Action<JsonObject>[]
        {
            d => d["name"] = Json(text),
            d => d["description"] = Json(text),
            d => d["issuer"] = new JsonObject { ["id"] = Issuer, ["name"] = Json(text) },
            d => d["issuer"] = new JsonObject { ["id"] = Issuer, ["description"] = Json(text) },
        })
        {
            if (isAccepted) Accepted(change);
            else Assert.Equal(W3cCodes.Language, Refusal(change));
        }
    }

    [Theory]
    [InlineData("en", true)]
    [InlineData("sr-Latn-RS", true)]
    [InlineData("zh-cmn-Hans-CN", true)]
    [InlineData("es-419", true)]
    [InlineData("de-CH-1996", true)]
    [InlineData("sl-rozaj-biske", true)]
    [InlineData("hy-Latn-IT-arevela", true)]
    [InlineData("en-a-bbb-x-a-ccc", true)]
    [InlineData("de-x-DE-DE", true)]
    [InlineData("x-whatever", true)]
    [InlineData("i-klingon", true)]
    [InlineData("i-anything", false)]
    [InlineData("de-419-DE", false)]
    [InlineData("a-DE", false)]
    [InlineData("ar-a-aaa-b-bbb-a-ccc", false)]
    [InlineData("de-1996-1996", false)]
    [InlineData("en-", false)]
    [InlineData("-en", false)]
    [InlineData("en_US", false)]
    [InlineData("en--US", false)]
    [InlineData("abcdefghi", false)]
    [InlineData("한국어", false)]
    [InlineData("", false)]
    public void A_language_tag_is_well_formed(string tag, bool isAccepted)
    {
        void Change(JsonObject d) => d["name"] = new JsonObject { ["@value"] = "x", ["@language"] = tag };
        if (isAccepted) Accepted(Change);
        else Assert.Equal(W3cCodes.Language, Refusal(Change));
    }

    [Theory]
    [InlineData("credentialStatus", W3cCodes.Status, false)]
    [InlineData("credentialSchema", W3cCodes.Schema, true)]
    [InlineData("refreshService", W3cCodes.Property, false)]
    [InlineData("termsOfUse", W3cCodes.Property, false)]
    [InlineData("evidence", W3cCodes.Property, false)]
    [InlineData("confidenceMethod", W3cCodes.Property, false)]
    [InlineData("renderMethod", W3cCodes.Property, false)]
    public void Extension_points_are_objects_with_a_type(string name, string code, bool needsId)
    {
        Accepted(d => d[name] = Json("""{"id":"did:example:1","type":"Term"}"""));
        Accepted(d => d[name] = Json("""[{"id":"did:example:1","type":["https://example.org/#T"]},{"id":"did:example:2","type":"Term"}]"""));
        if (needsId) Assert.Equal(code, Refusal(d => d[name] = Json("""{"type":"Term"}""")));
        else Accepted(d => d[name] = Json("""{"type":"Term"}"""));
        foreach (var wrong in new[]
        {
            "null", "{}", "[]", "\"did:example:1\"", """{"id":"did:example:1"}""", """{"id":"did:example:1","type":2}""", """{"id":"did:example:1","type":[]}""",
            """{"id":["did:example:1","did:example:2"],"type":"Term"}""", """[{"id":"did:example:1","type":"Term"},{"id":"did:example:2"}]""",
            """[{"id":"did:example:1","type":"Term"},"did:example:2"]""",
        })
        {
            Assert.Equal(code, Refusal(d => d[name] = Json(wrong)));
        }
    }

    [Theory]
    [Trait("Row", "LDP-14")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("\"z58DAdFfa9SkqZMVPxAQpic7ndSayn1PzZs6ZjWp1CktyGesjuTSwRdoWhAfGFCF5bppETSTojQCrfFPP2oumHKtz\"")]
    [InlineData("""[{"type":"DataIntegrityProof"},null]""")]
    [InlineData("""{"created":"2023-07-28T22:25:05Z","proofPurpose":"assertionMethod"}""")]
    public void A_proof_that_is_none_is_refused(string proof)
    {
        Assert.Equal(W3cCodes.Proof, Refusal(d => d["proof"] = Json(proof)));
        Accepted(d => d["proof"] = Json("""{"type":"DataIntegrityProof"}"""));
    }

    [Fact]
    public void Sets_have_an_end()
    {
        JsonArray Many(int count) => new([.. Enumerable.Range(0, count).Select(i => (JsonNode)new JsonObject { ["id"] = $"did:example:{i}" })]);
        Accepted(d => d["credentialSubject"] = Many(100));
        Assert.Equal(W3cCodes.Subject, Refusal(d => d["credentialSubject"] = Many(101)));
    }

    [Fact]
    public void Data_model_1_1_is_read_only_where_it_is_asked_for()
    {
        Assert.Equal(W3cCodes.Version, Code(() => W3cCredential.Parse(Element(DiplomaV1()))));
        var credential = W3cCredential.Parse(Element(DiplomaV1()), acceptV1: true);

        Assert.Equal(DataModelVersion.V1, credential.Version);
        Assert.Equal(new DateTimeOffset(2026, 2, 20, 0, 0, 0, TimeSpan.Zero), credential.ValidFrom);
        Assert.Equal(new DateTimeOffset(2036, 2, 20, 0, 0, 0, TimeSpan.Zero), credential.ValidUntil);
        Assert.Equal(DataModelVersion.V2, W3cCredential.Parse(Element(Diploma()), acceptV1: true).Version);
    }

    [Theory]
    [InlineData("issuanceDate", "\"2010-01-01T19:23:24\"", null)] // a dateTime without a zone is one in 1.1
    [InlineData("issuanceDate", null, W3cCodes.Validity)]
    [InlineData("issuanceDate", "\"2010-01-01\"", W3cCodes.Validity)]
    [InlineData("expirationDate", "\"2010-01-01T19:23:24Z\"", W3cCodes.Validity)]
    [InlineData("credentialStatus", """{"type":"Term"}""", W3cCodes.Status)]
    [InlineData("credentialStatus", """{"id":"did:example:1","type":"Term"}""", null)]
    [InlineData("refreshService", """{"type":"Term"}""", W3cCodes.Property)]
    [InlineData("issuer", "\"no-url\"", W3cCodes.Issuer)]
    public void Data_model_1_1_has_rules_of_its_own(string name, string? value, string? code)
    {
        void Change(JsonObject d)
        {
            if (value is null) d.Remove(name);
            else d[name] = Json(value);
        }

        if (code is null) W3cCredential.Parse(Element(DiplomaV1(Change)), acceptV1: true);
        else Assert.Equal(code, Code(() => W3cCredential.Parse(Element(DiplomaV1(Change)), acceptV1: true)));
    }

    [Theory]
    [InlineData("\"did:example:1\"", true)]
    [InlineData("""{"id":"did:example:1"}""", true)]
    [InlineData("\"z6MkpJySvETLnxhQG9DzEdmKJtysBDjuuTeDfUj1uNNCUqcj\"", false)]
    [InlineData("""{"id":"z6MkpJySvETLnxhQG9DzEdmKJtysBDjuuTeDfUj1uNNCUqcj"}""", false)]
    [InlineData("""{"name":"x"}""", false)]
    [InlineData("null", false)]
    [InlineData("""["did:example:1"]""", false)]
    public void A_holder_is_a_URL_or_an_object_with_one(string holder, bool isAccepted)
    {
        var document = Element(Presentation(d => d["holder"] = Json(holder)));
        if (isAccepted) Assert.Equal("did:example:1", W3cPresentation.Parse(document).Holder);
        else Assert.Equal(W3cCodes.Holder, Code(() => W3cPresentation.Parse(document)));
        Assert.Null(W3cPresentation.Parse(Element(Presentation(d => d.Remove("holder")))).Holder);
    }

    [Theory]
    [InlineData("""{"type":"EnvelopedVerifiableCredential","@context":"https://www.w3.org/ns/credentials/v2","id":"data:application/vc+jwt,e30.e30.e30"}""", null)]
    [InlineData("""{"type":["EnvelopedVerifiableCredential"],"@context":["https://www.w3.org/ns/credentials/v2"],"id":"data:application/vc+sd-jwt,e30.e30.e30~"}""", null)]
    [InlineData("""{"type":"EnvelopedVerifiableCredential","@context":["https://example.org/c","https://www.w3.org/ns/credentials/v2"],"id":"data:application/vc+cose;base64,0g=="}""", null)]
    [InlineData("""{"type":"EnvelopedVerifiableCredential","id":"data:application/vc+jwt,e30.e30.e30"}""", W3cCodes.Enveloped)]
    [InlineData("""{"type":"EnvelopedVerifiableCredential","@context":[],"id":"data:application/vc+jwt,e30.e30.e30"}""", W3cCodes.Enveloped)]
    [InlineData("""{"type":"EnvelopedVerifiableCredential","@context":"https://www.w3.org/ns/credentials/examples/v2","id":"data:application/vc+jwt,e30.e30.e30"}""", W3cCodes.Enveloped)]
    [InlineData("""{"type":["EnvelopedVerifiableCredential","VerifiableCredential"],"@context":"https://www.w3.org/ns/credentials/v2","id":"data:application/vc+jwt,e30.e30.e30"}""", W3cCodes.Enveloped)]
    [InlineData("""{"type":"EnvelopedVerifiableCredential","@context":"https://www.w3.org/ns/credentials/v2","id":"e30.e30.e30"}""", W3cCodes.Enveloped)]
    [InlineData("""{"type":"EnvelopedVerifiableCredential","@context":"https://www.w3.org/ns/credentials/v2","id":"bad-credential"}""", W3cCodes.Enveloped)]
    [InlineData("""{"type":"EnvelopedVerifiableCredential","@context":"https://www.w3.org/ns/credentials/v2","id":"data:application/vc+jwt"}""", W3cCodes.Enveloped)]
    [InlineData("""{"type":"EnvelopedVerifiableCredential","@context":"https://www.w3.org/ns/credentials/v2","id":"DATA:application/vc+jwt,e30.e30.e30"}""", W3cCodes.Enveloped)]
    [InlineData("""{"type":"EnvelopedVerifiableCredential","@context":"https://www.w3.org/ns/credentials/v2","id":"data:application/vc+jwt,e30%2Ee30.e30"}""", W3cCodes.Enveloped)]
    [InlineData("""{"type":"EnvelopedVerifiableCredential","@context":"https://www.w3.org/ns/credentials/v2","id":"data:application/vc+jwt;charset=utf-8,e30.e30.e30"}""", W3cCodes.Enveloped)]
    [InlineData("""{"type":"EnvelopedVerifiableCredential","@context":"https://www.w3.org/ns/credentials/v2","id":"data:application/vc+cose;base64,0g"}""", W3cCodes.Enveloped)]
    [InlineData("""{"type":"EnvelopedVerifiableCredential","@context":"https://www.w3.org/ns/credentials/v2"}""", W3cCodes.Enveloped)]
    [InlineData("""{"type":"EnvelopedVerifiablePresentation","@context":["https://www.w3.org/ns/credentials/v2"],"id":"data:application/vp+jwt,e30.e30.e30"}""", W3cCodes.Type)]
    [InlineData("""{"@context":["https://www.w3.org/ns/credentials/v2"],"id":"data:application/vc+jwt,e30.e30.e30"}""", W3cCodes.Type)]
    [InlineData("\"e30.e30.e30\"", W3cCodes.Credential)]
    [InlineData("1", W3cCodes.Credential)]
    [InlineData("null", W3cCodes.Credential)]
    [InlineData("[]", W3cCodes.Credential)]
    public void A_presentation_has_credentials_and_enveloped_credentials(string credential, string? code)
    {
        foreach (var several in new[] { false, true })
        {
            // An empty array is no credential in an array, and none by itself.
            var document = Element(Presentation(d => d["verifiableCredential"] = several ? new JsonArray(Json(credential), Diploma()) : Json(credential)));
            if (code is null) Assert.Equal(several ? 2 : 1, W3cPresentation.Parse(document).Credentials.Count);
            else Assert.Equal(code, Code(() => W3cPresentation.Parse(document)));
        }

        Assert.Empty(W3cPresentation.Parse(Element(Presentation())).Credentials);
    }

    [Fact]
    public void A_credential_inside_a_presentation_follows_the_same_rules()
    {
        JsonObject With(Action<JsonObject> change) => Presentation(d => d["verifiableCredential"] = new JsonArray(Diploma(change)));
        Assert.Single(W3cPresentation.Parse(Element(With(_ => { }))).Credentials);
        Assert.Equal(W3cCodes.Type, Code(() => W3cPresentation.Parse(Element(With(d => d["type"] = new JsonArray())))));
        Assert.Equal(W3cCodes.Subject, Code(() => W3cPresentation.Parse(Element(With(d => d.Remove("credentialSubject"))))));
        Assert.Equal(W3cCodes.Version, Code(() => W3cPresentation.Parse(Element(Presentation(d => d["verifiableCredential"] = DiplomaV1())))));
        Assert.Single(W3cPresentation.Parse(Element(Presentation(d => d["verifiableCredential"] = DiplomaV1())), acceptV1: true).Credentials);
    }

    [Fact]
    public void A_presentation_has_twenty_credentials_at_most()
    {
        JsonObject With(int count) => Presentation(d => d["verifiableCredential"] = new JsonArray([.. Enumerable.Range(0, count).Select(_ => Diploma())]));
        Assert.Equal(20, W3cPresentation.Parse(Element(With(20))).Credentials.Count);
        Assert.Equal(W3cCodes.TooLarge, Code(() => W3cPresentation.Parse(Element(With(21)))));
    }

    [Theory]
    [InlineData("\"VerifiablePresentation\"", true)]
    [InlineData("""["VerifiablePresentation","https://example.org/#P"]""", true)]
    [InlineData("""["CredentialManagerPresentation"]""", false)]
    [InlineData("null", false)]
    public void A_presentation_has_its_type(string type, bool isAccepted)
    {
        var document = Element(Presentation(d => d["type"] = Json(type)));
        if (isAccepted) W3cPresentation.Parse(document);
        else Assert.Equal(W3cCodes.Type, Code(() => W3cPresentation.Parse(document)));
        Assert.Equal(W3cCodes.Property, Code(() => W3cPresentation.Parse(Element(Presentation(d => d["termsOfUse"] = new JsonObject())))));
        Assert.Equal(W3cCodes.Id, Code(() => W3cPresentation.Parse(Element(Presentation(d => d["id"] = "x")))));
    }
}
