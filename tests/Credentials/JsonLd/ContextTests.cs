using System.Text;
using Credentials.Codecs;
using Credentials.JsonLd;

namespace Credentials.Tests.JsonLd;

public class ContextTests
{
    private const string V2 = "https://www.w3.org/ns/credentials/v2";
    private const string Own = "https://issuer.example/contexts/degree/v1";

    private static readonly JsonLdContexts _contexts = Documents.With(Own, """{"@context":{"@protected":true,"Degree":"https://issuer.example/v#Degree","grade":"https://issuer.example/v#grade"}}""");

    private static string Credential(string context, string members = "") =>
        $$$"""{"@context":{{{context}}},"type":["VerifiableCredential"],"issuer":"https://issuer.example/1","credentialSubject":{"id":"did:example:1"{{{members}}}}}""";

    [Theory]
    [Trait("Row", "LDP-04")]
    [InlineData("https://attacker.example/context")]
    [InlineData("http://127.0.0.1:1/context")]
    [InlineData("https://www.w3.org/ns/credentials/V2")]
    [InlineData("https://www.w3.org/ns/credentials/v2#")]
    [InlineData("/ns/credentials/v2")]
    public void A_context_that_is_not_known_is_an_error_and_is_not_fetched(string url)
    {
        Assert.Equal(JsonLdCodes.ContextUnknown, Documents.Refusal(Credential($"[\"{V2}\",\"{url}\"]")));
        Assert.NotEmpty(Documents.ToNQuads(Credential($"[\"{V2}\"]")));
    }

    [Fact]
    public void A_registered_context_gives_its_terms_a_meaning()
    {
        Assert.Contains("<https://issuer.example/v#grade> \"A\"", Documents.ToNQuads(Credential($"[\"{V2}\",\"{Own}\"]", ",\"grade\":\"A\""), _contexts), StringComparison.Ordinal);
        Assert.Equal(JsonLdCodes.ContextUnknown, Documents.Refusal(Credential($"[\"{V2}\",\"{Own}\"]", ",\"grade\":\"A\"")));
        Assert.Equal(JsonLdCodes.TermUndefined, Documents.Refusal(Credential($"[\"{V2}\"]", ",\"grade\":\"A\""), _contexts));
    }

    [Fact]
    [Trait("Row", "LDP-04")]
    public void A_context_is_registered_with_the_digest_of_its_document_only()
    {
        var document = Encoding.UTF8.GetBytes("""{"@context":{"a":"https://example.org/a"}}""");
        var digest = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(document));

