using System.Globalization;
using System.Text;

namespace Credentials.Cli;

/// <summary>Text from outside, made safe to show: it cannot move the cursor, change direction or hide itself.</summary>
internal static class TextSafety
{
    private const int Longest = 2000;

    internal static string ForTerminal(string text)
    {
        var safe = new StringBuilder(Math.Min(text.Length, Longest));
        foreach (var rune in text.EnumerateRunes())
        {
            if (safe.Length >= Longest)
                return safe.Append('…').ToString();
            if (IsUnsafe(rune))
                safe.Append(CultureInfo.InvariantCulture, $"\\u{{{rune.Value:x}}}");
            else
                safe.Append(rune.ToString());
        }
        return safe.ToString();
    }

    // Control, format (bidirectional overrides, zero width), line separators, unassigned and private characters.
    private static bool IsUnsafe(Rune rune) => Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control
        or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
        or UnicodeCategory.OtherNotAssigned or UnicodeCategory.PrivateUse or UnicodeCategory.Surrogate;
}
