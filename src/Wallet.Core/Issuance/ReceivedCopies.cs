using System.Text.Json;
using Credentials.Jose;
using Credentials.OpenId4Vci;
using Credentials.SdJwt;
using Credentials.StatusLists;
using Credentials.Trust;
using Credentials.Wallet.Core.Keys;

namespace Credentials.Wallet.Core.Issuance;

/// <summary>One accepted copy: the text as it came, what it says, and the key it is bound to.</summary>
internal sealed record ReceivedCopy(string Text, JsonElement Claims, SecureAreaKey Key);

/// <summary>
/// Holds what an issuer sent against what was asked for. All of it must be right: of a batch with one bad credential nothing is kept.
/// </summary>
internal sealed record ReceivedCopies(IReadOnlyList<ReceivedCopy> Copies, IReadOnlyList<VerificationReport> Reports, string? Code)
{
    // What has to differ between the copies of a batch, and the times, which an issuer may spread (RFC 9901 §10.1).
    private static readonly HashSet<string> s_ownToCopy = new(["cnf", "status", "iat", "nbf", "exp", "jti"], StringComparer.Ordinal);

    public static async Task<ReceivedCopies> CheckAsync(
        IReadOnlyList<string> texts, CredentialConfiguration configuration, IReadOnlyList<SecureAreaKey> keys, TrustStore trust, DateTimeOffset now,
        CancellationToken cancellationToken)
    {
        if (texts.Count > keys.Count) return new([], [], WalletCodes.CredentialTooMany);
        var expected = new SdJwtExpectations
        {
            Trust = trust,
            Now = now,
            KeyBinding = KeyBindingExpectation.FromIssuer,
            // Asked for by verifiers. A wallet that asks would tell the issuer when it looks at which document.
            Status = new StatusPolicy(StatusMode.Skip),
            Types = [configuration.Vct!],
        };
        var reports = new List<VerificationReport>();
        foreach (var text in texts) reports.Add(await SdJwtVerifier.VerifyAsync(text, expected, cancellationToken).ConfigureAwait(false));
        var copies = new List<ReceivedCopy>();
        var code = reports.All(report => report.IsAccepted) ? Match(texts, reports, keys, copies) : WalletCodes.CredentialNotAccepted;
        code ??= Compare(copies, configuration);
        return new(code is null ? copies : [], reports, code);
    }

    // OpenID4VCI 1.0 §8.3: each key is bound to at most one credential.
    private static string? Match(
        IReadOnlyList<string> texts, List<VerificationReport> reports, IReadOnlyList<SecureAreaKey> keys, List<ReceivedCopy> copies)
    {
        var unused = keys.ToDictionary(key => Jwk.Thumbprint(key.PublicKey), StringComparer.Ordinal);
        foreach (var (text, report) in texts.Zip(reports))
        {
            if (!report.TryGetVerified(out var verified) || verified.HolderKey is not { } holder || !unused.Remove(Jwk.Thumbprint(holder), out var key))
                return WalletCodes.CredentialWrongKey;
            copies.Add(new ReceivedCopy(text, verified.Claims, key));
        }
        return null;
    }

    private static string? Compare(List<ReceivedCopy> copies, CredentialConfiguration configuration)
    {
        var mandatory = configuration.Claims.Where(claim => claim.Mandatory).Select(claim => claim.Path).ToList();
        if (copies.Any(copy => mandatory.Any(path => path.Select(copy.Claims).Count == 0))) return WalletCodes.CredentialClaimMissing;
        if (copies.Any(copy => !SaySame(copy.Claims, copies[0].Claims))) return WalletCodes.CredentialCopiesDiffer;
        var places = new HashSet<StatusReference>();
        foreach (var copy in copies)
        {
            try
            {
                if (StatusReference.FromClaims(copy.Claims) is { } place && !places.Add(place)) return WalletCodes.CredentialStatusShared;
            }
            catch (CredentialException)
            {
                return WalletCodes.CredentialStatusMalformed;
            }
        }
        return null;
    }

    private static bool SaySame(JsonElement left, JsonElement right)
    {
        var (mine, theirs) = (Shared(left), Shared(right));
        return mine.Count == theirs.Count
            && mine.All(claim => theirs.TryGetValue(claim.Key, out var other) && JsonElement.DeepEquals(claim.Value, other));
    }

    private static Dictionary<string, JsonElement> Shared(JsonElement claims) =>
        claims.EnumerateObject().Where(claim => !s_ownToCopy.Contains(claim.Name)).ToDictionary(claim => claim.Name, claim => claim.Value, StringComparer.Ordinal);
}
