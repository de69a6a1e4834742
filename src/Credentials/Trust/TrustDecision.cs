using System.Security.Cryptography.X509Certificates;
using PublicKey = Credentials.Keys.PublicKey;

namespace Credentials.Trust;

/// <summary>Whether a signer is trusted: by which anchor and with exactly which key, or why not.</summary>
public sealed record TrustDecision(TrustAnchor? Anchor, PublicKey? Key, string? Code)
{
    /// <summary>The certificates of a chain that is trusted, without the anchor; null otherwise. Shared between decisions: never dispose of them.</summary>
    public IReadOnlyList<X509Certificate2>? Chain { get; init; }

    /// <summary>The signer's certificate, first in <see cref="Chain"/>.</summary>
    public X509Certificate2? Certificate => Chain?[0];

    /// <summary>True if an anchor vouches for the key.</summary>
    public bool IsTrusted => Anchor is not null;

    internal static TrustDecision Refused(string code) => new(null, null, code);
}
