using System.Net;
using Credentials.X509;

namespace Credentials.Verifier;

/// <summary>Everything the verifier service can be told; checked as a whole at start (<see cref="VerifierStartException"/>).</summary>
public sealed record VerifierHostOptions
{
    /// <summary>Keys, certificates and, without <see cref="Connection"/>, the database. Initialised when new.</summary>
    public required string DataFolder { get; init; }

    /// <summary>The port to listen on; 0 lets the system choose.</summary>
    public int Port { get; init; } = 5102;

    /// <summary>The address others use, when it is not <c>http://localhost:PORT</c> (a proxy with TLS stands in front).</summary>
    public string? PublicUrl { get; init; }

    /// <summary>The address to listen on; loopback unless said.</summary>
    public IPAddress? Bind { get; init; }

    /// <summary>A PostgreSQL connection string; without it, SQLite in the data folder.</summary>
    public string? Connection { get; init; }

    /// <summary>PEM files: each certificate is one authority for credentials and their status. None given: nobody is trusted.</summary>
    public IReadOnlyList<string> TrustFiles { get; init; } = [];

    /// <summary>Issuers trusted by their URL, which is the <c>iss</c> of their SD-JWT VCs and where their keys are published.</summary>
    public IReadOnlyList<string> TrustUrls { get; init; } = [];

    /// <summary>Whether issuers' certificates are looked up on revocation lists, and what becomes of a credential whose list cannot be had.</summary>
    public CrlPolicy Revocation { get; init; } = CrlPolicy.IfAvailable;

    /// <summary>A folder of own policies, one JSON file each.</summary>
    public string? PolicyFolder { get; init; }

    /// <summary>Makes one more API key for <see cref="RelyingParty"/>; a fresh database always gets its first one.</summary>
    public bool NewApiKey { get; init; }

    /// <summary>What the API key that is made for <see cref="RelyingParty"/> is called in lists, 1 to 100 characters; null: nothing.</summary>
    public string? ApiKeyName { get; init; }

    /// <summary>Whose API key is made. Relying parties see their own transactions only.</summary>
    public string RelyingParty { get; init; } = "default";

    /// <summary>What that key may do (<c>verifications</c>, <c>evidence</c>, <c>documents</c>, <c>counter</c>, <c>webhook</c>); null: everything.</summary>
    public IReadOnlyCollection<string>? Scopes { get; init; }

    /// <summary>
    /// A file with the relying parties that this service speaks for beside its own one, each with a name, an access certificate, policies and API
    /// keys of its own; null: there are none. The other options describe the service's own relying party.
    /// </summary>
    public string? PartiesFile { get; init; }

    /// <summary>A verifier attestation (OpenID4VP 1.0 §12) for this service's access key, as a file; null: there is none.</summary>
    public string? AttestationFile { get; init; }

    /// <summary>Entries of <c>verifier_info</c> (§5.11) for every signed request, as a file with a JSON array; null: there are none.</summary>
    public string? VerifierInfoFile { get; init; }

    /// <summary>The name holders see in their wallet and clerks on the page.</summary>
    public string Name { get; init; } = "Credentials Verifier";

    /// <summary>Whether a relying party's own query may be asked unsigned (client identifier prefix <c>redirect_uri</c>); policies say it for themselves.</summary>
    public bool AllowUnsignedQueries { get; init; } = true;

    /// <summary>Whether the VC API for verifiers is served, behind the relying parties' keys.</summary>
    public bool VcApi { get; init; }

    /// <summary>Whether W3C credentials of data model 1.1 are accepted outside of sessions; in a session the query's format says it.</summary>
    public bool AcceptsDataModelV1 { get; init; }

    /// <summary>Lets status lists be fetched, and browsers be sent back, over plain http on this machine.</summary>
    public bool AllowLoopbackHttp { get; init; }

    /// <summary>How long a wallet may take to answer (1 second to 1 hour).</summary>
    public TimeSpan TransactionLifetime { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How long a finished transaction with its report and evidence is kept (up to 30 days).</summary>
    public TimeSpan Retention { get; init; } = TimeSpan.FromDays(1);

    /// <summary>How old a status list may be for a query that does not say (a policy always says).</summary>
    public TimeSpan StatusMaxAge { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// How old a copy of a status list or of issuers' keys may be when the network is away, where neither a policy nor a query says (up to 7
    /// days). Zero: no older than with the network.
    /// </summary>
    public TimeSpan OfflineMaxAge { get; init; } = TimeSpan.Zero;

    /// <summary>Disk for copies of status lists, revocation lists and issuers' keys, in the data folder (MiB); 0: none are kept.</summary>
    public int OfflineStoreMegabytes { get; init; } = 256;

    /// <summary>How old a kept copy gets before it is fetched anew in the background.</summary>
    internal TimeSpan OfflineRefresh { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Requests per minute from one address to the routes of wallets, people and relying parties together.</summary>
    public int RequestsPerMinute { get; init; } = 30_000;

    /// <summary>Addresses or networks of the load balancers in front: the limits go by the client address that they tell in <c>X-Forwarded-For</c>.</summary>
    public IReadOnlyList<string> TrustedProxies { get; init; } = [];

    /// <summary>Wrong API keys, page secrets and response codes per minute from one address.</summary>
    public int WrongSecretsPerMinute { get; init; } = 60;

    /// <summary>
    /// Hosts that relying parties may have webhooks sent to (<c>HOST</c> for its https port, else <c>HOST:PORT</c>); they may have private
    /// addresses. None given: there are no webhooks.
    /// </summary>
    public IReadOnlyList<string> WebhookHosts { get; init; } = [];

    /// <summary>How long a receiver of a webhook may take before it is cut off.</summary>
    internal TimeSpan WebhookTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The OpenTelemetry collector that traces and metrics are sent to (OTLP over HTTP, the base URL); null: none are made.</summary>
    public Uri? TelemetryCollector { get; init; }

    /// <summary>Whether logs on standard error are JSON, one object a line, for a collector.</summary>
    public bool JsonLogs { get; init; }

    public TimeProvider Time { get; init; } = TimeProvider.System;
}
