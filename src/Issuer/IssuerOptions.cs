namespace Credentials.Issuer;

/// <summary>Settings of an issuer, from the configuration section <c>Issuer</c> (files, environment <c>Issuer__OfferLifetime</c>). Checked together at start.</summary>
public sealed class IssuerOptions
{
    /// <summary>Where wallets reach the service: the credential issuer identifier. Never taken from a request.</summary>
    public string PublicUrl { get; set; } = "";

    /// <summary>Whether browsers come by https: cookies are then secure and bound to the host.</summary>
    internal bool IsHttps => PublicUrl.StartsWith("https:", StringComparison.Ordinal);

    /// <summary>A folder with more credential types, one JSON file each.</summary>
    public string? CatalogFolder { get; set; }

    internal const string DemoName = "Demo issuing agency";

    /// <summary>Name of the agency by language.</summary>
    public Dictionary<string, string> Names { get; set; } = new() { ["ko"] = "데모 발급기관", ["en"] = DemoName };

    /// <summary>A file with the agency's logo: PNG, JPEG, WebP or SVG, up to 128 KiB; null: it shows none.</summary>
    public string? Logo { get; set; }

    /// <summary>What is read out in place of the logo, by language.</summary>
    public Dictionary<string, string> LogoTexts { get; set; } = [];

    /// <summary>Name in the certificates that a fresh data folder gets.</summary>
    public string CertificateName { get; set; } = "Demo Issuing Agency";

    /// <summary>ISO 3166-1 alpha-2 country in those certificates.</summary>
    public string Country { get; set; } = "KR";

    /// <summary>A file whose first line is the passphrase that private keys are encrypted under; null: they are not.</summary>
    public string? KeyPassphraseFile { get; set; }

    /// <summary>The token that new signing keys are made in; without one they are made in files.</summary>
    public Pkcs11Settings Pkcs11 { get; set; } = new();

