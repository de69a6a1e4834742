using System.Formats.Cbor;
using System.Globalization;

namespace Credentials.Codecs;

/// <summary>
/// Writing CBOR: definite lengths and shortest heads, members in the order in which their standard lists them. Use only
/// writers from <see cref="Encode"/>.
/// </summary>
public static class CborWriting
{
    /// <summary>The bytes of one data item.</summary>
    public static byte[] Encode(Action<CborWriter> write)
    {
        var writer = new CborWriter(CborConformanceMode.Lax);
        write(writer);
        return writer.Encode();
    }

    /// <summary>Writes an item that is encoded already, as it is.</summary>
    public static void WriteEncoded(this CborWriter writer, ReadOnlyMemory<byte> encoded) => writer.WriteEncodedValue(encoded.Span);

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
}
