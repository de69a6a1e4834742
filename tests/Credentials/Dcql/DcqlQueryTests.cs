using System.Text.Json;
using Credentials.Codecs;
using Credentials.Dcql;

namespace Credentials.Tests.Dcql;

public class DcqlQueryTests
{
    private const string Meta = """ "format":"dc+sd-jwt","meta":{"vct_values":["t"]} """;

    private static DcqlQuery Parse(string text) => DcqlQuery.Parse(StrictJson.Parse(text));

    private static string Code(string text) => Assert.Throws<MalformedDataException>(() => Parse(text)).Code;

    // Each case is the twin with one thing changed.
    [Theory]
    [Trait("Row", "VPW-15")]
    [InlineData("""{}""")]
    [InlineData("""{"credentials":[]}""")]
    [InlineData("""{"credentials":{}}""")]
    [InlineData("""{"credentials":[1]}""")]
    [InlineData("""{"credentials":[{"id":"a",@}],"credential_sets":[]}""")]
    [InlineData("""{"credentials":[{"id":"a",@},{"id":"a",@}]}""")]
    [InlineData("""{"credentials":[{@}]}""")]
    [InlineData("""{"credentials":[{"id":"",@}]}""")]
    [InlineData("""{"credentials":[{"id":"a b",@}]}""")]
    [InlineData("""{"credentials":[{"id":"ä",@}]}""")]
    [InlineData("""{"credentials":[{"id":1,@}]}""")]
    [InlineData("""{"credentials":[{"id":"a","meta":{"vct_values":["t"]}}]}""")]
    [InlineData("""{"credentials":[{"id":"a","format":"dc+sd-jwt"}]}""")]
    [InlineData("""{"credentials":[{"id":"a","format":"dc+sd-jwt","meta":{}}]}""")]
    [InlineData("""{"credentials":[{"id":"a","format":"dc+sd-jwt","meta":{"vct_values":[]}}]}""")]
    [InlineData("""{"credentials":[{"id":"a","format":"dc+sd-jwt","meta":{"vct_values":"t"}}]}""")]
    [InlineData("""{"credentials":[{"id":"a","format":"dc+sd-jwt","meta":{"vct_values":[1]}}]}""")]
    [InlineData("""{"credentials":[{"id":"a","format":"mso_mdoc","meta":{}}]}""")]
    [InlineData("""{"credentials":[{"id":"a",@,"multiple":"true"}]}""")]
    [InlineData("""{"credentials":[{"id":"a",@,"multiple":null}]}""")]
    [InlineData("""{"credentials":[{"id":"a",@,"require_cryptographic_holder_binding":0}]}""")]
    [InlineData("""{"credentials":[{"id":"a",@,"trusted_authorities":[]}]}""")]
    [InlineData("""{"credentials":[{"id":"a",@,"trusted_authorities":["aki"]}]}""")]
    [InlineData("""{"credentials":[{"id":"a",@,"trusted_authorities":[{"type":"aki"}]}]}""")]
    [InlineData("""{"credentials":[{"id":"a",@,"trusted_authorities":[{"type":"aki","values":[]}]}]}""")]
    [InlineData("""{"credentials":[{"id":"a",@,"trusted_authorities":[{"values":["x"]}]}]}""")]
    [InlineData("""{"credentials":[{"id":"a",@,"claims":[]}]}""")]
    [InlineData("""{"credentials":[{"id":"a",@,"claims":[1]}]}""")]
    [InlineData("""{"credentials":[{"id":"a",@,"claims":[{}]}]}""")]
    [InlineData("""{"credentials":[{"id":"a",@,"claims":[{"path":[]}]}]}""")]
    [InlineData("""{"credentials":[{"id":"a",@,"claims":[{"path":"x"}]}]}""")]
    [InlineData("""{"credentials":[{"id":"a",@,"claims":[{"path":[-1]}]}]}""")]
    [InlineData("""{"credentials":[{"id":"a",@,"claims":[{"path":[1.0]}]}]}""")]
    [InlineData("""{"credentials":[{"id":"a",@,"claims":[{"path":[true]}]}]}""")]
    [InlineData("""{"credentials":[{"id":"a",@,"claims":[{"path":["x"],"values":[]}]}]}""")]
    [InlineData("""{"credentials":[{"id":"a",@,"claims":[{"path":["x"],"values":[1.5]}]}]}""")]
    [InlineData("""{"credentials":[{"id":"a",@,"claims":[{"path":["x"],"values":[null]}]}]}""")]
    [InlineData("""{"credentials":[{"id":"a",@,"claims":[{"path":["x"],"values":[["y"]]}]}]}""")]
    [InlineData("""{"credentials":[{"id":"a",@,"claims":[{"path":["x"],"id":"1"},{"path":["y"],"id":"1"}]}]}""")]
    [InlineData("""{"credentials":[{"id":"a",@,"claims":[{"path":["x"],"id":"!"}]}]}""")]
    [InlineData("""{"credentials":[{"id":"a",@,"claim_sets":[["1"]]}]}""")]
    [InlineData("""{"credentials":[{"id":"a",@,"claims":[{"path":["x"],"id":"1"}],"claim_sets":[]}]}""")]
    [InlineData("""{"credentials":[{"id":"a",@,"claims":[{"path":["x"],"id":"1"}],"claim_sets":[[]]}]}""")]
    [InlineData("""{"credentials":[{"id":"a",@,"claims":[{"path":["x"],"id":"1"}],"claim_sets":[["2"]]}]}""")]
    [InlineData("""{"credentials":[{"id":"a",@,"claims":[{"path":["x"],"id":"1"},{"path":["y"]}],"claim_sets":[["1"]]}]}""")]
    [InlineData("""{"credentials":[{"id":"a","format":"mso_mdoc","meta":{"doctype_value":"d"},"claims":[{"path":["n",null]}]}]}""")]
    [InlineData("""{"credentials":[{"id":"a","format":"mso_mdoc","meta":{"doctype_value":"d"},"claims":[{"path":["n"]}]}]}""")]
    [InlineData("""{"credentials":[{"id":"a","format":"mso_mdoc","meta":{"doctype_value":"d"},"claims":[{"path":["n",0]}]}]}""")]
    [InlineData("""{"credentials":[{"id":"a",@}],"credential_sets":[{"options":[]}]}""")]
    [InlineData("""{"credentials":[{"id":"a",@}],"credential_sets":[{"options":[[]]}]}""")]
    [InlineData("""{"credentials":[{"id":"a",@}],"credential_sets":[{"options":[["b"]]}]}""")]
    [InlineData("""{"credentials":[{"id":"a",@}],"credential_sets":[{"options":["a"]}]}""")]
    [InlineData("""{"credentials":[{"id":"a",@}],"credential_sets":[{}]}""")]
    [InlineData("""{"credentials":[{"id":"a",@}],"credential_sets":[["a"]]}""")]
    [InlineData("""{"credentials":[{"id":"a",@}],"credential_sets":[{"options":[["a"]],"required":"no"}]}""")]
    public void A_query_that_breaks_a_rule_is_refused(string text) => Assert.Equal(DcqlCodes.Malformed, Code(text.Replace("@", Meta, StringComparison.Ordinal)));

