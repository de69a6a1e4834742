using Credentials.Jose;
using Credentials.Trust;
using Credentials.X509;

namespace Credentials.OpenId4Vci;

/// <summary>Who signed a wallet or key attestation: a chain below a configured authority, or a pinned key. Nobody else, whatever the machine trusts.</summary>
internal static class AttestationSigner
{
    /// <summary>The anchor that vouches for the signer whose signature verifies; null: none does.</summary>
    /// <param name="token">The attestation.</param>
    /// <param name="trust">The configured authorities.</param>
    /// <param name="purpose">The signer's role.</param>
    /// <param name="issuer">The <c>iss</c> claim, if there is one.</param>
    /// <param name="chainRequired">Whether the header must carry the chain (HAIP §4.4.1, §4.5.1).</param>
    /// <param name="now">The time of verification.</param>
    internal static (TrustAnchor? Anchor, bool IsSigned) Find(
        CompactJws token, TrustStore trust, TrustPurpose purpose, string? issuer, bool chainRequired, DateTimeOffset now)
    {
        if (X5c.DerOf(token) is { } chain)
        {
            var decision = trust.EvaluateChain(chain, purpose, null, now);
            return (decision.Anchor, decision.Key is { } key && token.VerifySignature(key));
        }

        if (chainRequired) return (null, false);
        var pinned = trust.PinnedKeys(issuer, token.KeyId, purpose, null);
        var signer = pinned.FirstOrDefault(anchor => token.VerifySignature(anchor.Key!));
        return (signer ?? (pinned.Count > 0 ? pinned[0] : null), signer is not null);
    }
}
