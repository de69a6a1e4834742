using System.Globalization;
using System.Text.RegularExpressions;
using Credentials.Codecs;

namespace Credentials.QrDocuments;

/// <summary>
/// The form of an EU Digital COVID Certificate (DCC schema 1.3): members, types and lengths, and no business rules. As permissive as HCERT
/// §3.3.7 asks: where certificates were issued under older schemas, what those allowed is read too.
/// </summary>
internal static partial class DccContent
{
    // The schema says 80; certificates with up to 100 were issued.
    private const int MaxTextLength = 100;
    private const int DateLength = 10;

    /// <summary>What it is about; null if it has not the form.</summary>
    public static DccKind? KindOf(CborValue dcc)
    {
        if (dcc.Kind != CborKind.Map || !IsText(dcc, "ver"u8, Version()) || !IsText(dcc, "dob"u8, DateOfBirth()) || !IsName(dcc)) return null;
        // Exactly one group (oneOf in the schema).
        return (Member(dcc, "v"u8), Member(dcc, "t"u8), Member(dcc, "r"u8)) switch
        {
            ({ } entries, null, null) when All(entries, IsVaccination) => DccKind.Vaccination,
            (null, { } entries, null) when All(entries, IsTest) => DccKind.Test,
            (null, null, { } entries) when All(entries, IsRecovery) => DccKind.Recovery,
            _ => null,
        };
    }

    private static bool All(CborValue entries, Func<CborValue, bool> isEntry)
    {
        if (entries.Kind != CborKind.Array || entries.Count == 0) return false;
        foreach (var entry in entries.EnumerateArray())
            if (entry.Kind != CborKind.Map || !IsText(entry, "tg"u8) || !IsText(entry, "co"u8) || !IsText(entry, "is"u8) || !IsText(entry, "ci"u8) || !isEntry(entry)) return false;
        return true;
    }

    private static bool IsVaccination(CborValue entry) =>
        IsText(entry, "vp"u8) && IsText(entry, "mp"u8) && IsText(entry, "ma"u8) && IsCount(entry, "dn"u8) && IsCount(entry, "sd"u8) && IsDate(entry, "dt"u8);

    private static bool IsTest(CborValue entry) =>
        IsText(entry, "tt"u8) && IsText(entry, "tr"u8) && IsDate(entry, "sc"u8)
        && IsTextOrAbsent(entry, "nm"u8) && IsTextOrAbsent(entry, "ma"u8) && IsTextOrAbsent(entry, "tc"u8);

    private static bool IsRecovery(CborValue entry) => IsDate(entry, "fr"u8) && IsDate(entry, "df"u8) && IsDate(entry, "du"u8);

    private static bool IsName(CborValue dcc) => Member(dcc, "nam"u8) is { Kind: CborKind.Map } name
        && (Member(name, "fnt"u8) ?? Member(name, "gnt"u8)) is not null
        && IsTextOrAbsent(name, "fn"u8) && IsTextOrAbsent(name, "gn"u8)
        && IsTextOrAbsent(name, "fnt"u8, Transliterated()) && IsTextOrAbsent(name, "gnt"u8, Transliterated());

    /// <summary>A date, or a date and time; also as a text that an issuer tagged as such.</summary>
    private static bool IsDate(CborValue entry, ReadOnlySpan<byte> name) =>
        Member(entry, name) is { } value && Text(value.Kind == CborKind.Tag && value.GetTag() == CborValue.DateTimeTag ? value.GetTagContent() : value) is { } text
        && text.Length >= DateLength && DateOnly.TryParseExact(text.AsSpan(0, DateLength), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _)
        && (text.Length == DateLength || text[DateLength] == 'T');

    private static bool IsCount(CborValue entry, ReadOnlySpan<byte> name) => Member(entry, name) is { Kind: CborKind.UnsignedInteger };

    private static bool IsText(CborValue map, ReadOnlySpan<byte> name, Regex? pattern = null) =>
        Member(map, name) is { } value && Text(value) is { } text && pattern?.IsMatch(text) != false;

    private static bool IsTextOrAbsent(CborValue map, ReadOnlySpan<byte> name, Regex? pattern = null) =>
        Member(map, name) is null || IsText(map, name, pattern);

    private static string? Text(CborValue value) => value.Kind == CborKind.TextString && value.GetText() is var text && text.Length <= MaxTextLength ? text : null;

    /// <summary>A member; one that is null is as if it were not there.</summary>
    private static CborValue? Member(CborValue map, ReadOnlySpan<byte> name) => map.Find(name) is { IsNull: false } value ? value : null;

    [GeneratedRegex(@"^1\.[0-9]{1,4}\.[0-9]{1,4}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Version();

    // With the time of day that a schema before 1.3 let through.
    [GeneratedRegex(@"^((19|20)[0-9]{2}(-[0-9]{2}){0,2}(T00:00:00)?)?\z", RegexOptions.CultureInvariant)]
    private static partial Regex DateOfBirth();

    [GeneratedRegex(@"^[A-Z<]*\z", RegexOptions.CultureInvariant)]
    private static partial Regex Transliterated();
}
