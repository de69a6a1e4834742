using System.Globalization;
using System.Text.RegularExpressions;

namespace Credentials.Codecs;

/// <summary>
/// Times as text: the <c>dateTimeStamp</c> of XML Schema 1.1 Part 2 §3.4.28, which W3C's documents about credentials use. Read to the
/// seventh digit of a second; times outside the years 1 to 9999 become the first or the last that <see cref="DateTimeOffset"/> has.
/// </summary>
public static partial class DateTimeStamp
{
    private const int MaxLength = 64;

    /// <summary>Reads a time with its zone.</summary>
    /// <param name="text">The text; not trusted.</param>
    /// <param name="code">The error code for text that is no such time.</param>
    /// <param name="zoneRequired">False: a <c>dateTime</c> without a zone is read too, as UTC.</param>
    /// <exception cref="MalformedDataException">Another form, or no time of any calendar (31 April).</exception>
    public static DateTimeOffset Parse(string text, string code = CodecCodes.TimeMalformed, bool zoneRequired = true)
    {
        ArgumentNullException.ThrowIfNull(text);
        var match = text.Length <= MaxLength ? Form().Match(text) : Match.Empty;
        if (!match.Success || (zoneRequired && !match.Groups["zone"].Success)) throw Malformed(code);
        int month = Number(match, "month"), day = Number(match, "day");
        var year = long.TryParse(match.Groups["year"].ValueSpan, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
            ? value
            : text[0] == '-' ? long.MinValue : long.MaxValue;
        // The calendar repeats every 400 years, also before the year 1.
        if (day > DateTime.DaysInMonth((int)(year % 400) + 400 + (year % 400 < 0 ? 400 : 0), month)) throw Malformed(code);
        if (year < 1) return DateTimeOffset.MinValue;
        if (year > 9999) return DateTimeOffset.MaxValue;

        // 24:00:00 is the start of the next day.
        var ticks = new DateTime((int)year, month, day).Ticks
            + Number(match, "hour") * TimeSpan.TicksPerHour + Number(match, "minute") * TimeSpan.TicksPerMinute
            + Number(match, "second") * TimeSpan.TicksPerSecond + Fraction(match.Groups["fraction"].ValueSpan) - Zone(match);
        return ticks < DateTimeOffset.MinValue.Ticks ? DateTimeOffset.MinValue
            : ticks > DateTimeOffset.MaxValue.Ticks ? DateTimeOffset.MaxValue
            : new DateTimeOffset(ticks, TimeSpan.Zero);
    }

    /// <summary>Writes a time in UTC, in whole seconds, rounded down.</summary>
    public static string Write(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static long Zone(Match match)
    {
        var zone = match.Groups["zone"].ValueSpan;
        if (zone.IsEmpty || zone[0] == 'Z') return 0;
        var offset = int.Parse(zone[1..3], CultureInfo.InvariantCulture) * TimeSpan.TicksPerHour
            + int.Parse(zone[4..], CultureInfo.InvariantCulture) * TimeSpan.TicksPerMinute;
        return zone[0] == '-' ? -offset : offset;
    }

    private static long Fraction(ReadOnlySpan<char> digits) =>
        digits.IsEmpty ? 0 : long.Parse(digits[..Math.Min(7, digits.Length)].ToString().PadRight(7, '0'), CultureInfo.InvariantCulture);

    private static int Number(Match match, string group) => int.Parse(match.Groups[group].ValueSpan, CultureInfo.InvariantCulture);

    private static MalformedDataException Malformed(string code) => new(code, "A time is not an XML Schema dateTimeStamp.");

    [GeneratedRegex("""
        \A (?<year> -? (?: [1-9][0-9]{3,} | 0[0-9]{3} ) ) - (?<month> 0[1-9] | 1[0-2] ) - (?<day> 0[1-9] | [12][0-9] | 3[01] )
        T (?: (?<hour> [01][0-9] | 2[0-3] ) : (?<minute> [0-5][0-9] ) : (?<second> [0-5][0-9] ) (?: \. (?<fraction> [0-9]+ ) )?
            | (?<hour> 24 ) : (?<minute> 00 ) : (?<second> 00 ) (?: \.0+ )? )
        (?<zone> Z | [+-] (?: (?: 0[0-9] | 1[0-3] ) : [0-5][0-9] | 14:00 ) )? \z
        """, RegexOptions.IgnorePatternWhitespace | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Form();
}
