using Credentials.Codecs;
using Credentials.Dcql;

namespace Credentials.Tests.Dcql;

public class DcqlMatcherTests
{
    private static readonly DcqlCandidate s_pid = new("dc+sd-jwt", ["https://credentials.example.com/identity_credential"], StrictJson.Parse("""
        {"last_name":"Doe","postal_code":"90210","date_of_birth":"1990-01-01","age":18,"member":true,
         "address":{"street":"Main","city":"Mapo"},"nationalities":["KR","FR"],"people":[{"name":"A","role":"head"},{"name":"B"},{"name":"C","role":"child"}]}
        """)) { Id = "pid", AuthorityKeyIdentifiers = ["s9tIpPmhxdiuNkHMEWNpYim8S8Y"] };

    private static DcqlQuery Asking(string members) => DcqlQuery.Parse(StrictJson.Parse($$"""
        {"credentials":[{"id":"c","format":"dc+sd-jwt","meta":{"vct_values":["https://credentials.example.com/identity_credential"]}{{members}}}]}
        """));

    private static DcqlMember Member(DcqlQuery query, params DcqlCandidate[] candidates) =>
        Assert.Single(Assert.Single(Assert.Single(DcqlMatcher.Match(query, candidates).Sets).Options).Members);

    private static IEnumerable<string>? Disclosed(string members)
    {
        var matches = Member(Asking(members), s_pid).Matches;
        return matches.Count == 0 ? null : [.. Assert.Single(matches).Disclose.Select(path => path.ToString())];
    }

    [Fact]
    [Trait("Row", "VPW-16")]
    public void Without_claims_nothing_is_disclosed()
    {
        Assert.Equal([], Disclosed(""));
        Assert.Equal(["""["last_name"]"""], Disclosed(""" ,"claims":[{"path":["last_name"]}] """));
    }

    [Theory]
    [InlineData("""{"path":["last_name"]}""", """["last_name"]""")]
    [InlineData("""{"path":["address","city"]}""", """["address","city"]""")]
    [InlineData("""{"path":["nationalities",1]}""", """["nationalities",1]""")]
    [InlineData("""{"path":["nationalities",null]}""", """["nationalities",null]""")]
    [InlineData("""{"path":["nationalities",2]}""", null)]
    [InlineData("""{"path":["first_name"]}""", null)]
    [InlineData("""{"path":["last_name",null]}""", null)]
    [InlineData("""{"path":["last_name"],"values":["Doe","Roe"]}""", """["last_name"]""")]
    [InlineData("""{"path":["last_name"],"values":["doe"]}""", null)]
    [InlineData("""{"path":["age"],"values":[18]}""", """["age"]""")]
    [InlineData("""{"path":["age"],"values":["18"]}""", null)]
    [InlineData("""{"path":["member"],"values":[true]}""", """["member"]""")]
    [InlineData("""{"path":["member"],"values":[false]}""", null)]
    [InlineData("""{"path":["address"],"values":["Main"]}""", null)]
    [InlineData("""{"path":["nationalities",null],"values":["FR"]}""", """["nationalities",1]""")]
    [InlineData("""{"path":["people",null,"role"],"values":["child"]}""", """["people",2,"role"]""")]
    public void A_claim_is_matched_by_path_type_and_value(string claim, string? disclosed) =>
        Assert.Equal(disclosed is null ? null : [disclosed], Disclosed($$""" ,"claims":[{{claim}}] """));

    [Fact]
    public void The_first_claim_set_that_can_be_met_is_disclosed_and_nothing_else()
    {
        const string Claims = """
            ,"claims":[{"id":"a","path":["last_name"]},{"id":"b","path":["postal_code"]},{"id":"c","path":["locality"]},{"id":"e","path":["date_of_birth"]}],
            """;

        Assert.Equal(["""["last_name"]""", """["postal_code"]""", """["date_of_birth"]"""], Disclosed(Claims + """ "claim_sets":[["a","c"],["a","b","e"],["a"]] """));
        Assert.Null(Disclosed(Claims + """ "claim_sets":[["c"],["a","c"]] """));
    }