        Assert.Equal(digest, JsonLdContexts.None.With(Own, document, digest).Digests[Own]);
        Assert.Equal(JsonLdCodes.ContextDigest, Assert.Throws<MalformedDataException>(() => JsonLdContexts.None.With(Own, [.. document, (byte)' '], digest)).Code);
        Assert.Equal(JsonLdCodes.ContextDigest, Assert.Throws<MalformedDataException>(() => JsonLdContexts.None.With(Own, document, "")).Code);
        Assert.Throws<ArgumentException>(() => JsonLdContexts.None.With("v1", document, digest));
    }

    [Theory]
    [InlineData("""{"@context":5}""", JsonLdCodes.ContextMalformed)]
    [InlineData("""{"terms":{}}""", JsonLdCodes.ContextMalformed)]
    [InlineData("""{"@context":{"a":{"@id":"https://example.org/a","@container":"@list","x":1}}}""", JsonLdCodes.ContextMalformed)]
    [InlineData("""{"@context":{"a":{"@reverse":"https://example.org/a"}}}""", JsonLdCodes.NotSupported)]
    [InlineData("""{"@context":{"a":{"@id":"https://example.org/a","@container":"@index"}}}""", JsonLdCodes.NotSupported)]
    [InlineData("""{"@context":{"@import":"https://example.org/c"}}""", JsonLdCodes.NotSupported)]
    [InlineData("""{"@context":{"@base":"https://example.org/"}}""", JsonLdCodes.NotSupported)]
    public void A_context_that_is_not_understood_is_not_registered(string document, string code) =>
        Assert.Equal(code, Assert.ThrowsAny<CredentialException>(() => Documents.With(Own, document)).Code);

    [Theory]
    [Trait("Row", "LDP-03")]
    [InlineData("""["https://www.w3.org/ns/credentials/v2",{"VerifiableCredential":"https://attacker.example/x"}]""", "")]
    [InlineData("""["https://www.w3.org/ns/credentials/v2",{"id":"https://attacker.example/id"}]""", "")]
    [InlineData("""["https://www.w3.org/ns/credentials/v2",null,{"issuer":"https://attacker.example/issuer"}]""", """
        ,"@context":null
        """)]
    [InlineData("""["https://www.w3.org/ns/credentials/v2"]""", """
        ,"@context":{"name":"https://attacker.example/name"},"name":"x"
        """)]
    [InlineData("""["https://www.w3.org/ns/credentials/v2"]""", """
        ,"@context":{"id":"https://attacker.example/name"}
        """)]
    public void Protected_terms_cannot_be_redefined_or_taken_away(string context, string members)
    {
        Assert.Contains(Documents.Refusal(Credential(context, members)), new[] { JsonLdCodes.ContextProtected, JsonLdCodes.IriInvalid, JsonLdCodes.TermUndefined });
        Assert.NotEmpty(Documents.ToNQuads(Credential($"[\"{V2}\"]", ",\"name\":\"x\"")));
    }

    [Theory]
    [Trait("Row", "LDP-03")]
    [InlineData("""["https://www.w3.org/ns/credentials/v2",{"issuer":"https://attacker.example/issuer"}]""")]
    [InlineData("""[{"issuer":"https://attacker.example/issuer"},"https://www.w3.org/ns/credentials/v2"]""")]
    public void A_term_of_a_type_keeps_its_meaning_whatever_is_injected_around_it(string context) =>
        Assert.Equal(Documents.ToNQuads(Credential($"[\"{V2}\"]")), Documents.ToNQuads(Credential(context)));

    [Theory]
    [Trait("Row", "LDP-03")]
    [InlineData("""["https://www.w3.org/ns/credentials/v2",{"@vocab":"https://attacker.example/"}]""", "")]
    [InlineData("""{"@vocab":"https://attacker.example/"}""", "")]
    [InlineData("""["https://www.w3.org/ns/credentials/v2"]""", """
        ,"@context":"https://www.w3.org/ns/credentials/v2"
        """)]
    [InlineData("""["https://www.w3.org/ns/credentials/v2",null]""", "")]
    public void The_rule_for_known_contexts_accepts_urls_at_the_top_only(string context, string members)
    {
        Assert.Equal(JsonLdCodes.ContextNotAccepted, ContextRule.Known.FindFault(StrictJson.Parse(Credential(context, members)), _contexts));
        Assert.Null(ContextRule.Known.FindFault(StrictJson.Parse(Credential($"[\"{V2}\",\"{Own}\"]")), _contexts));
        Assert.Null(ContextRule.Anything.FindFault(StrictJson.Parse(Credential(context, members)), _contexts));
    }

    [Fact]
    [Trait("Row", "LDP-03")]
    public void Rules_can_name_urls_or_whole_lists()
    {
        var only = ContextRule.Only(V2, Own);
        Assert.Null(only.FindFault(StrictJson.Parse(Credential($"[\"{V2}\",\"{Own}\"]")), _contexts));
        Assert.Null(only.FindFault(StrictJson.Parse(Credential($"\"{V2}\"")), _contexts));
        Assert.Equal(JsonLdCodes.ContextNotAccepted, only.FindFault(StrictJson.Parse(Credential($"[\"{V2}\",\"https://w3id.org/security/data-integrity/v2\"]")), _contexts));

        var exactly = ContextRule.OneOf(StrictJson.Parse($$"""["{{V2}}",{"x":"https://issuer.example/x"}]"""));
        Assert.Null(exactly.FindFault(StrictJson.Parse(Credential($$"""["{{V2}}",{"x":"https://issuer.example/x"}]""")), _contexts));
        Assert.Equal(JsonLdCodes.ContextNotAccepted, exactly.FindFault(StrictJson.Parse(Credential($$"""["{{V2}}",{"x":"https://issuer.example/y"}]""")), _contexts));
        Assert.Equal(JsonLdCodes.ContextNotAccepted, exactly.FindFault(StrictJson.Parse(Credential($"[\"{V2}\"]")), _contexts));
    }

    [Fact]
    [Trait("Row", "LDP-03")]
    public void Documents_inside_a_document_have_contexts_only_where_the_rule_says()
    {
        var presentation = StrictJson.Parse($$"""{"@context":["{{V2}}"],"type":"VerifiablePresentation","verifiableCredential":[{{Credential($"[\"{V2}\"]")}}]}""");
        var hidden = StrictJson.Parse($$"""{"@context":["{{V2}}"],"type":"VerifiablePresentation","verifiableCredential":[{{Credential($"[\"{V2}\"]", $",\"verifiableCredential\":{{\"@context\":\"{V2}\"}}")}}]}""");

        Assert.Equal(JsonLdCodes.ContextNotAccepted, ContextRule.Known.FindFault(presentation, _contexts));
        Assert.Null(ContextRule.Known.AlsoIn("verifiableCredential").FindFault(presentation, _contexts));
        Assert.Equal(JsonLdCodes.ContextNotAccepted, ContextRule.Known.AlsoIn("verifiableCredential").FindFault(hidden, _contexts));
    }

    [Fact]
    public void Terms_that_need_each_other_endlessly_are_refused()
    {
        static string Chain(int length) => $"{{\"@context\":{{{string.Join(',', Enumerable.Range(0, length).Select(i => $"\"t{i}\":\"t{i + 1}:x\""))},\"t{length}\":\"https://example.org/\"}},\"t0\":\"x\"}}";

        Assert.NotEmpty(Documents.ToNQuads(Chain(40)));
        Assert.Equal(JsonLdCodes.ContextMalformed, Documents.Refusal(Chain(1500)));
        Assert.Equal(JsonLdCodes.ContextMalformed, Documents.Refusal("""{"@context":{"a":"b:x","b":"a:x"},"a":"x"}"""));
    }

    [Fact]
    public void Inline_contexts_cost_what_they_copy()
    {
        var terms = string.Join(',', Enumerable.Range(0, 1000).Select(i => $"\"t{i}\":\"https://example.org/{i}\""));
        string Document(int nodes) => $"{{\"@context\":{{{terms}}},\"t0\":[{string.Join(',', Enumerable.Repeat("""{"@context":{},"t1":"x"}""", nodes))}]}}";

        Assert.NotEmpty(Documents.ToNQuads(Document(10)));
        Assert.Equal(JsonLdCodes.TooLarge, Documents.Refusal(Document(1000)));
    }

    /// <summary>A long IRI in the context, and many short names that each stand for it.</summary>
    [Theory]
    [InlineData("""{"@context":{"t":"IRI"},"t":[1,2,3]}""", null)]
    [InlineData("""{"@context":{"t":"https://example.org/t","p":"IRI"},"t":"x","@type":["p:a","p:b","p:c"]}""", null)]
    [InlineData("""{"@context":{"t":"IRI"},"t":[VALUES]}""", JsonLdCodes.DatasetTooComplex)]
    [InlineData("""{"@context":{"@vocab":"https://example.org/"},"@id":"IRI","@graph":[{"t":[VALUES]}]}""", JsonLdCodes.DatasetTooComplex)]
    [InlineData("""{"@context":{"@vocab":"IRI"},"list":[NODES]}""", JsonLdCodes.TooLarge)]
    [InlineData("""{"@context":{"p":"IRI","t":{"@id":"https://example.org/t","@type":"@id"}},"t":[REFERENCES]}""", JsonLdCodes.TooLarge)]
    [InlineData("""{"@context":{"p":"IRI",TERMS},"t0":"x"}""", JsonLdCodes.TooLarge)]
    public void A_short_document_does_not_stand_for_a_very_long_one(string document, string? code)
    {
        string Document(int length) => document
            .Replace("IRI", $"https://example.org/{new string('x', length)}/", StringComparison.Ordinal)
            .Replace("VALUES", string.Join(',', Enumerable.Range(0, 1000)), StringComparison.Ordinal)
            .Replace("NODES", string.Join(',', Enumerable.Repeat("""{"a":1}""", 1000)), StringComparison.Ordinal)
            .Replace("REFERENCES", string.Join(',', Enumerable.Range(0, 1000).Select(i => $"\"p:{i}\"")), StringComparison.Ordinal)
            .Replace("TERMS", string.Join(',', Enumerable.Range(0, 1000).Select(i => $"\"t{i}\":\"p:{i}\"")), StringComparison.Ordinal);

        Assert.NotEmpty(Documents.ToNQuads(Document(100)));
        if (code is null)
            Assert.NotEmpty(Documents.ToNQuads(Document(100_000)));
        else
            Assert.Equal(code, Documents.Refusal(Document(100_000)));
    }

    [Fact]
    public void Contexts_that_refer_to_each_other_end_somewhere()
    {
        var contexts = Documents.With(Own, $"{{\"@context\":[\"{Own}\",{{\"a\":\"https://example.org/a\"}}]}}");

        Assert.Equal(JsonLdCodes.TooLarge, Documents.Refusal($"{{\"@context\":\"{Own}\",\"a\":\"x\"}}", contexts));
    }

    [Fact]
    public void Nesting_is_capped()
    {
        static string Nested(int depth) => string.Concat(Enumerable.Repeat("{\"https://example.org/a\":", depth)) + "1" + new string('}', depth);

        var limits = new JsonLdLimits(MaxDepth: 20);
        Assert.NotEmpty(Documents.ToNQuads(Nested(20), limits: limits));
        Assert.Equal(JsonLdCodes.TooLarge, Documents.Refusal(Nested(21), limits: limits));
    }
}