    [Fact]
    [Trait("Row", "VPW-15")]
    public void The_correct_twin_is_read_and_written_again_unchanged()
    {
        const string Text = """
            {"credentials":[
              {"id":"a-1_B","format":"dc+sd-jwt","meta":{"vct_values":["t","u"]},"multiple":true,"require_cryptographic_holder_binding":false,
               "trusted_authorities":[{"type":"aki","values":["x"]}],
               "claims":[{"path":["x"],"id":"1","values":["v",1,true]},{"path":["y",null,0,"z"],"id":"2"}],"claim_sets":[["1"],["1","2"]]},
              {"id":"m","format":"mso_mdoc","meta":{"doctype_value":"d"},"claims":[{"path":["n","e"]}]}],
             "credential_sets":[{"options":[["a-1_B"],["m","a-1_B"]]},{"options":[["m"]],"required":false}]}
            """;

        var query = Parse(Text);

        Assert.True(JsonElement.DeepEquals(StrictJson.Parse(Text), StrictJson.ToElement(query.ToJson())));
        Assert.Equal(["t", "u"], query.Credentials[0].Types);
        Assert.Equal(["d"], query.Credentials[1].Types);
    }

    [Fact]
    [Trait("Row", "VPW-15")]
    public void Unknown_members_and_claims_asked_for_twice_are_ignored()
    {
        var query = Parse("""{"x":1,"credentials":[{"id":"a",@,"y":{},"claims":[{"path":["x"],"intent_to_retain":true},{"path":["x"]}]}]}"""
            .Replace("@", Meta, StringComparison.Ordinal));

        Assert.Single(Assert.Single(query.Credentials[0].Alternatives()));
    }

