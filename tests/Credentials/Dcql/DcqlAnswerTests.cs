using Credentials.Codecs;
using Credentials.Dcql;

namespace Credentials.Tests.Dcql;

/// <summary>The verifier's own evaluation of an answer (OpenID4VP 1.0 §8.6): what is missing, and what may be passed on.</summary>
public class DcqlAnswerTests
{
    private const string Shown = """
        {"name":"Kim","age":19,"tags":[],"none":{},"address":{"city":"Mapo","region":"Seoul"},"nationalities":["KR","FR"],
         "people":[{"name":"A","role":"head"},{"name":"B"}],"grid":[[1,2],[3]]}
        """;

    private static CredentialQuery Asking(string members) => DcqlQuery.Parse(StrictJson.Parse(
        $$"""{"credentials":[{"id":"c","format":"dc+sd-jwt","meta":{"vct_values":["t"]}{{members}}}]}""")).Credentials[0];

    private static DcqlCandidate Showing(string claims = Shown) => new("dc+sd-jwt", ["t"], StrictJson.Parse(claims));

    private static DcqlAnswer Check(string claims, string shown = Shown) => DcqlAnswerCheck.Check(Asking($",\"claims\":{claims}"), Showing(shown));

    [Theory]
    [InlineData("""[{"path":["name"]}]""", """{"name":"Kim"}""")]
    [InlineData("""[{"path":["address","city"]}]""", """{"address":{"city":"Mapo"}}""")]
    [InlineData("""[{"path":["address"]}]""", """{"address":{"city":"Mapo","region":"Seoul"}}""")]
    [InlineData("""[{"path":["address"]},{"path":["address","city"]}]""", """{"address":{"city":"Mapo","region":"Seoul"}}""")]
    [InlineData("""[{"path":["address","city"]},{"path":["name"]}]""", """{"name":"Kim","address":{"city":"Mapo"}}""")]
    [InlineData("""[{"path":["nationalities"]}]""", """{"nationalities":["KR","FR"]}""")]
    [InlineData("""[{"path":["nationalities",null]}]""", """{"nationalities":["KR","FR"]}""")]
    [InlineData("""[{"path":["nationalities",1]}]""", """{"nationalities":["FR"]}""")]
    [InlineData("""[{"path":["people",null,"name"]}]""", """{"people":[{"name":"A"},{"name":"B"}]}""")]
    [InlineData("""[{"path":["people",null,"role"]}]""", """{"people":[{"role":"head"}]}""")]
    [InlineData("""[{"path":["people",1,"name"]},{"path":["people",0,"role"]}]""", """{"people":[{"role":"head"},{"name":"B"}]}""")]
    [InlineData("""[{"path":["grid",0,1]},{"path":["grid",1,0]}]""", """{"grid":[[2],[3]]}""")]
    [InlineData("""[{"path":["grid",null,0]}]""", """{"grid":[[1],[3]]}""")]
    [InlineData("""[{"path":["tags"]},{"path":["none"]}]""", """{"tags":[],"none":{}}""")]
    public void Exactly_what_was_asked_for_is_passed_on(string claims, string passedOn)
    {
        var answer = Check(claims);
        Assert.Null(answer.Code);
        Assert.Equal(Jcs.Canonicalize(StrictJson.Parse(passedOn)), Jcs.Canonicalize(answer.Claims));
    }

    [Fact]
    public void Nothing_is_passed_on_where_no_claim_is_asked_for()
    {
        var answer = DcqlAnswerCheck.Check(Asking(""), Showing());
        Assert.Equal((null, "{}", 0), (answer.Code, answer.Claims.GetRawText(), answer.Paths.Count));
    }

    [Theory]
    [InlineData("""[{"path":["name"]}]""", null)]
    [InlineData("""[{"path":["surname"]}]""", DcqlCodes.ClaimMissing)]
    [InlineData("""[{"path":["name"]},{"path":["surname"]}]""", DcqlCodes.ClaimMissing)]
    [InlineData("""[{"path":["name","first"]}]""", DcqlCodes.ClaimMissing)]
    [InlineData("""[{"path":["tags",null]}]""", DcqlCodes.ClaimMissing)]
    [InlineData("""[{"path":["name"],"values":["Kim"]}]""", null)]
    [InlineData("""[{"path":["name"],"values":["Lee"]}]""", DcqlCodes.ValueMismatch)]
    [InlineData("""[{"path":["name"],"values":["Kim"]},{"path":["age"],"values":[20]}]""", DcqlCodes.ValueMismatch)]
    [InlineData("""[{"path":["nationalities",null],"values":["FR"]}]""", null)]
    [InlineData("""[{"path":["nationalities",null],"values":["DE"]}]""", DcqlCodes.ValueMismatch)]
    public void An_answer_without_a_claim_or_a_value_that_was_asked_for_says_which(string claims, string? code)
    {
        var answer = Check(claims);
        Assert.Equal(code, answer.Code);
        if (code is not null) Assert.Equal(("{}", 0), (answer.Claims.GetRawText(), answer.Paths.Count));
    }

