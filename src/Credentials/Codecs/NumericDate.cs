using System.Text.Json;

namespace Credentials.Codecs;

/// <summary>Times as NumericDate (RFC 7519 §2, RFC 8392 §2): seconds since 1970-01-01T00:00:00Z, fractions allowed.</summary>
public static class NumericDate
{
    /// <summary>The last second that <see cref="DateTimeOffset"/> can hold.</summary>
    private const double Max = 253402300799;

    /// <summary>Reads a NumericDate. Fractions are kept to the millisecond.</summary>
    /// <exception cref="MalformedDataException">Not a JSON number from 0 to the year 9999.</exception>
    public static DateTimeOffset Read(JsonElement value, string code = CodecCodes.TimeMalformed) =>
        From(value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out double seconds) ? seconds : double.NaN, code);

    /// <summary>Reads a NumericDate of a CWT: an integer or a float, without a tag (RFC 8392 §2). Fractions are kept to the millisecond.</summary>
    /// <exception cref="MalformedDataException">Not a number from 0 to the year 9999.</exception>
    public static DateTimeOffset Read(CborValue value, string code = CodecCodes.TimeMalformed) => From(
        value.Kind switch
        {
            CborKind.UnsignedInteger => value.Argument,
            CborKind.Float => value.GetDouble(),
            _ => double.NaN,
        },
        code);

    /// <summary>Whole seconds, rounded down.</summary>
    public static long From(DateTimeOffset time) => time.ToUnixTimeSeconds();

    // Also false for a number that is none.
    private static DateTimeOffset From(double seconds, string code) => seconds >= 0 && seconds <= Max
        ? DateTimeOffset.FromUnixTimeMilliseconds((long)(seconds * 1000))
        : throw new MalformedDataException(code, "A time is not a NumericDate.");
}
