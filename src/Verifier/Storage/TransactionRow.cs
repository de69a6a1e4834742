namespace Credentials.Verifier.Storage;

/// <summary>
/// One question to one wallet and its answer. Times are Unix milliseconds. What is secret or personal is kept sealed
/// (<see cref="ServiceKey"/>) or as a SHA-256 hash, and goes when the transaction ends or its retention is over.
/// </summary>
internal sealed class TransactionRow
{
    public required string Id { get; init; }
    public required string RelyingParty { get; init; }
    public required string State { get; init; }

    public string? Policy { get; init; }
    public required string PurposeKo { get; init; }
    public required string PurposeEn { get; init; }
    public required string DcqlQuery { get; init; }

    /// <summary>The encoded transaction data strings as a JSON array, exactly as sent to the wallet.</summary>
    public string? TransactionData { get; init; }

    public int StatusMaxAgeSeconds { get; init; }

    /// <summary>How old a copy of a status list or of issuers' keys may be when the network is away.</summary>
    public int OfflineMaxAgeSeconds { get; init; }

    public required string ResponseMode { get; init; }
    public required string ClientIdPrefix { get; init; }
    public required string ClientId { get; init; }
    public required string RequestUriMethod { get; init; }

    /// <summary>Over the Digital Credentials API: <c>unsigned</c>, <c>signed</c> or <c>multisigned</c>; null for a link or QR code.</summary>
    public string? RequestSigning { get; init; }

    /// <summary>Over the Digital Credentials API: the origins whose pages may ask, as a JSON array.</summary>
    public string? ExpectedOrigins { get; init; }

    /// <summary>The path segment of request_uri and response_uri; a second random number, so that the wallet's side never learns <see cref="Id"/> (OpenID4VP 1.0 §13.3).</summary>
    public required string RequestId { get; init; }

    public required string Nonce { get; init; }

    /// <summary>The OAuth <c>state</c>.</summary>
    public required string OAuthState { get; init; }

    /// <summary>The sealed private JWK of this request alone; null for direct_post and once the session has ended.</summary>
    public byte[]? EncryptionKey { get; init; }

    public bool SameDevice { get; init; }

    /// <summary>Where the wallet sends the browser back; null with <see cref="SameDevice"/> means this service's own page.</summary>
    public string? RedirectUri { get; init; }

    public required byte[] PageSecretHash { get; init; }

    /// <summary>When a browser first exchanged the page's secret; a same-device page is exchanged once.</summary>
    public long? PageOpenedAt { get; init; }

    public byte[]? ResponseCodeHash { get; init; }
    public bool KeepEvidence { get; init; }
    public long CreatedAt { get; init; }
    public long ExpiresAt { get; init; }
    public long? FinishedAt { get; init; }

    /// <summary>The sealed verification report; written once.</summary>
    public byte[]? Report { get; init; }

    /// <summary>The sealed original presentation of an accepted answer.</summary>
    public byte[]? Evidence { get; init; }

    /// <summary>The wallet's OAuth error code.</summary>
    public string? WalletError { get; init; }
}
