using System.Globalization;
using System.Text;

namespace Credentials.Wallet.Core.Documents;

/// <summary>Makes a text that another party wrote fit to be shown to the holder in one line.</summary>
internal static class OneLine
{
    private const int MaxLength = 200;

    /// <summary>
    /// The text without control, direction and other invisible characters, with single spaces and at most 200 characters; null when nothing is left.
    /// A name that reorders or hides what stands around it must not speak for the verifier.
    /// </summary>
    public static string? Clean(string? text)
    {
        if (string.IsNullOrEmpty(text)) return null;
        var clean = new StringBuilder();
        foreach (var rune in text.EnumerateRunes())
        {
            if (clean.Length >= MaxLength) break;
            switch (Rune.GetUnicodeCategory(rune))
            {
                case UnicodeCategory.Control or UnicodeCategory.SpaceSeparator or UnicodeCategory.LineSeparator
                    or UnicodeCategory.ParagraphSeparator:
                    if (clean.Length > 0 && clean[^1] != ' ') clean.Append(' ');
                    break;
                case UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned:
                    break;
                default:
                    clean.Append(rune.ToString());
                    break;
            }
        }
        var result = clean.ToString().TrimEnd();
        return result.Length == 0 ? null : result;
    }
}
