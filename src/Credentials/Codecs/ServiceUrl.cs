using System.Net;

namespace Credentials.Codecs;

/// <summary>URLs that a message may name: absolute https, without user info; plain http only for this machine, where allowed.</summary>
internal static class ServiceUrl
{
    /// <summary>Reads such a URL; it has a fragment only where <paramref name="allowFragment"/> says so.</summary>
    internal static Uri Require(string text, bool allowLoopbackHttp, string code, bool allowFragment = false)
    {
        // Uri.TryCreate trims and repairs; what was written must already be what is meant.
        foreach (var c in text)
        {
            if (c is <= ' ' or >= '\u007f' or '\\' or '"' or '<' or '>')
                throw new MalformedDataException(code, "A URL contains characters that a URL cannot have.");
        }

        if (text.Length > 2048 || !Uri.TryCreate(text, UriKind.Absolute, out var url) || url.UserInfo.Length > 0 || (text.Contains('#') && !allowFragment) || url.Host.Length == 0)
            throw new MalformedDataException(code, "Not an absolute URL without user info and fragment.");
        var secure = url.Scheme == Uri.UriSchemeHttps;
        var loopback = allowLoopbackHttp && url.Scheme == Uri.UriSchemeHttp && IsLoopback(url);
        if (!secure && !loopback)
            throw new MalformedDataException(code, "Only https URLs are used.");
        return url;
    }

    /// <summary>An identifier of an issuer or authorization server: additionally without a query (OpenID4VCI §12.2.1, RFC 8414 §2).</summary>
    internal static string RequireIdentifier(string text, bool allowLoopbackHttp, string code)
    {
        Require(text, allowLoopbackHttp, code);
        if (text.Contains('?'))
            throw new MalformedDataException(code, "An issuer identifier has no query.");
        return text;
    }

    /// <summary>Inserts a well-known path between host and path (OpenID4VCI §12.2.2, RFC 8414 §3.1).</summary>
    internal static string WellKnown(string identifier, string wellKnown)
    {
        var start = identifier.IndexOf("://", StringComparison.Ordinal);
        if (start < 0)
            throw new ArgumentException("Not an absolute URL.", nameof(identifier));
        var slash = identifier.IndexOf('/', start + 3);
        var host = slash < 0 ? identifier : identifier[..slash];
        var path = slash < 0 ? "" : identifier[slash..];
        // A path of "/" alone is no path component.
        return host + wellKnown + (path == "/" ? "" : path);
    }

    private static bool IsLoopback(Uri url) =>
        url.Host == "localhost" || (IPAddress.TryParse(url.Host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));
}
