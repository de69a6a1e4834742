using System.Security.Cryptography.X509Certificates;

namespace Credentials.StatusLists;

/// <summary>What a status list token says (Token Status List §5.1).</summary>
public sealed record StatusListTokenContent
{
    /// <summary>URI of the list, as in the credentials that refer to it.</summary>
    public required string Uri { get; init; }

    /// <summary>The statuses.</summary>
    public required StatusList List { get; init; }

    /// <summary>When the token is issued; written in whole seconds.</summary>
    public required DateTimeOffset IssuedAt { get; init; }

    /// <summary>When the token stops being usable; recommended.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>After how long a verifier should look for a newer one; recommended; whole seconds, positive.</summary>
    public TimeSpan? TimeToLive { get; init; }

    /// <summary>Where the list of this issuer's lists is found (§9).</summary>
    public string? AggregationUri { get; init; }

    /// <summary>The signer's certificates for <c>x5c</c>, leaf first; the self-signed anchor on top is left out.</summary>
    public IReadOnlyList<X509Certificate2> Certificates { get; init; } = [];

    /// <summary>Key id of a signer without certificates.</summary>
    public string? KeyId { get; init; }
}
