using System.Security.Cryptography.X509Certificates;
using Credentials.Jose;
using Credentials.Trust;
using PublicKey = Credentials.Keys.PublicKey;

namespace Credentials.SdJwt;

/// <summary>What was found out about one signature of a credential.</summary>
/// <param name="Jwt">The signature.</param>
internal sealed record IssuerFinding(CompactJws Jwt)
{
    /// <summary>Why the signer's key is not known or not trusted; null when it is.</summary>
    public string? KeyFault { get; init; }

    /// <summary>True where the fault says only that nobody could find out.</summary>
    public bool IsUndecided { get; init; }

    /// <summary>Whether there was a key to hold the signature against.</summary>
    public bool IsChecked { get; init; }

    /// <summary>The key that verified the signature; null when none did.</summary>
    public PublicKey? Key { get; init; }

    /// <summary>The anchor that vouches for the key; null unless the key is trusted.</summary>
    public TrustAnchor? Anchor { get; init; }

    /// <summary>The signer's chain without the anchor, where a chain made the key trusted.</summary>
    public IReadOnlyList<X509Certificate2>? Chain { get; init; }

    /// <summary>How old the copy is that the key was taken from, where the issuer could not be asked.</summary>
    public TimeSpan? KeyAge { get; init; }

    /// <summary>The type for which it vouches.</summary>
    public string? TrustedType { get; init; }

    /// <summary>True when a trusted issuer signed.</summary>
    public bool IsGood => KeyFault is null && Key is not null;
}
