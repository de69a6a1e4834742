namespace Credentials.Issuer;

/// <summary>Settings of an issuer, from the configuration section <c>Issuer</c> (files, environment <c>Issuer__OfferLifetime</c>). Checked together at start.</summary>
public sealed class IssuerOptions
{
    /// <summary>Where wallets reach the service: the credential issuer identifier. Never taken from a request.</summary>
    public string PublicUrl { get; set; } = "";

    /// <summary>A folder with more credential types, one JSON file each.</summary>
    public string? CatalogFolder { get; set; }

    /// <summary>Name of the agency by language.</summary>
    public Dictionary<string, string> Names { get; set; } = new() { ["ko"] = "데모 발급기관", ["en"] = "Demo issuing agency" };

    /// <summary>Name in the certificates that a fresh data folder gets.</summary>
    public string CertificateName { get; set; } = "Demo Issuing Agency";

    /// <summary>ISO 3166-1 alpha-2 country in those certificates.</summary>
    public string Country { get; set; } = "KR";

    /// <summary>A file whose first line is the passphrase that private keys are encrypted under; null: they are not.</summary>
    public string? KeyPassphraseFile { get; set; }

    /// <summary>How long an offer can be taken up. 1 minute to 7 days.</summary>
    public TimeSpan OfferLifetime { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>How long an access token lives. At most 5 minutes: it is a bearer token (OpenID4VCI §13.10).</summary>
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
    public int StatusListSize { get; set; } = 1 << 17;

    /// <summary>How many status lists are filled side by side. 1 to 64.</summary>
    public int OpenStatusLists { get; set; } = 8;

    /// <summary>After how long verifiers should look for a newer list. 1 minute to 24 hours.</summary>
    public TimeSpan StatusTimeToLive { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>How long a status list token can be used at most. More than twice the time to live, up to 7 days.</summary>
    public TimeSpan StatusTokenLifetime { get; set; } = TimeSpan.FromDays(1);

    /// <summary>Requests per minute and address on the routes that anybody may call and that cost something. 10 to 1 000 000.</summary>
    public int PublicRequestsPerMinute { get; set; } = 3000;

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
}
