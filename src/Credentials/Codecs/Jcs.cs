using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Unicode;

namespace Credentials.Codecs;

/// <summary>
/// The JSON Canonicalization Scheme (RFC 8785): one spelling for a JSON value, so that it can be hashed. Numbers are IEEE 754 doubles;
/// one that no double is near (over 1.8e308) is refused, digits beyond a double's are rounded as §3.2.2.3 says.
/// </summary>
public static class Jcs
{
    private const int MaxDepth = 64;

    private static readonly UTF8Encoding s_strictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The canonical form of a parsed value, as UTF-8.</summary>
    /// <exception cref="MalformedDataException"><c>json.malformed</c>: a number beyond a double's range, a lone surrogate, a name twice, or
    /// more than 64 levels; none of them comes out of <see cref="StrictJson"/>, except such a number.</exception>
    public static byte[] Canonicalize(JsonElement value)
    {
        using PooledBuffer output = new();
        Write(output, value, depth: 0);
        return output.WrittenSpan.ToArray();
    }

    /// <summary>The canonical form of a value that we made ourselves, as UTF-8.</summary>
    /// <inheritdoc cref="Canonicalize(JsonElement)"/>
    public static byte[] Canonicalize(JsonNode value) => Canonicalize(StrictJson.ToElement(value));

    /// <summary>A number as ECMAScript prints it (RFC 8785 §3.2.2.3, ECMA-262 Number::toString): the shortest digits that read back the same.</summary>
    /// <exception cref="MalformedDataException"><c>json.malformed</c>: NaN or infinity.</exception>
    public static string FormatNumber(double value)
    {
        if (!double.IsFinite(value)) throw Malformed("A number is beyond the range of a double.");
        if (value == 0) return "0"; // also for minus zero
        string sign = value < 0 ? "-" : "";
        // "E16" would give 17 digits; "R" gives the shortest ones, in one of two layouts that ECMAScript does not use.
        (string digits, int point) = Digits(Math.Abs(value).ToString("R", CultureInfo.InvariantCulture));
        if (point is > 0 and <= 21)
            return sign + (digits.Length <= point ? digits.PadRight(point, '0') : $"{digits[..point]}.{digits[point..]}");
        if (point is > -6 and <= 0) return $"{sign}0.{new string('0', -point)}{digits}";
        int exponent = point - 1;
        string fraction = digits.Length == 1 ? "" : "." + digits[1..];
        return $"{sign}{digits[0]}{fraction}e{(exponent < 0 ? '-' : '+')}{Math.Abs(exponent)}";
    }