    // B.3.5 and its like are rules of a format; of one that is not known nothing is.
    [Fact]
    [Trait("Row", "VPW-15")]
    public void A_query_for_an_unknown_format_names_no_types() =>
        Assert.Empty(Parse("""{"credentials":[{"id":"a","format":"unknown","meta":{"vct_values":["t"]}}]}""").Credentials[0].Types);

    [Fact]
    public void A_query_asks_for_holder_binding_unless_it_says_otherwise()
    {
        Assert.True(new CredentialQuery { Id = "a", Format = "dc+sd-jwt", Meta = StrictJson.Parse("{}") }.RequireHolderBinding);
        Assert.True(Parse("""{"credentials":[{"id":"a",@}]}""".Replace("@", Meta, StringComparison.Ordinal)).Credentials[0].RequireHolderBinding);
    }

    [Fact]
    [Trait("Row", "VPW-15")]
    [Trait("Row", "JSN-03")]
    public void The_same_member_twice_is_refused() =>
        Assert.Throws<MalformedDataException>(() => Parse("""{"credentials":[{"id":"a","id":"b",@}]}""".Replace("@", Meta, StringComparison.Ordinal)));

    public static TheoryData<int, string> Caps => new()
    {
        { DcqlLimits.Credentials, "credentials" },
        { DcqlLimits.Claims, "claims" },
        { DcqlLimits.Sets, "claim_sets" },
        { DcqlLimits.Sets, "credential_sets" },
        { DcqlLimits.Sets, "options" },
        { DcqlLimits.Values, "values" },
        { DcqlLimits.Values, "vct_values" },
        { DcqlLimits.TrustedAuthorities, "trusted_authorities" },
        { DcqlLimits.AuthorityValues, "authority values" },
    };

    [Theory]
    [Trait("Row", "VPW-15")]
    [MemberData(nameof(Caps))]
    public void A_query_over_a_cap_is_refused_and_one_at_the_cap_is_read(int cap, string what)
    {
        Assert.NotNull(Parse(Sized(what, cap - 1)));
        Assert.NotNull(Parse(Sized(what, cap)));
        Assert.Equal(DcqlCodes.TooLarge, Code(Sized(what, cap + 1)));
    }

    [Fact]
    [Trait("Row", "VPW-15")]
    public void Ten_thousand_claims_are_refused() => Assert.Equal(DcqlCodes.TooLarge, Code(Sized("claims", 10_000)));

    // # stands for the repeated part.
    private static string Sized(string what, int count)
    {
        var (text, part) = what switch
        {
            "credentials" => ("""{"credentials":[#]}""", """{"id":"c%",@}"""),
            "claims" => ("""{"credentials":[{"id":"a",@,"claims":[#]}]}""", """{"path":["x%"]}"""),
            "claim_sets" => ("""{"credentials":[{"id":"a",@,"claims":[{"path":["x"],"id":"1"}],"claim_sets":[#]}]}""", """["1"]"""),
            "values" => ("""{"credentials":[{"id":"a",@,"claims":[{"path":["x"],"values":[#]}]}]}""", "%"),
            "trusted_authorities" => ("""{"credentials":[{"id":"a",@,"trusted_authorities":[#]}]}""", """{"type":"aki","values":["x"]}"""),
            "authority values" => ("""{"credentials":[{"id":"a",@,"trusted_authorities":[{"type":"aki","values":[#]}]}]}""", "\"%\""),
            "vct_values" => ("""{"credentials":[{"id":"a","format":"dc+sd-jwt","meta":{"vct_values":[#]}}]}""", "\"%\""),
            "credential_sets" => ("""{"credentials":[{"id":"a",@}],"credential_sets":[#]}""", """{"options":[["a"]]}"""),
            "options" => ("""{"credentials":[{"id":"a",@}],"credential_sets":[{"options":[#]}]}""", """["a"]"""),
            _ => throw new ArgumentOutOfRangeException(nameof(what)),
        };
        var parts = Enumerable.Range(0, count).Select(i => part.Replace("%", $"{i}", StringComparison.Ordinal));
        return text.Replace("#", string.Join(',', parts), StringComparison.Ordinal).Replace("@", Meta, StringComparison.Ordinal);
    }
}
