using Credentials.Dids;
using Credentials.Trust;

namespace Credentials.OpenId4Vp;

/// <summary>What a wallet holds a request against.</summary>
/// <param name="Trust">The authorities that may vouch for verifiers (<see cref="TrustPurpose.Verifier"/>). Empty: every signed request is refused.</param>
/// <param name="Now">The time of verification.</param>
public sealed record RequestExpectations(TrustStore Trust, DateTimeOffset Now)
{
    /// <summary>What the wallet asks of a request.</summary>
    public RequestProfile Profile { get; init; } = RequestProfile.OpenId4Vp;

    /// <summary>The nonce that the wallet posted to the request address; null if it posted none.</summary>
    public string? WalletNonce { get; init; }

    /// <summary>
    /// Finds the keys of verifiers that identify themselves by a DID; null: none is accepted. Only DIDs that <see cref="Trust"/> has for
    /// verifiers are resolved, so that nobody can make the wallet call an address of theirs.
    /// </summary>
    public DidResolver? Dids { get; init; }

    /// <summary>The types of transaction data that the wallet can show; a request with any other is refused.</summary>
    public IReadOnlyList<TransactionDataType> TransactionDataTypes { get; init; } = [];
}
