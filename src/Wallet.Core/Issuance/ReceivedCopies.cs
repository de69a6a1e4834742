using Credentials.Dids;
using Credentials.Jose;
using Credentials.OpenId4Vci;
using Credentials.StatusLists;
using Credentials.Trust;
using Credentials.Wallet.Core.Documents;
using Credentials.Wallet.Core.Keys;

namespace Credentials.Wallet.Core.Issuance;

/// <summary>One accepted copy: the text as it came, what it says, and the key it is bound to.</summary>
internal sealed record ReceivedCopy(string Text, HeldCredential Held, SecureAreaKey Key);

/// <summary>
/// Holds what an issuer sent against what was asked for. All of it must be right: of a batch with one bad credential nothing is kept.
/// </summary>
internal sealed record ReceivedCopies(IReadOnlyList<ReceivedCopy> Copies, IReadOnlyList<VerificationReport> Reports, string? Code)
{
    public static async Task<ReceivedCopies> CheckAsync(
        IReadOnlyList<string> texts, CredentialConfiguration configuration, IReadOnlyList<SecureAreaKey> keys, TrustStore trust, DidResolver identifiers, DateTimeOffset now,
        CancellationToken cancellationToken)
    {
        if (texts.Count > keys.Count) return new([], [], WalletCodes.CredentialTooMany);
        var format = HeldFormat.Find(configuration.Format)!;
        var expected = new ReceiptExpectations(format.TypeOf(configuration)!, trust, now, identifiers);
        var reports = new List<VerificationReport>();
        foreach (var text in texts) reports.Add(await format.VerifyAsync(text, expected, cancellationToken).ConfigureAwait(false));
        var copies = new List<ReceivedCopy>();
        var code = reports.All(report => report.IsAccepted) ? Match(texts, reports, keys, format, copies) : WalletCodes.CredentialNotAccepted;
        code ??= Compare(copies, configuration);
        return new(code is null ? copies : [], reports, code);
    }

    // OpenID4VCI 1.0 §8.3: each key is bound to at most one credential.
    private static string? Match(
        IReadOnlyList<string> texts, List<VerificationReport> reports, IReadOnlyList<SecureAreaKey> keys, HeldFormat format, List<ReceivedCopy> copies)
    {
        var unused = keys.ToDictionary(key => Jwk.Thumbprint(key.PublicKey), StringComparer.Ordinal);
        foreach (var (text, report) in texts.Zip(reports))
        {
            if (!report.TryGetVerified(out var verified) || verified.HolderKey is not { } holder || !unused.Remove(Jwk.Thumbprint(holder), out var key))
                return WalletCodes.CredentialWrongKey;
            copies.Add(new ReceivedCopy(text, format.Parse(text), key));
        }
        return null;
    }

    private static string? Compare(List<ReceivedCopy> copies, CredentialConfiguration configuration)
    {
        var mandatory = configuration.Claims.Where(claim => claim.Mandatory).Select(claim => claim.Path).ToList();
        if (copies.Any(copy => mandatory.Any(path => path.Select(copy.Held.Claims).Count == 0))) return WalletCodes.CredentialClaimMissing;
        if (copies.Any(copy => !copy.Held.SaysSameAs(copies[0].Held))) return WalletCodes.CredentialCopiesDiffer;
        var places = new HashSet<CredentialStatus>();
        foreach (var copy in copies)
        {
            try
            {
                if (copy.Held.ReadStatus().Any(place => !places.Add(place))) return WalletCodes.CredentialStatusShared;
            }
            catch (CredentialException)
            {
                return WalletCodes.CredentialStatusMalformed;
            }
        }
        return null;
    }
}
