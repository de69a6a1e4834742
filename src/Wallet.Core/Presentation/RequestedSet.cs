namespace Credentials.Wallet.Core.Presentation;

/// <summary>One purpose of the verifier, with the alternatives that serve it.</summary>
/// <param name="IsRequired">False: the holder may leave it out.</param>
/// <param name="Options">The alternatives in the verifier's order, also those that the holder cannot meet.</param>
public sealed record RequestedSet(bool IsRequired, IReadOnlyList<RequestedOption> Options)
{
    /// <summary>True if an option can be met.</summary>
    public bool IsSatisfiable => Options.Any(option => option.IsSatisfiable);
}
