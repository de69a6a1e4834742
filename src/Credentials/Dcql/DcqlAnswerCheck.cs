using System.Text.Json.Nodes;
using Credentials.Codecs;

namespace Credentials.Dcql;

/// <summary>
/// The verifier's own check of an answer (OpenID4VP 1.0 §8.6, §14.9): a wallet's evaluation of the query is never relied on.
/// </summary>
public static class DcqlAnswerCheck
{
    /// <summary>
    /// Whether a response has the shape that the query allows: only ids of the query, and several credentials only where it says
    /// <c>multiple</c>.
    /// </summary>
    /// <param name="query">What was asked.</param>
    /// <param name="counts">How many presentations the response has for each id.</param>
    /// <returns>A code of <see cref="DcqlCodes"/>, or null.</returns>
    public static string? ShapeProblem(DcqlQuery query, IEnumerable<KeyValuePair<string, int>> counts)
    {
        foreach (var (id, count) in counts)
        {
            if (query.Find(id) is not { } credential) return DcqlCodes.UnknownId;
            if (count > 1 && !credential.Multiple) return DcqlCodes.MultipleNotAllowed;
        }
        return null;
    }

    /// <summary>True if the ids that were answered satisfy every required credential set (§6.4.2).</summary>
    public static bool IsSatisfied(DcqlQuery query, IReadOnlySet<string> answered) =>
        query.EffectiveSets().All(set => !set.Required || set.Options.Any(option => option.All(answered.Contains)));

    /// <summary>Whether a verified credential is what its query asks for, and which of its claims may be passed on.</summary>
    public static DcqlAnswer Check(CredentialQuery query, DcqlCandidate credential)
    {
        if (DcqlMatcher.Mismatch(query, credential) is { } mismatch) return Refused(mismatch);
        var present = query.Alternatives().Where(alternative => alternative.All(claim => Shown(claim, credential).Count > 0)).ToList();
        var met = present.Find(alternative => alternative.All(claim => IsMet(claim, credential)));
        if (met is null) return Refused(present.Count == 0 ? DcqlCodes.ClaimMissing : DcqlCodes.ValueMismatch);

        var paths = met.SelectMany(claim => Shown(claim, credential)).ToList();
        return new DcqlAnswer(null, StrictJson.ToElement(ClaimSelection.Project(credential.Claims, paths)), paths);
    }

    private static bool IsMet(ClaimsQuery claim, DcqlCandidate credential) =>
        Shown(claim, credential).Any(path => path.Select(credential.Claims).Any(claim.Accepts));

    /// <summary>
    /// Where the claim is in what was shown. An index counts in the credential as issued; array elements that the holder kept back
    /// are gone from what was shown, so an index beyond its end stands for each element that is left.
    /// </summary>
    private static List<ClaimPath> Shown(ClaimsQuery claim, DcqlCandidate credential)
    {
        var exact = ClaimSelection.Expand(claim.Path, credential.Claims).ToList();
        if (exact.Count > 0) return exact;
        var anyIndex = claim.Path.Segments.Select(segment => segment.Index is null ? segment : ClaimPathSegment.All);
        return [.. ClaimSelection.Expand(new ClaimPath([.. anyIndex]), credential.Claims)];
    }

    private static DcqlAnswer Refused(string code) => new(code, StrictJson.ToElement(new JsonObject()), []);
}
