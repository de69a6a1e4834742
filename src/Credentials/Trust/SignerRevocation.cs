using System.Security.Cryptography.X509Certificates;
using Credentials.X509;

namespace Credentials.Trust;

/// <summary>Whether and how the certificates of a credential's signer are looked up on their authorities' revocation lists.</summary>
/// <param name="Client">Fetches and keeps the lists.</param>
/// <param name="Policy">How fresh they must be, and what becomes of what cannot be checked.</param>
public sealed record SignerRevocation(CrlClient Client, CrlPolicy Policy)
{
    private const string Section = "RFC 5280 §6.3";

    /// <summary>
    /// Takes the check of the issuer's chain back where a certificate is revoked, or nobody can say and the policy insists; else it stays passed,
    /// with the code of what was not looked up. Call it only when the credential is good otherwise: no list is fetched for another.
    /// </summary>
    /// <param name="recorder">The checks of the credential.</param>
    /// <param name="checkId">The check that says whether the issuer's key is trusted.</param>
    /// <param name="asked">Null: nobody asked.</param>
    /// <param name="chain">The signer's chain as it was found valid, without its anchor; null if it is trusted by its key.</param>
    /// <param name="anchor">The anchor that vouches for the signer.</param>
    /// <param name="now">The time of verification.</param>
    /// <param name="cancellationToken">Ends a request early.</param>
    internal static async Task CheckAsync(
        CheckRecorder recorder, string checkId, SignerRevocation? asked, IReadOnlyList<X509Certificate2>? chain, TrustAnchor? anchor, DateTimeOffset now,
        CancellationToken cancellationToken)
    {
        // A signer that is trusted itself stands under no authority that could revoke it.
        if (asked is null || asked.Policy.Mode == CrlMode.Skip || chain is null || anchor?.Certificate is not { } root
            || chain[^1].RawDataMemory.Span.SequenceEqual(root.RawDataMemory.Span))
        {
            return;
        }

        var result = await asked.Client.CheckAsync(chain, root, asked.Policy, now, cancellationToken).ConfigureAwait(false);
        var outcome = asked.Policy.OutcomeOf(result);
        recorder.Amend(checkId, outcome == CheckOutcome.NotApplicable ? CheckOutcome.Passed : outcome, result.Code, Section, result.Age);
    }
}
