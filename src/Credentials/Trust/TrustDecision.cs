using Credentials.Keys;

namespace Credentials.Trust;

/// <summary>Whether a signer is trusted: by which anchor and with exactly which key, or why not.</summary>
public sealed record TrustDecision(TrustAnchor? Anchor, PublicKey? Key, string? Code)
{
    /// <summary>True if an anchor vouches for the key.</summary>
    public bool IsTrusted => Anchor is not null;

    internal static TrustDecision Refused(string code) => new(null, null, code);
}
