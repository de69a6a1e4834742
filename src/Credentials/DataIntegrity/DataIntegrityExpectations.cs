using Credentials.Dids;
using Credentials.JsonLd;

namespace Credentials.DataIntegrity;

/// <summary>What <see cref="DataIntegrityVerifier"/> holds the proofs of a document against. Nothing that matters has a default.</summary>
public sealed record DataIntegrityExpectations
{
    /// <summary>The time of verification.</summary>
    public required DateTimeOffset Now { get; init; }

    /// <summary>What the proofs must have been made for: assertionMethod for credentials, authentication for presentations.</summary>
    public required VerificationRelationship Purpose { get; init; }

    /// <summary>Finds the keys.</summary>
    public required VerificationKeyResolver Keys { get; init; }

    /// <summary>The contexts that are known.</summary>
    public required JsonLdContexts Contexts { get; init; }

    /// <summary>The contexts that are accepted.</summary>
    public required ContextRule ContextRule { get; init; }

    /// <summary>The domains that the proofs must have, all and no others; null: not asked for.</summary>
    public IReadOnlyCollection<string>? Domains { get; init; }

    /// <summary>The challenge that the proofs must have; null: not asked for.</summary>
    public string? Challenge { get; init; }

    /// <summary>The cryptosuites that are accepted; null: all that are supported.</summary>
    public IReadOnlyCollection<string>? Cryptosuites { get; init; }

    /// <summary>Caps on JSON-LD and RDF.</summary>
    public JsonLdLimits Limits { get; init; } = JsonLdLimits.Default;

    /// <summary>How many proofs a document may have.</summary>
    public int MaxProofs { get; init; } = 8;

    /// <summary>How far clocks may be apart; at most a minute.</summary>
    public TimeSpan ClockSkew
    {
        get;
        init => field = value >= TimeSpan.Zero && value <= TimeSpan.FromSeconds(60)
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), "The clock skew is at most 60 seconds.");
    } = TimeSpan.FromSeconds(60);
}
