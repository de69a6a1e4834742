using Credentials.Dids;
using Credentials.StatusLists;
using Credentials.Trust;

namespace Credentials.Wallet.Core.Documents;

/// <summary>What a credential must meet before it is stored, and later to be asked about.</summary>
/// <param name="Type">The type that was offered.</param>
/// <param name="Trust">Whose credentials are taken.</param>
/// <param name="Now">The time of receipt.</param>
/// <param name="Identifiers">Finds the keys of issuers of W3C credentials.</param>
internal sealed record ReceiptExpectations(string Type, TrustStore Trust, DateTimeOffset Now, DidResolver Identifiers)
{
    /// <summary>Where the status comes from; null: it is not asked for.</summary>
    public StatusSources? Lists { get; init; }

    /// <summary>Whether the status is asked for.</summary>
    public StatusPolicy Status => new(Lists is null ? StatusMode.Skip : StatusMode.Online);
}