    // An index counts in the credential as issued, of whose elements the holder kept some back (OpenID4VP 1.0 §6.4.1).
    [Fact]
    public void An_element_is_found_where_those_before_it_were_kept_back()
    {
        var answer = Check("""[{"path":["nationalities",2]}]""", """{"nationalities":["DE"],"name":"Kim"}""");
        Assert.Equal((null, """{"nationalities":["DE"]}"""), (answer.Code, answer.Claims.GetRawText()));
        Assert.Equal("""["nationalities",0]""", Assert.Single(answer.Paths).ToString());
        Assert.Equal(DcqlCodes.ClaimMissing, Check("""[{"path":["nationalities",2]}]""", """{"nationalities":[],"name":"Kim"}""").Code);
    }

    [Fact]
    public void The_first_claim_set_that_is_met_is_passed_on()
    {
        const string Claims = ""","claims":[{"id":"a","path":["surname"]},{"id":"b","path":["age"],"values":[20]},{"id":"c","path":["age"]},{"id":"d","path":["name"]}],"claim_sets":""";
        var answer = DcqlAnswerCheck.Check(Asking(Claims + """[["a"],["b"],["c"],["d"]]"""), Showing());
        Assert.Equal((null, """{"age":19}"""), (answer.Code, answer.Claims.GetRawText()));
        Assert.Equal(DcqlCodes.ValueMismatch, DcqlAnswerCheck.Check(Asking(Claims + """[["a"],["b"]]"""), Showing()).Code);
        Assert.Equal(DcqlCodes.ClaimMissing, DcqlAnswerCheck.Check(Asking(Claims + """[["a"],["a","d"]]"""), Showing()).Code);
    }

    public static TheoryData<string, string[], bool, string?> Wholes => new()
    {
        { "dc+sd-jwt", ["t"], true, null },
        { "dc+sd-jwt", ["x", "t"], true, null },
        { "vc+sd-jwt", ["t"], true, DcqlCodes.FormatMismatch },
        { "dc+sd-jwt", ["u"], true, DcqlCodes.TypeMismatch },
        { "dc+sd-jwt", [], true, DcqlCodes.TypeMismatch },
        { "dc+sd-jwt", ["t"], false, DcqlCodes.HolderBindingMissing },
    };

    [Theory]
    [MemberData(nameof(Wholes))]
    public void A_credential_that_is_not_the_one_asked_for_says_why(string format, string[] types, bool isBound, string? code)
    {
        var answer = DcqlAnswerCheck.Check(
            Asking(""","claims":[{"path":["name"]}]"""), new DcqlCandidate(format, types, StrictJson.Parse(Shown)) { IsHolderBound = isBound });
        Assert.Equal((code, code is null ? """{"name":"Kim"}""" : "{}"), (answer.Code, answer.Claims.GetRawText()));
    }

    [Fact]
    public void An_authority_that_was_not_asked_for_is_a_mismatch()
    {
        var query = Asking(""","trusted_authorities":[{"type":"aki","values":["x"]},{"type":"aki","values":["y"]}]""");
        Assert.Null(DcqlAnswerCheck.Check(query, Showing() with { AuthorityKeyIdentifiers = ["w", "y"] }).Code);
        Assert.Equal(DcqlCodes.AuthorityMismatch, DcqlAnswerCheck.Check(query, Showing() with { AuthorityKeyIdentifiers = ["w"] }).Code);
        Assert.Equal(DcqlCodes.AuthorityMismatch, DcqlAnswerCheck.Check(query, Showing()).Code);
    }

    // B.1.1: a credential has all types of one alternative.
    [Theory]
    [InlineData(new[] { "a", "b" }, null)]
    [InlineData(new[] { "b", "x", "a" }, null)]
    [InlineData(new[] { "c" }, null)]
    [InlineData(new[] { "a" }, DcqlCodes.TypeMismatch)]
    [InlineData(new[] { "x" }, DcqlCodes.TypeMismatch)]
    public void A_credential_of_several_types_has_all_of_one_alternative(string[] types, string? code)
    {
        var query = DcqlQuery.Parse(StrictJson.Parse("""{"credentials":[{"id":"w","format":"vc+jwt","meta":{"type_values":[["a","b"],["c"]]}}]}"""));
        var credential = new DcqlCandidate("vc+jwt", types, StrictJson.Parse("{}"));
        Assert.Equal(code, DcqlAnswerCheck.Check(query.Credentials[0], credential).Code);
        Assert.Equal(code is null, DcqlMatcher.AskedFor(query)("vc+jwt", types));
        Assert.Equal(["b", "c"], query.Credentials[0].Types);
    }

