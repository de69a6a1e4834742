using Credentials.Codecs;
using Credentials.Dcql;
using FsCheck.Xunit;

namespace Credentials.Tests.Dcql;

/// <summary>The matcher against the rules of OpenID4VP 1.0 §6.4 written down in the slowest, plainest way.</summary>
public class DcqlMatcherPropertyTests
{
    private static readonly string[] s_types = ["t0", "t1", "t2"];
    private static readonly string[] s_claims = ["a", "b", "c", "d"];

    [Property(MaxTest = 500)]
    public bool The_matcher_equals_a_slow_reference(byte[] seed)
    {
        var choice = new Choice(seed);
        var query = DcqlQuery.Parse(StrictJson.Parse(MakeQuery(choice)));
        var candidates = Enumerable.Range(0, choice.Next(4)).Select(i => MakeCandidate(choice, i)).ToList();

        var match = DcqlMatcher.Match(query, candidates);

        return Show(match) == Reference(query, candidates) && match.IsSatisfiable == ReferenceSatisfiable(query, candidates);
    }

    // One line per set, "|" between options, "&" between members.
    private static string Show(DcqlMatch match)
    {
        static string Found(DcqlCredentialMatch found) => found.Candidate.Id + "(" + string.Join(';', found.Disclose) + ")";
        static string Member(DcqlMember member) => member.Query.Id + ":" + string.Join(',', member.Matches.Select(Found));
        static string Option(DcqlOption option) => string.Join(" & ", option.Members.Select(Member));
        return string.Join('\n', match.Sets.Select(set => string.Join(" | ", set.Options.Select(Option))));
    }

    private static string Reference(DcqlQuery query, List<DcqlCandidate> candidates)
    {
        string Found(string id, DcqlCandidate candidate) =>
            candidate.Id + "(" + string.Join(';', Chosen(query.Find(id)!, candidate)!.Select(name => "[\"" + name + "\"]")) + ")";
        string Member(string id) =>
            id + ":" + string.Join(',', candidates.Where(candidate => Chosen(query.Find(id)!, candidate) is not null).Select(candidate => Found(id, candidate)));
        string Option(IEnumerable<string> option) => string.Join(" & ", option.Select(Member));
        if (query.CredentialSets is null) return Option(query.Credentials.Select(credential => credential.Id));
        return string.Join('\n', query.CredentialSets.Select(set => string.Join(" | ", set.Options.Select(Option))));
    }

    private static bool ReferenceSatisfiable(DcqlQuery query, List<DcqlCandidate> candidates)
    {
        bool Held(string id) => candidates.Any(candidate => Chosen(query.Find(id)!, candidate) is not null);
        if (query.CredentialSets is null) return query.Credentials.All(credential => Held(credential.Id));
        foreach (var set in query.CredentialSets)
            if (set.Required && !set.Options.Any(option => option.All(Held))) return false;
        return true;
    }

    /// <summary>The names of the claims to show; null if the candidate is no match.</summary>
    private static List<string>? Chosen(CredentialQuery query, DcqlCandidate candidate)
    {
        if (query.Meta.GetProperty("vct_values").EnumerateArray().All(type => !candidate.Types.Contains(type.GetString()))) return null;
        if (query.RequireHolderBinding && !candidate.IsHolderBound) return null;
        if (query.Claims is null) return [];
        foreach (var ids in query.ClaimSets ?? [query.Claims.Select(claim => claim.Id!).ToList()])
        {
            var wanted = ids.Select(id => query.Claims.Single(claim => claim.Id == id)).ToList();
            if (wanted.All(claim => Has(claim, candidate))) return [.. wanted.Select(claim => claim.Path.Segments[0].Name!)];
        }
        return null;
    }

    private static bool Has(ClaimsQuery claim, DcqlCandidate candidate) =>
        candidate.Claims.TryGetProperty(claim.Path.Segments[0].Name!, out var value)
        && (claim.Values is null || claim.Values.Any(expected => expected.GetInt32() == value.GetInt32()));

    private static string MakeQuery(Choice choice)
    {
        var credentials = Enumerable.Range(0, 1 + choice.Next(3)).Select(i =>
        {
            var claims = s_claims.Take(choice.Next(5)).ToList();
            var asked = string.Join(',', claims.Select(name =>
                $$"""{"id":"{{name}}","path":["{{name}}"]{{(choice.Next(3) == 0 ? $",\"values\":[{choice.Next(2)}]" : "")}}}"""));
            var sets = claims.Count > 0 && choice.Next(2) == 0
                ? $",\"claim_sets\":[{string.Join(',', Enumerable.Range(0, 1 + choice.Next(3)).Select(_ => $"[\"{claims[choice.Next(claims.Count)]}\"]"))}]"
                : "";
            var binding = choice.Next(2) == 0 ? ",\"require_cryptographic_holder_binding\":false" : "";
            var list = claims.Count > 0 ? $",\"claims\":[{asked}]{sets}" : "";
            return $"{{\"id\":\"q{i}\",\"format\":\"dc+sd-jwt\",\"meta\":{{\"vct_values\":[\"{s_types[choice.Next(3)]}\"]}}{binding}{list}}}";
        }).ToList();
        string Option() => $"[{string.Join(',', Enumerable.Range(0, credentials.Count).Where(i => i == 0 || choice.Next(2) == 0).Select(i => $"\"q{i}\""))}]";
        var groups = choice.Next(2) == 0
            ? ""
            : $",\"credential_sets\":[{{\"options\":[{Option()},{Option()}],\"required\":{(choice.Next(2) == 0 ? "true" : "false")}}},{{\"options\":[{Option()}]}}]";
        return $"{{\"credentials\":[{string.Join(',', credentials)}]{groups}}}";
    }

    private static DcqlCandidate MakeCandidate(Choice choice, int id)
    {
        var claims = s_claims.Where(_ => choice.Next(3) > 0).Select(name => $"\"{name}\":{choice.Next(2)}");
        return new DcqlCandidate("dc+sd-jwt", [s_types[choice.Next(3)]], StrictJson.Parse($"{{{string.Join(',', claims)}}}"))
        {
            Id = $"k{id}",
            IsHolderBound = choice.Next(4) > 0,
        };
    }

    /// <summary>Draws small numbers from FsCheck's bytes, so that what fails shrinks with them.</summary>
    private sealed class Choice(byte[] seed)
    {
        private int _at;

        public int Next(int below) => seed.Length == 0 ? 0 : (seed[_at % seed.Length] + (_at++ / seed.Length)) % below;
    }
}
