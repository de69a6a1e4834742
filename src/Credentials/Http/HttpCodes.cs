namespace Credentials.Http;

/// <summary>Codes of <see cref="FetchException"/>: why something could not be fetched. Never renamed.</summary>
public static class HttpCodes
{
    /// <summary>The URL is not absolute, is too long or carries user information.</summary>
    public const string UrlMalformed = "http.url_malformed";

    /// <summary>The URL is not https (plain http is for loopback only, and only where the host process allows it).</summary>
    public const string SchemeRefused = "http.scheme_refused";

    /// <summary>The host is, or resolves only to, addresses that are not public.</summary>
    public const string AddressRefused = "http.address_refused";

    /// <summary>A redirect where none is followed, one too many, or one without a usable target.</summary>
    public const string RedirectRefused = "http.redirect_refused";

    /// <summary>The name did not resolve, nothing answered, or the connection broke.</summary>
    public const string Unreachable = "http.unreachable";

    /// <summary>No TLS session: certificate not trusted, expired or for another name, or a version below TLS 1.2.</summary>
    public const string TlsFailed = "http.tls_failed";

    /// <summary>The whole exchange took longer than its deadline.</summary>
    public const string Timeout = "http.timeout";

    /// <summary>The body or the headers are larger than allowed.</summary>
    public const string TooLarge = "http.too_large";

    /// <summary>The answer is not HTTP, or carries a content coding, which was not asked for.</summary>
    public const string ResponseMalformed = "http.response_malformed";

    /// <summary>The answer has a status that the caller cannot use.</summary>
    public const string StatusRefused = "http.status_refused";

    /// <summary>The answer has another content type than the ones asked for.</summary>
    public const string ContentTypeRefused = "http.content_type_refused";

    /// <summary>Too many fetches are under way and waiting.</summary>
    public const string Busy = "http.busy";
}
