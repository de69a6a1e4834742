using System.Security.Cryptography.X509Certificates;

namespace Credentials.StatusLists;

/// <summary>What every signed list says beside its list (Token Status List §5.1, §5.2).</summary>
public abstract record StatusTokenContent
{
    private protected StatusTokenContent()
    {
    }

    /// <summary>URI of the list, as in the credentials that refer to it.</summary>
    public required string Uri { get; init; }

    /// <summary>When the token is issued; written in whole seconds.</summary>
    public required DateTimeOffset IssuedAt { get; init; }

    /// <summary>When the token stops being usable; recommended, and required by ISO/IEC 18013-5 §12.3.6.3 for lists of mdocs.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>After how long a verifier should look for a newer one; recommended; whole seconds, positive.</summary>
    public TimeSpan? TimeToLive
    {
        get;
        init => field = value is null || value >= TimeSpan.FromSeconds(1)
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), "The time to live is at least a second.");
    }

    /// <summary>Where the list of this issuer's lists is found (§9).</summary>
    public string? AggregationUri { get; init; }

    /// <summary>The signer's certificates for <c>x5c</c> or <c>x5chain</c>, leaf first; the self-signed anchor on top is left out.</summary>
    public IReadOnlyList<X509Certificate2> Certificates { get; init; } = [];

    /// <summary>Key id of a signer without certificates.</summary>
    public string? KeyId { get; init; }
}
