namespace Credentials.Wallet.Core.Presentation;

/// <summary>Documents that serve one purpose of the verifier together.</summary>
/// <param name="Members">All of them are needed.</param>
public sealed record RequestedOption(IReadOnlyList<RequestedDocument> Members)
{
    /// <summary>True if the holder has a document for every member.</summary>
    public bool IsSatisfiable => Members.All(member => member.Matches.Count > 0);

    internal int Cost => Members.Sum(member => member.Matches.Count == 0 ? 0 : member.Matches[0].Disclose.Count + member.Matches[0].AlwaysShown.Count);
}
