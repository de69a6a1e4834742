using System.Globalization;
using System.Text;

namespace Credentials.SdJwt.TypeMetadata;

/// <summary>
/// Makes somebody else's text fit to be shown (SD-JWT VC §7.6): no control characters, nothing that turns or hides text, no
/// more than fits. It still has to be escaped for the place where it goes.
/// </summary>
internal static class DisplayableText
{
    /// <summary>Characters of a name or label.</summary>
    public const int MaxName = 200;

    /// <summary>Characters of a description.</summary>
    public const int MaxDescription = 2000;

    public static string Clean(string text, int maxLength)
    {
        var clean = new StringBuilder(Math.Min(text.Length, maxLength));
        foreach (var rune in text.EnumerateRunes())
        {
            if (!MayStay(rune)) continue;
            if (clean.Length + rune.Utf16SequenceLength >= maxLength) return clean.Append('…').ToString();
            clean.Append(rune.ToString());
        }

        return clean.ToString();
    }

    // Format characters are the bidirectional overrides, zero-width ones and tags; joiners belong to scripts and emoji.
    private static bool MayStay(Rune rune) => rune.Value is 0x200c or 0x200d
        || Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator
            or UnicodeCategory.ParagraphSeparator or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned);
}
