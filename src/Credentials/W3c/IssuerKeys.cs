using Credentials.Keys;
using Credentials.Trust;

namespace Credentials.W3c;

/// <summary>The keys that may have signed for an issuer, with who vouches for them.</summary>
internal sealed record IssuerKeys
{
    /// <summary>Why no key is known or none is trusted; null when some are.</summary>
    public string? Fault { get; init; }

    /// <summary>True where the fault says only that nobody could find out.</summary>
    public bool IsUndecided { get; init; }

    /// <summary>The keys to try. Those that are known and not trusted are here too, beside a fault, so that the signature can be told all the same.</summary>
    public IReadOnlyList<PublicKey> Candidates { get; init; } = [];

    /// <summary>The anchor that vouches for the key; asked for the one that fits.</summary>
    public Func<PublicKey, TrustAnchor?> AnchorOf { get; init; } = static _ => null;

    /// <summary>The type for which it vouches.</summary>
    public string? TrustedType { get; init; }

    public static IssuerKeys Refused(string code) => new() { Fault = code };

    public static IssuerKeys Undecided(string code) => new() { Fault = code, IsUndecided = true };
}
