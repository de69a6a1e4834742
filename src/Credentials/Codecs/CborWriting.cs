using System.Formats.Cbor;
using System.Globalization;
using System.Text.Json;

namespace Credentials.Codecs;

/// <summary>
/// Writing CBOR: definite lengths and shortest heads, members in the order in which their standard lists them. Use only
/// writers from <see cref="Encode"/>.
/// </summary>
public static class CborWriting
{
    private const int MaxKept = 1 << 14;

    // One writer for each thread, emptied after use: most items are small, and a writer's buffer is not.
    [ThreadStatic]
    private static CborWriter? t_idle;

    /// <summary>The bytes of one data item.</summary>
    public static byte[] Encode(Action<CborWriter> write) => Encode(write, static (writer, write) => write(writer));

    /// <summary>The same, with what is written given apart, so that a static function can write it.</summary>
    public static byte[] Encode<T>(T value, Action<CborWriter, T> write)
    {
        var writer = Begin();
        write(writer, value);
        var bytes = writer.Encode();
        End(writer);
        return bytes;
    }

    /// <summary>The data item in a byte string in tag 24 (RFC 8949 §3.4.5.1).</summary>
    public static EncodedCbor EncodeInTag24<T>(T value, Action<CborWriter, T> write)
    {
        var writer = Begin();
        write(writer, value);
        var (bytes, content) = EncodedCbor.Reserve(writer.BytesWritten);
        writer.Encode(content.Span);
        End(writer);
        return new EncodedCbor(bytes, content);
    }

    /// <summary>Writes an item that is encoded already, as it is.</summary>
    public static void WriteEncoded(this CborWriter writer, ReadOnlyMemory<byte> encoded) => writer.WriteEncodedValue(encoded.Span);

    /// <summary>Writes a JSON value as CBOR of the same kinds (RFC 8949 §6.2); a number without a fraction becomes an integer.</summary>
    /// <exception cref="ArgumentException">An integer of more than 64 bits, which no CBOR number has exactly.</exception>
    public static void WriteJson(this CborWriter writer, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.String:
                writer.WriteTextString(value.GetString()!);
                break;
            case JsonValueKind.Number when value.TryGetInt64(out var number):
                writer.WriteInt64(number);
                break;
            case JsonValueKind.Number:
                if (!value.GetRawText().AsSpan().ContainsAny('.', 'e', 'E')) throw new ArgumentException("An integer has more than 64 bits.", nameof(value));
                writer.WriteDouble(value.GetDouble());
                break;
            case JsonValueKind.True or JsonValueKind.False:
                writer.WriteBoolean(value.GetBoolean());
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray(value.GetArrayLength());
                foreach (var item in value.EnumerateArray()) writer.WriteJson(item);
                writer.WriteEndArray();
                break;
            case JsonValueKind.Object:
                writer.WriteStartMap(value.GetPropertyCount());
                foreach (var member in value.EnumerateObject())
                {
                    writer.WriteTextString(member.Name);
                    writer.WriteJson(member.Value);
                }

                writer.WriteEndMap();
                break;
            default:
                writer.WriteNull();
                break;
        }
    }

    /// <summary>Writes a <c>tdate</c> (tag 0): UTC, to the second (ISO/IEC 18013-5 §7.2.1).</summary>
    public static void WriteDateTime(this CborWriter writer, DateTimeOffset time)
    {
        writer.WriteTag((CborTag)CborValue.DateTimeTag);
        writer.WriteTextString(time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture));
    }

    /// <summary>Writes a <c>full-date</c> (tag 1004, RFC 8943).</summary>
    public static void WriteFullDate(this CborWriter writer, DateOnly date)
    {
        writer.WriteTag((CborTag)CborValue.FullDateTag);
        writer.WriteTextString(date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
    }

    private static CborWriter Begin()
    {
        // Taken out, so that an item written inside another has a writer of its own.
        var writer = t_idle ?? new CborWriter(CborConformanceMode.Lax);
        t_idle = null;
        return writer;
    }

    private static void End(CborWriter writer)
    {
        if (writer.BytesWritten > MaxKept) return;
        writer.Reset(); // also clears what was written
        t_idle = writer;
    }
}
