namespace Credentials.Dcql;

/// <summary>What a wallet could answer to a query: sets → options → members → matches.</summary>
/// <param name="Sets">The query's credential sets in its order; one required set if it has none.</param>
public sealed record DcqlMatch(IReadOnlyList<DcqlSet> Sets)
{
    /// <summary>True if every required set has an option that can be met. If not, nothing may be returned (OpenID4VP 1.0 §6.4.2).</summary>
    public bool IsSatisfiable => Sets.All(set => !set.Required || set.IsSatisfiable);
}
