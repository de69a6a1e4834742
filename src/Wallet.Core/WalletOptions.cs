using Credentials.Http;
using Credentials.OpenId4Vp;
using Credentials.Trust;
using Credentials.Wallet.Core.Documents;
using Credentials.Wallet.Core.Issuance;
using Credentials.Wallet.Core.Keys;

namespace Credentials.Wallet.Core;

/// <summary>How a wallet is opened. Exactly one of <see cref="Passphrase"/> and <see cref="Key"/> is given.</summary>
public sealed record WalletOptions
{
    /// <summary>The wallet file. It is made when there is none; the folder must exist.</summary>
    public required string Path { get; init; }

    /// <summary>What the holder types. A key is derived from it by Argon2id (64 MiB, 3 passes) with a random salt.</summary>
    public string? Passphrase { get; init; }

    /// <summary>32 random bytes that the app keeps elsewhere, for example wrapped by the platform's key store.</summary>
    public ReadOnlyMemory<byte>? Key { get; init; }

    /// <summary>
    /// Who is trusted, besides the anchors kept in the wallet (<see cref="CredentialWallet.AddTrustAnchorAsync"/>). Each anchor says for what:
    /// one for issuers never makes a verifier trusted, nor the other way round.
    /// </summary>
    public TrustStore Trust { get; init; } = TrustStore.Empty;

    /// <summary>The way to the network, which also decides whether plain http to this machine is allowed. The caller keeps and disposes it.</summary>
    public required OutboundHttp Http { get; init; }

    /// <summary>The clock.</summary>
    public required TimeProvider Time { get; init; }

    /// <summary>Where holder keys live; null for the wallet file itself (<see cref="SoftwareSecureArea"/>).</summary>
    public ISecureArea? SecureArea { get; init; }

    /// <summary>Which requests of verifiers the wallet takes: OpenID4VP 1.0 as it stands, or HAIP 1.0 with signed requests and encrypted answers only.</summary>
    public RequestProfile RequestProfile { get; init; } = RequestProfile.OpenId4Vp;

    /// <summary>
    /// The types of transaction data that the app can show to the holder (OpenID4VP 1.0 §5.1). A request with any other type is refused.
    /// </summary>
    public IReadOnlyList<TransactionDataType> TransactionDataTypes { get; init; } = [];

    /// <summary>Where the holder's browser comes back to after an authorization; null: only pre-authorized codes are taken.</summary>
    public Uri? RedirectUri { get; init; }

    /// <summary>The wallet's <c>client_id</c> at authorization servers that take public clients; that of <see cref="Attestation"/> goes before it.</summary>
    public string? ClientId { get; init; }

    /// <summary>Who vouches for this wallet and its keys; null: nobody, and issuers that ask for it are out of reach.</summary>
    public IWalletAttestationProvider? Attestation { get; init; }

    /// <summary>
    /// How often the copies of a document may be shown, by Credential Issuer Identifier and credential configuration id. It is asked when a
    /// document is received or renewed. Null, or null for an answer: what the issuer's metadata says, else <see cref="ReusePolicy.Once"/>.
    /// </summary>
    public Func<string, string, ReusePolicy?>? ReusePolicyFor { get; init; }

    /// <summary>
    /// Where holders report a verifier: a <c>mailto:</c> or <c>https:</c> address of the authority that the app's maker knows to be in
    /// charge. Null: only what the verifier itself names is proposed.
    /// </summary>
    public Uri? SupervisoryAuthority { get; init; }

    /// <summary>The path alone: a passphrase does not belong into logs.</summary>
    public override string ToString() => Path;
}
