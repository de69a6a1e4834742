namespace Credentials.Dcql;

/// <summary>Evaluates a query over what a wallet holds (OpenID4VP 1.0 §6.4).</summary>
public static class DcqlMatcher
{
    /// <summary>
    /// What could be shown: every set with its options, each option with its members, each member with the candidates that
    /// match and what each would disclose. Nothing is chosen here.
    /// </summary>
    public static DcqlMatch Match(DcqlQuery query, IReadOnlyList<DcqlCandidate> candidates)
    {
        var members = query.Credentials.ToDictionary(
            credential => credential.Id,
            credential => new DcqlMember(credential, [.. candidates.Select(candidate => Match(credential, candidate)).OfType<DcqlCredentialMatch>()]),
            StringComparer.Ordinal);
        return new DcqlMatch([.. query.EffectiveSets().Select(set =>
            new DcqlSet(set.Required, [.. set.Options.Select(option => new DcqlOption([.. option.Distinct().Select(id => members[id])]))]))]);
    }

    /// <summary>
    /// Whether a query asks for a credential of a format and its types (<see cref="DcqlCandidate.Format"/>, <see cref="DcqlCandidate.Types"/>):
    /// for a wallet of many that does not read what cannot match anyway.
    /// </summary>
    public static Func<string, IReadOnlyCollection<string>, bool> AskedFor(DcqlQuery query)
    {
        List<(string Format, IReadOnlyList<IReadOnlyList<string>> Types)> asked =
            [.. query.Credentials.Select(credential => (credential.Format, DcqlFormat.Find(credential.Format)?.Types(credential.Meta) ?? []))];
        return (format, types) => asked.Exists(one => one.Format == format && IsOneOf(one.Types, types));
    }

    private static DcqlCredentialMatch? Match(CredentialQuery query, DcqlCandidate candidate)
    {
        if (Mismatch(query, candidate) is not null) return null;
        // §6.4.1: the first combination that can be met, and nothing beyond it.
        var claims = query.Alternatives().FirstOrDefault(alternative => alternative.All(claim => IsMet(claim, candidate)));
        return claims is null ? null : new DcqlCredentialMatch(candidate, [.. claims.SelectMany(claim => Disclosed(claim, candidate))]);
    }

    /// <summary>Why the credential as a whole is not what the query asks for, whatever it claims; null if it is.</summary>
    internal static string? Mismatch(CredentialQuery query, DcqlCandidate candidate)
    {
        if (candidate.Format != query.Format || DcqlFormat.Find(query.Format) is not { } format) return DcqlCodes.FormatMismatch;
        if (!IsOneOf(format.Types(query.Meta), candidate.Types)) return DcqlCodes.TypeMismatch;
        if (query.TrustedAuthorities?.Any(authority => authority.Matches(candidate)) == false) return DcqlCodes.AuthorityMismatch;
        return query.RequireHolderBinding && !candidate.IsHolderBound ? DcqlCodes.HolderBindingMissing : null;
    }

    /// <summary>Whether a credential has all types of one alternative.</summary>
    private static bool IsOneOf(IReadOnlyList<IReadOnlyList<string>> alternatives, IReadOnlyCollection<string> types) => alternatives.Any(all => all.All(types.Contains));

    private static bool IsMet(ClaimsQuery claim, DcqlCandidate candidate) => claim.Path.Select(candidate.Claims).Any(claim.Accepts);

    /// <summary>
    /// The paths to disclose. Where values are asked for, a path over all elements of an array is narrowed to the elements that
    /// have one of them: the others are as good as not there (§6.4.1).
    /// </summary>
    private static IEnumerable<ClaimPath> Disclosed(ClaimsQuery claim, DcqlCandidate candidate) =>
        claim.Values is null || !claim.Path.Segments.Any(segment => segment.IsAll)
            ? [claim.Path]
            : ClaimSelection.Expand(claim.Path, candidate.Claims).Where(path => path.Select(candidate.Claims).Any(claim.Accepts));
}