    [Fact]
    public void A_query_asks_for_the_formats_and_types_that_it_names_and_for_no_others()
    {
        var isAskedFor = DcqlMatcher.AskedFor(DcqlQuery.Parse(StrictJson.Parse("""
            {"credentials":[{"id":"c","format":"dc+sd-jwt","meta":{"vct_values":["t","u"]}},{"id":"m","format":"mso_mdoc","meta":{"doctype_value":"d"}},{"id":"x","format":"unknown","meta":{}}]}
            """)));
        Assert.True(isAskedFor("dc+sd-jwt", ["u"]));
        Assert.True(isAskedFor("mso_mdoc", ["d"]));
        Assert.False(isAskedFor("mso_mdoc", ["t"]));
        Assert.False(isAskedFor("dc+sd-jwt", ["v"]));
        Assert.False(isAskedFor("unknown", ["t"]));
    }

    [Theory]
    [InlineData("name", true)]
    [InlineData("address", true)]
    [InlineData("address.city", true)]
    [InlineData("people.1", true)]
    [InlineData("people.1.name", true)]
    [InlineData("age", false)]
    [InlineData("address.region", false)]
    [InlineData("people.0", false)]
    [InlineData("people.1.role", false)]
    public void A_path_is_covered_by_one_that_is_around_it_or_in_it(string path, bool covered) => Assert.Equal(
        covered,
        Check("""[{"path":["name"]},{"path":["address","city"]},{"path":["people",1,"name"]}]""").Covers(ClaimPath.ParseText(path)));

    [Theory]
    [InlineData("""{"name":"Kim","address":{"city":"Mapo","region":"Seoul"},"nationalities":["KR"]}""", true)]
    [InlineData("""{"name":"Kim","nationalities":[]}""", true)]
    [InlineData("{}", true)]
    [InlineData("""{"name":"Kim","age":19}""", false)]
    [InlineData("""{"name":"Kim","extra":[]}""", false)]
    [InlineData("""{"name":"Kim","extra":{}}""", false)]
    [InlineData("""{"name":"Kim","nationalities":["KR","FR"]}""", false)]
    [InlineData("""{"name":"Kim","extra":{"deep":[{"x":1}]}}""", false)]
    public void All_that_is_said_is_covered_or_something_was_not_asked_for(string claims, bool covered) => Assert.Equal(
        covered,
        Check("""[{"path":["name"]},{"path":["address"]},{"path":["nationalities",0]}]""").CoversAll(StrictJson.Parse(claims)));

    // §8.1: the keys are ids of the query, and there is more than one presentation only where it says multiple.
    [Fact]
    public void A_response_has_the_shape_that_the_query_allows()
    {
        var query = DcqlQuery.Parse(StrictJson.Parse("""
            {"credentials":[{"id":"one","format":"dc+sd-jwt","meta":{"vct_values":["t"]}},{"id":"many","format":"dc+sd-jwt","meta":{"vct_values":["t"]},"multiple":true}]}
            """));
        string? Problem(params (string Id, int Count)[] counts) => DcqlAnswerCheck.ShapeProblem(query, counts.Select(count => KeyValuePair.Create(count.Id, count.Count)));
        Assert.Null(Problem(("one", 1), ("many", 3)));
        Assert.Equal(DcqlCodes.MultipleNotAllowed, Problem(("many", 3), ("one", 2)));
        Assert.Equal(DcqlCodes.UnknownId, Problem(("one", 1), ("none", 1)));
    }

    // §6.4.2
    [Theory]
    [InlineData(new[] { "a" }, true)]
    [InlineData(new[] { "b", "c" }, true)]
    [InlineData(new[] { "b", "c", "d" }, true)]
    [InlineData(new[] { "b" }, false)]
    [InlineData(new[] { "d" }, false)]
    [InlineData(new string[0], false)]
    public void Every_required_set_needs_one_whole_option(string[] answered, bool satisfied)
    {
        static string Query(string id) => """{"id":"@","format":"dc+sd-jwt","meta":{"vct_values":["t"]}}""".Replace("@", id, StringComparison.Ordinal);
        var credentials = string.Join(',', "abcd".Select(id => Query($"{id}")));
        var sets = DcqlQuery.Parse(StrictJson.Parse(
            $$"""{"credentials":[{{credentials}}],"credential_sets":[{"options":[["a"],["b","c"]]},{"options":[["d"]],"required":false}]}"""));
        Assert.Equal(satisfied, DcqlAnswerCheck.IsSatisfied(sets, answered.ToHashSet()));
        var all = DcqlQuery.Parse(StrictJson.Parse($$"""{"credentials":[{{credentials}}]}"""));
        Assert.False(DcqlAnswerCheck.IsSatisfied(all, answered.ToHashSet()));
        Assert.True(DcqlAnswerCheck.IsSatisfied(all, new HashSet<string> { "a", "b", "c", "d" }));
    }
}
