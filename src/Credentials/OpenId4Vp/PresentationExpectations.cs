using Credentials.Dcql;
using Credentials.SdJwt;
using Credentials.StatusLists;
using Credentials.Trust;
using Credentials.W3c;

namespace Credentials.OpenId4Vp;

/// <summary>What a response is held against. Nothing that matters has a default.</summary>
public sealed record PresentationExpectations
{
    /// <summary>What was asked.</summary>
    public required DcqlQuery Query { get; init; }

    /// <summary>What the holder must have signed for.</summary>
    public required RequestBinding Binding { get; init; }

    /// <summary>What reading the response showed.</summary>
    public required ResponseFacts Response { get; init; }

    /// <summary>The authorities whose credentials are accepted.</summary>
    public required TrustStore Trust { get; init; }

    /// <summary>How the status is to be checked.</summary>
    public required StatusPolicy Status { get; init; }

    /// <summary>Fetches status lists; without one, a status that is to be checked stays undecided.</summary>
    public required StatusListClient? StatusClient { get; init; }

    /// <summary>Whether the signer's certificates are looked up on revocation lists; null: not.</summary>
    public SignerRevocation? Revocation { get; init; }

    /// <summary>Fetches the keys of issuers trusted by their URL; without it, their credentials stay undecided.</summary>
    public JwtVcIssuerMetadataClient? IssuerMetadata { get; init; }

    /// <summary>What W3C credentials need; null: <see cref="W3cSupport.Offline"/>.</summary>
    public W3cSupport? W3c { get; init; }

    /// <summary>The time of verification.</summary>
    public required DateTimeOffset Now { get; init; }

    /// <summary>The transactions that the request asked to authorize.</summary>
    public IReadOnlyList<TransactionData> TransactionData { get; init; } = [];
}
