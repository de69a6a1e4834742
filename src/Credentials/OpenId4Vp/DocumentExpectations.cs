using Credentials.Dcql;
using Credentials.SdJwt;
using Credentials.StatusLists;
using Credentials.Trust;
using Credentials.W3c;

namespace Credentials.OpenId4Vp;

/// <summary>What a document that came without a session, a file or a printed code, is held against.</summary>
public sealed record DocumentExpectations
{
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

    /// <summary>What the holder must have signed for; null: nothing was asked for, and whoever shows the document need not be its holder.</summary>
    public required RequestBinding? Binding { get; init; }

    /// <summary>What the document must be and show; null: any document of a trusted authority. Its claims are then all passed on.</summary>
    public CredentialQuery? Query { get; init; }

    /// <summary>The transactions that the holder must have authorized with this document, and no others.</summary>
    internal IReadOnlyList<ExpectedTransactionData> TransactionData { get; init; } = [];

    /// <summary>Whether an SD-JWT may be in JSON form: archives keep that, the protocols do not carry it (SD-JWT VC §2.2).</summary>
    internal bool AcceptsJson { get; init; }
}
