using Credentials.JsonLd;

namespace Credentials.Tests.JsonLd;

/// <summary>What JSON-LD drops on the way to RDF is not signed, and therefore refused (Data Integrity 1.0 §2.4.3).</summary>
public class LossTests
{
    private const string Context = """
        "@context":{"@version":1.1,"id":"@id","type":"@type","ex":"https://example.org/","name":"ex:name","knows":{"@id":"ex:knows","@type":"@id"},
        "label":{"@id":"ex:label","@container":"@language"},"when":{"@id":"ex:when","@type":"http://www.w3.org/2001/XMLSchema#dateTime"},
        "items":{"@id":"ex:items","@container":"@list"},"part":{"@id":"ex:part","@container":"@graph"},"gone":null,"Person":"ex:Person"}
        """;

    private static string Document(string members) => $"{{{Context},\"id\":\"ex:me\",\"name\":\"Erika\"{members}}}";

    [Theory]
    [Trait("Row", "LDP-02")]
    [InlineData("""
        ,"unknown":"x"
        """, JsonLdCodes.TermUndefined)]
    [InlineData("""
        ,"gone":"x"
        """, JsonLdCodes.TermUndefined)]
    [InlineData("""
        ,"@future":"x"
        """, JsonLdCodes.TermUndefined)]
    [InlineData("""
        ,"_:b0":"x"
        """, JsonLdCodes.TermUndefined)]
    [InlineData("""
        ,"knows":{"id":"ex:you","unknown":"x"}
        """, JsonLdCodes.TermUndefined)]
    [InlineData("""
        ,"type":"Robot"
        """, JsonLdCodes.IriInvalid)]
    [InlineData("""
        ,"knows":"you"
        """, JsonLdCodes.IriInvalid)]
    [InlineData("""
        ,"knows":{"id":"you"}
        """, JsonLdCodes.IriInvalid)]
    [InlineData("""
        ,"knows":"https://example.org/a b"
        """, JsonLdCodes.IriInvalid)]
    [InlineData("""
        ,"knows":"https://example.org/<x>"
        """, JsonLdCodes.IriInvalid)]
    [InlineData("""
        ,"ex:x":{"@value":"x","@type":"Robot"}
        """, JsonLdCodes.IriInvalid)]
    [InlineData("""
        ,"ex:x":null
        """, JsonLdCodes.ValueLost)]
    [InlineData("""
        ,"ex:x":[]
        """, JsonLdCodes.ValueLost)]
    [InlineData("""
        ,"ex:x":["a",null]
        """, JsonLdCodes.ValueLost)]
    [InlineData("""
        ,"ex:x":{"@value":null}
        """, JsonLdCodes.ValueLost)]
    [InlineData("""
        ,"ex:x":{"@set":[]}
        """, JsonLdCodes.ValueLost)]
    [InlineData("""
        ,"type":[]
        """, JsonLdCodes.ValueLost)]
    [InlineData("""
        ,"label":{}
        """, JsonLdCodes.ValueLost)]
    [InlineData("""
        ,"part":"https://example.org/only-a-reference"
        """, JsonLdCodes.ValueLost)]
    [InlineData("""
        ,"part":{"id":"https://example.org/only-a-reference"}
        """, JsonLdCodes.ValueLost)]
    [InlineData("""
        ,"@graph":["free"]
        """, JsonLdCodes.ValueLost)]
    [InlineData("""
        ,"@graph":[{"id":"ex:you"}]
        """, JsonLdCodes.ValueLost)]
    [InlineData("""
        ,"ex:x":{"@value":"x","@index":"1"}
        """, JsonLdCodes.Malformed)]
    [InlineData("""
        ,"@index":"1"
        """, JsonLdCodes.NotSupported)]
    [InlineData("""
        ,"ex:x":{"@value":"x","@language":"not a tag"}
        """, JsonLdCodes.Malformed)]
    public void A_member_that_would_leave_no_trace_is_refused(string member, string code)
    {
        Assert.Equal(code, Documents.Refusal(Document(member)));
        Assert.Contains("\"Erika\"", Documents.ToNQuads(Document("")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""
        ,"ex:x":"x"
        """)]
    [InlineData("""
        ,"type":"Person"
        """)]
    [InlineData("""
        ,"type":["Person","ex:Other"]
        """)]
    [InlineData("""
        ,"knows":{"id":"ex:you"}
        """)]
    [InlineData("""
        ,"knows":{}
        """)]
    [InlineData("""
        ,"items":[]
        """)]
    [InlineData("""
        ,"label":{"de":"x","@none":"y"}
        """)]
    [InlineData("""
        ,"part":{"id":"ex:you","name":"You"}
        """)]
    [InlineData("""
        ,"@graph":[{"id":"ex:you","name":"You"}]
        """)]
    [InlineData("""
        ,"ex:x":{"@value":{"any":[null]},"@type":"@json"}
        """)]
    public void A_member_that_leaves_a_trace_changes_the_dataset(string member) =>
        Assert.NotEqual(Documents.ToNQuads(Document("")), Documents.ToNQuads(Document(member)));

    // Numbers that are not the ones of their literals: their last digits could be changed under the signature.
    [Theory]
    [Trait("Row", "LDP-20")]
    [InlineData("9007199254740993")]
    [InlineData("0.30000000000000004")]
    [InlineData("123456789012345678901234567890")]
    [InlineData("1.00000000000000000001")]
    [InlineData("1e400")]
    [InlineData("5e-400")]
    public void A_number_with_more_digits_than_its_literal_is_refused(string number)
    {
        Assert.Equal(JsonLdCodes.ValueLost, Documents.Refusal(Document($",\"ex:x\":{number}")));
        Assert.Contains("\"7\"", Documents.ToNQuads(Document(",\"ex:x\":7")), StringComparison.Ordinal);
    }

    // JSON-LD 1.1 API §8.6. At least two of jsonld.js 9.0.0, jsonld-streaming-parser 5 and PyLD 2.0.3 write each of these literals.
    [Theory]
    [Trait("Row", "LDP-20")]
    [InlineData("1", "\"1\"^^<http://www.w3.org/2001/XMLSchema#integer>")]
    [InlineData("1.0", "\"1\"^^<http://www.w3.org/2001/XMLSchema#integer>")]
    [InlineData("10e-1", "\"1\"^^<http://www.w3.org/2001/XMLSchema#integer>")]
    [InlineData("-0", "\"0\"^^<http://www.w3.org/2001/XMLSchema#integer>")]
    [InlineData("100000000000000000000", "\"100000000000000000000\"^^<http://www.w3.org/2001/XMLSchema#integer>")]
    [InlineData("1e21", "\"1.0E21\"^^<http://www.w3.org/2001/XMLSchema#double>")]
    [InlineData("5.3", "\"5.3E0\"^^<http://www.w3.org/2001/XMLSchema#double>")]
    [InlineData("-0.1", "\"-1.0E-1\"^^<http://www.w3.org/2001/XMLSchema#double>")]
    [InlineData("true", "\"true\"^^<http://www.w3.org/2001/XMLSchema#boolean>")]
    [InlineData("""{"@value":1,"@type":"http://www.w3.org/2001/XMLSchema#double"}""", "\"1.0E0\"^^<http://www.w3.org/2001/XMLSchema#double>")]
    [InlineData("""{"@value":5.5,"@type":"http://www.w3.org/2001/XMLSchema#decimal"}""", "\"5.5E0\"^^<http://www.w3.org/2001/XMLSchema#decimal>")]
    [InlineData("""{"@value":"x","@language":"en-US"}""", "\"x\"@en-us")]
    [InlineData("""{"@value":"x","@language":"ar","@direction":"rtl"}""", "\"x\"^^<https://www.w3.org/ns/i18n#ar_rtl>")]
    [InlineData("""{"@value":"x","@direction":"ltr"}""", "\"x\"^^<https://www.w3.org/ns/i18n#_ltr>")]
    [InlineData("\"a\\\"b\\\\c\\n\\t\\u0001\\u007f é\"", "\"a\\\"b\\\\c\\n\\t\\u0001\\u007F é\"")]
    // These they write in different ways; the text of the Recommendation decides.
    [InlineData("1e-7", "\"1.0E-7\"^^<http://www.w3.org/2001/XMLSchema#double>")]
    [InlineData("""{"@value":"1","@type":"http://www.w3.org/2001/XMLSchema#double"}""", "\"1\"^^<http://www.w3.org/2001/XMLSchema#double>")]
    public void A_value_has_one_literal(string json, string literal) =>
        Assert.Contains($"<https://example.org/x> {literal} .\n", Documents.ToNQuads(Document($",\"ex:x\":{json}")), StringComparison.Ordinal);

    [Fact]
    [Trait("Row", "LDP-20")]
    public void A_language_map_means_the_same_as_its_values_written_out() => Assert.Equal(
        Documents.ToNQuads(Document(""","label":{"de":["Haus","Heim"],"en":"house","@none":"?"}""")),
        Documents.ToNQuads(Document(""","ex:label":[{"@value":"house","@language":"EN"},{"@value":"Heim","@language":"de"},"?",{"@value":"Haus","@language":"de"}]""")));

    [Fact]
    public void Order_of_members_and_spelling_of_single_values_do_not_matter() => Assert.Equal(
        Documents.ToNQuads(Document(""","ex:x":["a","b"],"knows":"ex:you" """)),
        Documents.ToNQuads(Document(""","knows":[{"id":"https://example.org/you"}],"ex:x":["b","a","b"] """)));
}
