using System.Text.Json;
using System.Text.RegularExpressions;
using Credentials.Codecs;

namespace Credentials.W3c;

/// <summary>Texts for people with their language and direction (Data Model 2.0 §4.6, §11.1).</summary>
internal static partial class LanguageRules
{
    private const int MaxTagLength = 255;

    /// <summary>A string, a language value object, or several of them.</summary>
    public static void Check(JsonElement owner, string name)
    {
        if (owner.Member(name) is not { } value) return;
        var isText = value.ValueKind switch
        {
            JsonValueKind.String => true,
            JsonValueKind.Array => value.GetArrayLength() > 0 && value.EnumerateArray().All(IsLanguageValue),
            _ => IsLanguageValue(value),
        };
        if (!isText) throw new MalformedDataException(W3cCodes.Language, $"{name} is neither a string nor language value objects.");
    }

    /// <summary>True for a well-formed language tag (BCP 47, RFC 5646 §2.1 and §2.2.9).</summary>
    public static bool IsLanguageTag(string text) => text.Length <= MaxTagLength && Tag().IsMatch(text) && !RepeatsASingletonOrVariant(text);

    private static bool IsLanguageValue(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Object || value.Member("@value") is not { ValueKind: JsonValueKind.String }) return false;
        foreach (var member in value.EnumerateObject())
        {
            var isAllowed = member.Name switch
            {
                "@value" => true,
                "@language" => member.Value.ValueKind == JsonValueKind.String && IsLanguageTag(member.Value.GetString()!),
                // JSON-LD 1.1 §4.2.4.1
                "@direction" => member.Value.ValueKind == JsonValueKind.String && member.Value.GetString() is "ltr" or "rtl",
                _ => false,
            };
            if (!isAllowed) return false;
        }

        return true;
    }

    // RFC 5646 §2.2.5 and §2.2.6: no variant twice, no extension twice. What follows x is private and means what it likes.
    private static bool RepeatsASingletonOrVariant(string text)
    {
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (subtag, i) in text.Split('-').Select((subtag, i) => (subtag, i)))
        {
            if (i == 0) continue;
            if (subtag is "x" or "X") return false;
            var isVariant = subtag.Length >= 5 || (subtag.Length == 4 && char.IsAsciiDigit(subtag[0]));
            if ((subtag.Length == 1 || isVariant) && !seen.Add(subtag)) return true;
            // Inside an extension the same word may stand again.
            if (subtag.Length == 1) seen.RemoveWhere(known => known.Length > 1);
        }

        return false;
    }

    [GeneratedRegex("""
        \A (?:
          (?: [A-Za-z]{2,3} (?: -[A-Za-z]{3} ){0,3} | [A-Za-z]{4} | [A-Za-z]{5,8} )
          (?: -[A-Za-z]{4} )? (?: - (?: [A-Za-z]{2} | [0-9]{3} ) )? (?: - (?: [A-Za-z0-9]{5,8} | [0-9][A-Za-z0-9]{3} ) )*
          (?: - [0-9A-WY-Za-wy-z] (?: -[A-Za-z0-9]{2,8} )+ )* (?: -[xX] (?: -[A-Za-z0-9]{1,8} )+ )?
        | [xX] (?: -[A-Za-z0-9]{1,8} )+
        | (?i: en-GB-oed | i-ami | i-bnn | i-default | i-enochian | i-hak | i-klingon | i-lux | i-mingo | i-navajo | i-pwn | i-tao | i-tay | i-tsu
            | sgn-BE-FR | sgn-BE-NL | sgn-CH-DE )
        ) \z
        """, RegexOptions.IgnorePatternWhitespace | RegexOptions.CultureInvariant)]
    private static partial Regex Tag();
}
