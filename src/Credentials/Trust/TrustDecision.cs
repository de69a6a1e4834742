using System.Security.Cryptography.X509Certificates;
using PublicKey = Credentials.Keys.PublicKey;

namespace Credentials.Trust;

/// <summary>Whether a signer is trusted: by which anchor and with exactly which key, or why not.</summary>
public sealed record TrustDecision(TrustAnchor? Anchor, PublicKey? Key, string? Code)
{
    /// <summary>The signer's certificate, for a chain that is trusted; null otherwise. Shared between decisions: never dispose of it.</summary>
    public X509Certificate2? Certificate { get; init; }

    /// <summary>True if an anchor vouches for the key.</summary>
    public bool IsTrusted => Anchor is not null;

    internal static TrustDecision Refused(string code) => new(null, null, code);
}
