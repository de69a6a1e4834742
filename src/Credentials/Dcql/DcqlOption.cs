namespace Credentials.Dcql;

/// <summary>Credentials that serve a set together.</summary>
/// <param name="Members">All of them are needed.</param>
public sealed record DcqlOption(IReadOnlyList<DcqlMember> Members)
{
    /// <summary>True if the wallet has a match for every member.</summary>
    public bool IsSatisfiable => Members.All(member => member.Matches.Count > 0);
}