    [Theory]
    [InlineData("""{"type":"aki","values":["s9tIpPmhxdiuNkHMEWNpYim8S8Y"]}""", true)]
    [InlineData("""{"type":"aki","values":["other","s9tIpPmhxdiuNkHMEWNpYim8S8Y"]}""", true)]
    [InlineData("""{"type":"aki","values":["S9tIpPmhxdiuNkHMEWNpYim8S8Y"]}""", false)]
    [InlineData("""{"type":"etsi_tl","values":["s9tIpPmhxdiuNkHMEWNpYim8S8Y"]}""", false)]
    [InlineData("""{"type":"openid_federation","values":["https://trustanchor.example.com"]}""", false)]
    [InlineData("""{"type":"etsi_tl","values":["x"]},{"type":"aki","values":["s9tIpPmhxdiuNkHMEWNpYim8S8Y"]}""", true)]
    public void Only_a_known_authority_key_matches_trusted_authorities(string authorities, bool matches) =>
        Assert.Equal(matches, Disclosed($$""" ,"trusted_authorities":[{{authorities}}] """) is not null);

    [Fact]
    public void Type_format_and_holder_binding_decide_whether_a_candidate_matches_at_all()
    {
        var query = Asking("");
        DcqlCandidate[] wrong =
        [
            s_pid with { Types = ["HTTPS://credentials.example.com/identity_credential"] },
            s_pid with { Types = [] },
            s_pid with { Format = "mso_mdoc" },
            s_pid with { Format = "vc+sd-jwt" },
            s_pid with { IsHolderBound = false },
        ];

        var member = Member(query, [.. wrong, s_pid, s_pid with { Id = "inherits", Types = ["x", .. s_pid.Types] }]);

        Assert.Equal(["pid", "inherits"], member.Matches.Select(match => match.Candidate.Id));
        Assert.Single(Member(Asking(""" ,"require_cryptographic_holder_binding":false """), s_pid with { IsHolderBound = false }).Matches);
    }

    [Fact]
    public void An_mdoc_is_matched_by_its_doctype_and_elements()
    {
        var query = DcqlQuery.Parse(StrictJson.Parse("""
            {"credentials":[{"id":"m","format":"mso_mdoc","meta":{"doctype_value":"org.iso.18013.5.1.mDL"},"claims":[{"path":["org.iso.18013.5.1","family_name"]}]}]}
            """));
        var licence = new DcqlCandidate("mso_mdoc", ["org.iso.18013.5.1.mDL"], StrictJson.Parse("""{"org.iso.18013.5.1":{"family_name":"Kim","birth_date":"x"}}"""));

        Assert.Single(Member(query, licence).Matches);
        Assert.Empty(Member(query, licence with { Types = ["org.iso.23220.photoid.1"] }).Matches);
    }

    [Fact]
    public void A_format_that_is_not_known_matches_nothing()
    {
        var query = DcqlQuery.Parse(StrictJson.Parse("""{"credentials":[{"id":"j","format":"ac_vp","meta":{"type_values":[["IDCredential"]]}}]}"""));

        Assert.Empty(Member(query, new DcqlCandidate("ac_vp", ["IDCredential"], StrictJson.Parse("{}"))).Matches);
    }

    [Fact]
    public void Options_are_listed_in_order_also_those_that_cannot_be_met()
    {
        var query = DcqlQuery.Parse(StrictJson.Parse("""
            {"credentials":[
               {"id":"pid","format":"dc+sd-jwt","meta":{"vct_values":["https://credentials.example.com/identity_credential"]},"claims":[{"path":["last_name"]}]},
               {"id":"other","format":"dc+sd-jwt","meta":{"vct_values":["other"]}},
               {"id":"nice","format":"dc+sd-jwt","meta":{"vct_values":["nice"]}}],
             "credential_sets":[{"options":[["other"],["pid"],["pid","other"]]},{"options":[["nice"]],"required":false}]}
            """));

        var match = DcqlMatcher.Match(query, [s_pid]);

        Assert.True(match.IsSatisfiable);
        Assert.Equal([false, true, false], match.Sets[0].Options.Select(option => option.IsSatisfiable));
        Assert.Equal((true, true), (match.Sets[0].Required, match.Sets[0].IsSatisfiable));
        Assert.Equal((false, false), (match.Sets[1].Required, match.Sets[1].IsSatisfiable));
        Assert.Equal(["pid", "other"], match.Sets[0].Options[2].Members.Select(member => member.Query.Id));
        Assert.False(DcqlMatcher.Match(query, []).IsSatisfiable);
    }
}