    /// <summary>The significant digits, and where the decimal point stands in front of, inside or behind them: 0.digits × 10^point.</summary>
    private static (string Digits, int Point) Digits(string shortest)
    {
        int e = shortest.IndexOf('E', StringComparison.Ordinal);
        int exponent = e < 0 ? 0 : int.Parse(shortest.AsSpan(e + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        string mantissa = e < 0 ? shortest : shortest[..e];
        int dot = mantissa.IndexOf('.', StringComparison.Ordinal);
        string all = dot < 0 ? mantissa : mantissa.Remove(dot, 1);
        string withoutZerosInFront = all.TrimStart('0');
        int point = (dot < 0 ? mantissa.Length : dot) + exponent - (all.Length - withoutZerosInFront.Length);
        return (withoutZerosInFront.TrimEnd('0'), point);
    }

    /// <summary>The canonical form of an object, some of whose members have other values or are left out.</summary>
    /// <param name="value">An object.</param>
    /// <param name="valueOf">The value of each member; null: it is left out.</param>
    /// <inheritdoc cref="Canonicalize(JsonElement)"/>
    internal static byte[] CanonicalizeObject(JsonElement value, Func<JsonProperty, JsonElement?> valueOf)
    {
        using PooledBuffer output = new();
        WriteObject(output, value, depth: 0, valueOf);
        return output.WrittenSpan.ToArray();
    }

    private static void Write(PooledBuffer output, JsonElement value, int depth)
    {
        if (depth > MaxDepth) throw Malformed("The value is nested too deeply.");
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                WriteObject(output, value, depth, null);
                break;
            case JsonValueKind.Array:
                WriteArray(output, value, depth);
                break;
            case JsonValueKind.String:
                WriteText(output, value);
                break;
            case JsonValueKind.Number:
                WriteNumber(output, value);
                break;
            case JsonValueKind.True:
                output.Add("true"u8);
                break;
            case JsonValueKind.False:
                output.Add("false"u8);
                break;
            case JsonValueKind.Null:
                output.Add("null"u8);
                break;
            default:
                throw new ArgumentException("There is no value.", nameof(value));
        }
    }

    /// <summary>A member, with the first eight bytes of its name, which tell most names apart.</summary>
    private readonly record struct Named(ulong Prefix, JsonProperty Member, JsonElement Value);

    private static void WriteObject(PooledBuffer output, JsonElement value, int depth, Func<JsonProperty, JsonElement?>? valueOf)
    {
        var members = new Named[value.GetPropertyCount()];
        var (count, isPlain) = (0, true);
        foreach (JsonProperty member in value.EnumerateObject())
        {
            if ((valueOf is null ? member.Value : valueOf(member)) is not { } taken) continue;
            ReadOnlySpan<byte> name = JsonMarshal.GetRawUtf8PropertyName(member);
            isPlain &= IsPlain(name);
            members[count++] = new Named(PrefixOf(name), member, taken);
        }

        if (!isPlain)
        {
            WriteNamed(output, [.. members.Take(count).Select(member => KeyValuePair.Create(Name(member.Member), member.Value))], depth);
            return;
        }

        // Names of ASCII letters without escapes, as nearly all are: their bytes sort and stand as their UTF-16 code units do.
        members.AsSpan(0, count).Sort(static (a, b) => a.Prefix != b.Prefix
            ? a.Prefix.CompareTo(b.Prefix)
            : JsonMarshal.GetRawUtf8PropertyName(a.Member).SequenceCompareTo(JsonMarshal.GetRawUtf8PropertyName(b.Member)));
        output.Add((byte)'{');
        for (int i = 0; i < count; i++)
        {
            ReadOnlySpan<byte> name = JsonMarshal.GetRawUtf8PropertyName(members[i].Member);
            if (i > 0)
            {
                if (members[i].Prefix == members[i - 1].Prefix && name.SequenceEqual(JsonMarshal.GetRawUtf8PropertyName(members[i - 1].Member))) throw Malformed("A name appears twice.");
                output.Add((byte)',');
            }
            output.Add((byte)'"');
            output.Add(name);
            output.Add("\":"u8);
            Write(output, members[i].Value, depth + 1);
        }
        output.Add((byte)'}');
    }

    // Shorter names end in zeros, which no plain name has.
    private static ulong PrefixOf(ReadOnlySpan<byte> name)
    {
        if (name.Length >= 8) return BinaryPrimitives.ReadUInt64BigEndian(name);
        Span<byte> padded = stackalloc byte[8];
        name.CopyTo(padded);
        return BinaryPrimitives.ReadUInt64BigEndian(padded);
    }

    private static void WriteNamed(PooledBuffer output, List<KeyValuePair<string, JsonElement>> members, int depth)
    {
        // RFC 8785 §3.2.3: by UTF-16 code units, which is what an ordinal comparison of .NET strings compares.
        members.Sort(static (a, b) => string.CompareOrdinal(a.Key, b.Key));
        output.Add((byte)'{');
        for (int i = 0; i < members.Count; i++)
        {
            if (i > 0)
            {
                if (members[i].Key == members[i - 1].Key) throw Malformed("A name appears twice.");
                output.Add((byte)',');
            }
            WriteString(output, members[i].Key);
            output.Add((byte)':');
            Write(output, members[i].Value, depth + 1);
        }
        output.Add((byte)'}');
    }

    private static void WriteArray(PooledBuffer output, JsonElement value, int depth)
    {
        output.Add((byte)'[');
        bool isFirst = true;
        foreach (JsonElement item in value.EnumerateArray())
        {
            if (!isFirst) output.Add((byte)',');
            Write(output, item, depth + 1);
            isFirst = false;
        }
        output.Add((byte)']');
    }

    private static void WriteText(PooledBuffer output, JsonElement value)
    {
        ReadOnlySpan<byte> raw = JsonMarshal.GetRawUtf8Value(value);
        // JSON forbids control characters in a text, so one without escapes is written as it stands.
        if (!raw.Contains((byte)'\\') && Utf8.IsValid(raw)) output.Add(raw);
        else WriteString(output, Text(value));
    }

    private static void WriteNumber(PooledBuffer output, JsonElement value)
    {
        ReadOnlySpan<byte> raw = JsonMarshal.GetRawUtf8Value(value);
        // Up to fifteen digits without sign, point or exponent: a whole number that every double holds, in the only spelling JSON allows.
        if (raw.Length <= 15 && !raw.ContainsAnyExceptInRange((byte)'0', (byte)'9')) output.Add(raw);
        else Append(output, FormatNumber(value.TryGetDouble(out double number) ? number : double.NaN));
    }

    private static bool IsPlain(ReadOnlySpan<byte> name) => !name.Contains((byte)'\\') && Ascii.IsValid(name);

    // RFC 8785 §3.2.2.2: escapes where JSON needs them, the short ones where there are any; everything else as it is.
    private static void WriteString(PooledBuffer output, string text)
    {
        StringBuilder escaped = new(text.Length + 2);
        escaped.Append('"');
        foreach (char c in text)
        {
            switch (c)
            {
                case '"' or '\\':
                    escaped.Append('\\').Append(c);
                    break;
                case '\b' or '\t' or '\n' or '\f' or '\r':
                    escaped.Append('\\').Append("btn_fr"[c - '\b']);
                    break;
                case < ' ':
                    escaped.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
                    break;
                default:
                    escaped.Append(c);
                    break;
            }
        }
        Append(output, escaped.Append('"').ToString());
    }

    private static string Name(JsonProperty member) => Readable(() => member.Name);

    private static string Text(JsonElement value) => Readable(() => value.GetString()!);

    private static string Readable(Func<string> read)
    {
        try
        {
            return read();
        }
        catch (InvalidOperationException)
        {
            throw Malformed("A text has a lone surrogate.");
        }
    }

    private static void Append(PooledBuffer output, string text)
    {
        try
        {
            s_strictUtf8.GetBytes(text, output);
        }
        catch (EncoderFallbackException)
        {
            throw Malformed("A text has a lone surrogate.");
        }
    }

    private static MalformedDataException Malformed(string message) => new(CodecCodes.JsonMalformed, message);
}
