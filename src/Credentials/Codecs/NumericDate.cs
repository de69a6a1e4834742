using System.Text.Json;

namespace Credentials.Codecs;

/// <summary>Times as RFC 7519 §2 NumericDate: seconds since 1970-01-01T00:00:00Z, fractions allowed.</summary>
public static class NumericDate
{
    /// <summary>The last second that <see cref="DateTimeOffset"/> can hold.</summary>
    private const double Max = 253402300799;

    /// <summary>Reads a NumericDate. Fractions are kept to the millisecond.</summary>
    /// <exception cref="MalformedDataException">Not a JSON number from 0 to the year 9999.</exception>
    public static DateTimeOffset Read(JsonElement value, string code = CodecCodes.TimeMalformed)
    {
        if (value.ValueKind != JsonValueKind.Number || !value.TryGetDouble(out double seconds) || !(seconds >= 0 && seconds <= Max))
            throw new MalformedDataException(code, "A time is not a NumericDate.");
        return DateTimeOffset.FromUnixTimeMilliseconds((long)(seconds * 1000));
    }

    /// <summary>Whole seconds, rounded down.</summary>
    public static long From(DateTimeOffset time) => time.ToUnixTimeSeconds();
}
