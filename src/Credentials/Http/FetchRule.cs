namespace Credentials.Http;

/// <summary>What one kind of document may look like on the wire. Make each rule once and reuse it: equal fetches are joined by rule.</summary>
/// <param name="ContentTypes">Media types a successful answer may have (sent as <c>Accept</c>); empty: any, also none.</param>
public sealed record FetchRule(params IReadOnlyList<string> ContentTypes)
{
    /// <summary>A JSON document: metadata, offers, key sets, type metadata.</summary>
    public static FetchRule Json { get; } = new("application/json");

    /// <summary>An answer of an OAuth or OpenID4VCI endpoint: JSON, error statuses are handed to the caller, no redirects.</summary>
    public static FetchRule OAuthEndpoint { get; } = new("application/json") { MaxRedirects = 0, ReturnErrorStatus = true };

    /// <summary>A request object by reference (RFC 9101 §10.8; no redirects: a request_uri names exactly one document).</summary>
    public static FetchRule RequestObject { get; } = new("application/oauth-authz-req+jwt") { MaxRedirects = 0, MaxBytes = 256 * 1024 };

    /// <summary>Largest body in bytes.</summary>
    public int MaxBytes { get; init; } = 1024 * 1024;

    /// <summary>Deadline of the whole exchange: waiting for a place, DNS, TLS, redirects and the last byte of the body.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Redirects followed for a GET, each target checked like the first URL. A POST is never redirected.</summary>
    public int MaxRedirects { get; init; } = 3;

    /// <summary>Whether plain http will do, for documents that are public and signed. What may be connected to stays the same.</summary>
    public bool AllowsHttp { get; init; }

    /// <summary>Hand answers with a 4xx or 5xx status to the caller instead of throwing; their content type is not checked.</summary>
    public bool ReturnErrorStatus { get; init; }
}
