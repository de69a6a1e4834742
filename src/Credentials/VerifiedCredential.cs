using System.Text.Json;
using Credentials.Keys;
using Credentials.Trust;

namespace Credentials;

/// <summary>What an accepted credential says. Comes only from <see cref="VerificationReport.TryGetVerified"/>.</summary>
/// <param name="Format">The credential format identifier.</param>
/// <param name="Type">The <c>vct</c> or docType.</param>
/// <param name="Claims">The claims object: disclosed and always-visible claims, without the bookkeeping of the format.</param>
public sealed record VerifiedCredential(string Format, string Type, JsonElement Claims)
{
    /// <summary>The <c>iss</c> claim, where there is one.</summary>
    public string? Issuer { get; init; }

    /// <summary>The key that the credential is bound to, where there is one.</summary>
    public PublicKey? HolderKey { get; init; }

    /// <summary>When the credential stops being valid, where it says so.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>The configured authority that vouches for the issuer.</summary>
    public TrustAnchor? Anchor { get; init; }
}
