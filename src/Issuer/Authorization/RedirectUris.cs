namespace Credentials.Issuer.Authorization;

/// <summary>Where an authorization response may go (RFC 6749 §3.1.2, RFC 8252 §7).</summary>
internal static class RedirectUris
{
    // A browser would run these, or read files with them, instead of opening a wallet.
    private static readonly string[] _dangerous = ["javascript", "data", "vbscript", "file", "blob", "about", "view-source", "ftp", "ws", "wss"];

    /// <summary>True for https, http to this machine (RFC 8252 §7.3), and schemes of a wallet's own (§7.1); no fragment, nothing to be repaired.</summary>
    internal static bool IsUsable(string text)
    {
        if (text.Length is 0 or > 2048 || text.Any(c => c is <= ' ' or >= '\u007f' or '#' or '\\' or '"' or '<' or '>') || !Uri.TryCreate(text, UriKind.Absolute, out var uri))
            return false;
        if (uri.Scheme == Uri.UriSchemeHttps)
            return uri.Host.Length > 0 && uri.UserInfo.Length == 0;
        if (uri.Scheme == Uri.UriSchemeHttp)
            return uri.Host is "127.0.0.1" or "[::1]" or "localhost" && uri.UserInfo.Length == 0;
        return !_dangerous.Contains(uri.Scheme);
    }

    /// <summary>
    /// True for the registered address, character by character; where that is http to this machine by its IP address, with whatever port, as a
    /// wallet gets to know its port only when it listens (RFC 8252 §7.3).
    /// </summary>
    internal static bool IsRegistered(string registered, string requested)
    {
        if (string.Equals(registered, requested, StringComparison.Ordinal)) return true;
        return IsUsable(requested) && Uri.TryCreate(registered, UriKind.Absolute, out var known) && IsLoopbackAddress(known)
            && new Uri(requested) is var uri && IsLoopbackAddress(uri)
            && string.Equals(WithoutPort(known, registered), WithoutPort(uri, requested), StringComparison.Ordinal);
    }

    private static bool IsLoopbackAddress(Uri uri) => uri.Scheme == Uri.UriSchemeHttp && uri.Host is ("127.0.0.1" or "[::1]");

    private static string WithoutPort(Uri uri, string text) => text.Replace($"://{uri.Host}:{uri.Port}", $"://{uri.Host}", StringComparison.Ordinal);

    /// <summary>What a page's policy must allow a form to lead to: the origin, or the scheme of the wallet's own.</summary>
    internal static string PolicySource(string redirectUri)
    {
        var uri = new Uri(redirectUri);
        return uri.Scheme is "https" or "http" ? uri.GetLeftPart(UriPartial.Authority) : $"{uri.Scheme}:";
    }
}
