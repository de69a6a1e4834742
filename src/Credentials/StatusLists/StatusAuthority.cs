using System.Security.Cryptography.X509Certificates;
using Credentials.Jose;
using Credentials.Trust;
using PublicKey = Credentials.Keys.PublicKey;

namespace Credentials.StatusLists;

/// <summary>
/// Whom the status of a credential must come from: its issuer, or a signer under the same authority (Token Status List §11.3).
/// Another trusted agency's list is refused.
/// </summary>
/// <param name="Trust">The trust store that accepted the credential's issuer.</param>
/// <param name="Anchor">The anchor that the issuer was accepted under.</param>
/// <param name="IssuerKey">The key that signed the credential; it verifies tokens that carry no <c>x5c</c>.</param>
/// <param name="Type">The credential's type, for anchors that are limited to types.</param>
public sealed record StatusAuthority(TrustStore Trust, TrustAnchor Anchor, PublicKey? IssuerKey = null, string? Type = null)
{
    internal string? FindSignerProblem(CompactJws token, IReadOnlyList<X509Certificate2>? chain, DateTimeOffset now)
    {
        var key = IssuerKey;
        if (chain is not null)
        {
            var decision = Trust.EvaluateChain(chain, TrustPurpose.StatusSigner, Type, now);
            key = decision.Anchor?.Id == Anchor.Id ? decision.Key : null;
        }

        if (key is null)
        {
            return StatusListCodes.SignerNotTrusted;
        }

        return token.VerifySignature(key) ? null : StatusListCodes.SignatureInvalid;
    }
}
