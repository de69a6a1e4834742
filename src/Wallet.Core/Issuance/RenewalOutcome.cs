namespace Credentials.Wallet.Core.Issuance;

/// <summary>What became of one document that was due for renewal.</summary>
/// <param name="DocumentId">Which document.</param>
/// <param name="Code">Why it was not renewed and its old copies stay: a stable code; null when it was renewed.</param>
public sealed record RenewalOutcome(string DocumentId, string? Code)
{
    /// <summary>True when its copies are fresh.</summary>
    public bool IsRenewed => Code is null;
}
