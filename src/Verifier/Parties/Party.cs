using Credentials.Verifier.Http;
using Credentials.Verifier.Policies;
using Credentials.Verifier.Trust;

namespace Credentials.Verifier.Parties;

/// <summary>One relying party: what its keys are filed under, who it is to wallets and people, and what it may ask.</summary>
internal sealed record Party
{
    /// <summary>The name in the database; nobody outside is told.</summary>
    public required string Id { get; init; }

    /// <summary>The name that holders and clerks see.</summary>
    public required string Name { get; init; }

    /// <summary>Its names to wallets, and the key behind them.</summary>
    public required VerifierIdentities Identities { get; init; }

    /// <summary>Where wallets and browsers reach it: its own address, or the service's.</summary>
    public required ServiceUrl Url { get; init; }

    public required PolicyCatalog Policies { get; init; }

    /// <summary>Whether it may ask with a query of its own, beside its policies.</summary>
    public bool OwnQueries { get; init; } = true;

    /// <summary>Whether a query of its own may be asked unsigned.</summary>
    public bool AllowUnsignedQueries { get; init; }
}
