using System.Buffers;
using System.Text.RegularExpressions;

namespace Credentials.W3c;

/// <summary>What Data Model 2.0 §4.4 calls a URL: absolute, with any scheme, as it stands; nothing is repaired.</summary>
internal static partial class WebUrl
{
    private const int MaxLength = 4096;

    // White space and controls are no part of any URL, and a parser that drops them would make another one of it. The rest is what RFC 3986
    // and the URL Standard exclude everywhere.
    private static readonly SearchValues<char> s_forbidden = SearchValues.Create(
        [.. Enumerable.Range(0, 0x21).Concat(Enumerable.Range(0x7f, 0x22)).Select(c => (char)c), '"', '<', '>', '\\', '^', '`', '{', '|', '}', '\u00a0', '\u2028', '\u2029', '\ufeff']);

    /// <summary>True for such a URL; http and https need a host.</summary>
    public static bool IsUrl(string text) =>
        text.Length <= MaxLength && Scheme().IsMatch(text) && text.AsSpan().IndexOfAny(s_forbidden) < 0
        && (!IsWeb(text) || (Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Host.Length > 0));

    private static bool IsWeb(string text) =>
        text.StartsWith("https:", StringComparison.OrdinalIgnoreCase) || text.StartsWith("http:", StringComparison.OrdinalIgnoreCase);

    [GeneratedRegex(@"\A[A-Za-z][A-Za-z0-9+.-]*:.", RegexOptions.CultureInvariant)]
    private static partial Regex Scheme();
}
