namespace Credentials.Issuer;

/// <summary>What whoever hosts an issuer decides.</summary>
public sealed record IssuerHostOptions
{
    /// <summary>Folder of keys, certificates and the embedded database; made and initialised when it is fresh.</summary>
    public required string DataFolder { get; init; }

    /// <summary>TCP port to listen on.</summary>
    public required int Port { get; init; }

    /// <summary>The credential issuer identifier; null: <c>http://localhost:PORT</c>.</summary>
    public string? PublicUrl { get; init; }

    /// <summary>PostgreSQL connection string; null: SQLite in the data folder.</summary>
    public string? Connection { get; init; }

    /// <summary>Listen on every address instead of loopback only, for a reverse proxy on another machine.</summary>
    public bool ListenOnAllAddresses { get; init; }

    /// <summary>
    /// People sign in by typing a name, without proof. For the demo alone: it cannot be set by configuration, and a service that others can
    /// reach does not start with it.
    /// </summary>
    public bool DemoSignIn { get; init; }

    /// <summary>The OpenTelemetry collector that traces and metrics are sent to (OTLP over HTTP, the base URL); null: none are made.</summary>
    public Uri? TelemetryCollector { get; init; }

    /// <summary>Make another agency API key, although the folder is not fresh.</summary>
    public bool NewApiKey { get; init; }

    /// <summary>A folder with more credential types.</summary>
    public string? CatalogFolder { get; init; }

    /// <summary>Changes settings after the configuration was read.</summary>
    public Action<IssuerOptions>? Configure { get; init; }

    /// <summary>Whether logs on standard error are JSON, one object a line, for a collector.</summary>
    public bool JsonLogs { get; init; }

    /// <summary>Adds log targets; without it, warnings go to standard error.</summary>
    public Action<ILoggingBuilder>? Logging { get; init; }

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
