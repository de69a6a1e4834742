using System.Buffers;
using System.Globalization;
using System.Text;

namespace Credentials.JsonLd;

/// <summary>The form of IRIs and language tags. A term that breaks it could forge the lines that are signed, so everything passes here.</summary>
internal static class Iris
{
    // RFC 3987 §2.2: delimiters and characters that are in no IRI. Not checked: which characters beyond ASCII stand where.
    private static readonly SearchValues<char> s_forbidden =
        SearchValues.Create([.. Enumerable.Range(0, 0x21).Select(c => (char)c), '<', '>', '"', '{', '}', '|', '\\', '^', '`', '\u007f']);

    private static readonly SearchValues<char> s_schemeRest =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+-.");

    /// <summary>True for an IRI with a scheme.</summary>
    public static bool IsAbsolute(string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon > 0 && char.IsAsciiLetter(text[0]) && !text.AsSpan(0, colon).ContainsAnyExcept(s_schemeRest)
            && !text.AsSpan(colon).ContainsAny(s_forbidden) && IsText(text);
    }

    /// <summary>True for a well-formed language tag (BCP 47 §2.2.9, by its shape: subtags of one to eight letters and digits, the first of letters).</summary>
    public static bool IsLanguageTag(string text)
    {
        var first = true;
        foreach (var range in text.AsSpan().Split('-'))
        {
            var subtag = text.AsSpan(range);
            if (subtag.Length is 0 or > 8) return false;
            foreach (var c in subtag)
                if (!(first ? char.IsAsciiLetter(c) : char.IsAsciiLetterOrDigit(c))) return false;
            first = false;
        }

        return true;
    }

    /// <summary>The text for an error, or dots if it could carry something that does not belong into one.</summary>
    public static string Shown(string name) =>
        name.Length <= 64 && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or ':' or '.' or '/' or '@' or '#') ? $"'{name}'" : "'…'";

    private static bool IsText(string text)
    {
        if (Ascii.IsValid(text)) return true;
        foreach (var rune in text.EnumerateRunes())
        {
            // A lone surrogate is enumerated as U+FFFD, which is in no IRI either (ucschar, RFC 3987 §2.2).
            if (rune.Value is >= 0x80 and < 0xa0 or 0xfffd or 0xfffe or 0xffff || Rune.GetUnicodeCategory(rune) == UnicodeCategory.Surrogate) return false;
        }

        return true;
    }
}