    /// <summary>How long an offer can be taken up. 1 minute to 7 days.</summary>
    public TimeSpan OfferLifetime { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>How long an access token lives. At most 5 minutes, or 1 hour where <see cref="RequireDpop"/> binds it to a key (OpenID4VCI §13.10).</summary>
    public TimeSpan AccessTokenLifetime { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>How long a nonce can be used. 30 seconds to 1 hour.</summary>
    public TimeSpan NonceLifetime { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>Whether a nonce serves one credential request only.</summary>
    public bool SingleUseNonces { get; set; } = true;

    /// <summary>How long the answer to a credential request is kept, encrypted, for a retry. Up to 1 hour.</summary>
    public TimeSpan AnswerLifetime { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>Digits of a transaction code. 4 to 12.</summary>
    public int TxCodeLength { get; set; } = 6;

    /// <summary>Wrong transaction codes that end an offer. 1 to 10.</summary>
    public int MaxTxCodeFailures { get; set; } = 5;

    /// <summary>Most key proofs in one credential request. 1 to 20.</summary>
    public int BatchSize { get; set; } = 20;

    /// <summary>Entries of a status list: a power of two from 65 536 to 1 048 576.</summary>
    public int StatusListSize { get; set; } = 1 << 20;

    /// <summary>How many status lists are filled side by side. 1 to 64.</summary>
    public int OpenStatusLists { get; set; } = 8;

    /// <summary>After how long verifiers should look for a newer list. 1 minute to 24 hours.</summary>
    public TimeSpan StatusTimeToLive { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>How long a status list token can be used at most. More than twice the time to live, up to 7 days.</summary>
    public TimeSpan StatusTokenLifetime { get; set; } = TimeSpan.FromDays(1);

    /// <summary>Requests per minute and address on the routes that anybody may call and that cost something. 10 to 1 000 000.</summary>
    public int PublicRequestsPerMinute { get; set; } = 3000;

    /// <summary>Addresses or networks of the load balancers in front: the limits go by the client address that they tell in <c>X-Forwarded-For</c>.</summary>
    public List<string> TrustedProxies { get; set; } = [];

    /// <summary>Attempts to sign in to the console per minute and address. 1 to 10 000.</summary>
    public int SignInsPerMinute { get; set; } = 20;

    /// <summary>After how long without a sign of life another process goes on with a batch. 1 second to 5 minutes.</summary>
    public TimeSpan BatchLease { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>How long the credentials that a batch made for given keys can be fetched. 1 hour to 90 days.</summary>
    public TimeSpan BatchResultLifetime { get; set; } = TimeSpan.FromDays(7);

    /// <summary>Whether the VC API for issuers and holders is served, behind the agency's key.</summary>
    public bool VcApi { get; set; }

    /// <summary>Databases of claims sources by name: <c>sqlite:FILE</c> or a PostgreSQL connection string. They are only read.</summary>
    public Dictionary<string, string> ClaimsDatabases { get; set; } = [];

    /// <summary>Bearer tokens of claims sources by name.</summary>
    public Dictionary<string, string> ClaimsTokens { get; set; } = [];

    /// <summary>Hosts of claims sources that may have private addresses.</summary>
    public List<string> ClaimsHosts { get; set; } = [];

    /// <summary>Client ids that may ask for tokens; empty: any wallet, also without a client id.</summary>
    public List<string> AllowedClients { get; set; } = [];

    /// <summary>The rules that the whole service keeps.</summary>
    public IssuerProfile Profile { get; set; } = IssuerProfile.Standard;

    /// <summary>Wallets that may use the authorization code flow.</summary>
    public List<ClientRegistration> Clients { get; set; } = [];

    /// <summary>Where people sign in for the authorization code flow.</summary>
    public SignInOptions SignIn { get; set; } = new();

    /// <summary>Where staff signs in to the console.</summary>
    public StaffSignInOptions StaffSignIn { get; set; } = new();

    /// <summary>How long a pushed authorization request can be used. 10 seconds to 10 minutes (FAPI 2.0 §5.3.2.2: less than 600 seconds).</summary>
    public TimeSpan RequestUriLifetime { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>How long an authorization code can be used. 10 seconds to 1 minute (FAPI 2.0 §5.3.2.1).</summary>
    public TimeSpan CodeLifetime { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How long a refresh token can be used, where a key binds it; zero: none is given. Up to 366 days.</summary>
    public TimeSpan RefreshTokenLifetime { get; set; } = TimeSpan.FromDays(14);

    /// <summary>Whether every access token is bound to a DPoP key.</summary>
    public bool RequireDpop { get; set; }

    /// <summary>Whether every wallet must authenticate by a wallet attestation.</summary>
    public bool RequireWalletAttestation { get; set; }

    /// <summary>PEM file of the authorities that vouch for wallets; null: nobody does.</summary>
    public string? WalletProviderTrust { get; set; }

    /// <summary>PEM file of the authorities that vouch for keys; null: nobody does.</summary>
    public string? KeyAttesterTrust { get; set; }

    /// <summary>What the keys of each credential type must be attested with, by configuration id; types not named need no attestation.</summary>
    public Dictionary<string, KeyAttestationLevels> KeyAttestations { get; set; } = [];

    /// <summary>Whether the status of attestations is looked up. Without it, one that has a status is refused.</summary>
    public bool CheckAttestationStatus { get; set; } = true;

    /// <summary>How long a credential that staff must approve can be waited for. 1 hour to 90 days.</summary>
    public TimeSpan DeferredLifetime { get; set; } = TimeSpan.FromDays(7);

    /// <summary>How long a wallet should wait before it asks again for a deferred credential. 1 second to 1 day.</summary>
    public TimeSpan DeferredInterval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Whether every credential request and answer must be encrypted, beyond TLS.</summary>
    public bool RequireEncryption { get; set; }
}
