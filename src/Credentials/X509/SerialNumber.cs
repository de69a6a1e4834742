using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Credentials.X509;

/// <summary>A certificate's serial number: positive and of 20 bytes at most (RFC 5280 §4.1.2.2), kept in exactly that many.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 4)]
internal readonly record struct SerialNumber : IComparable<SerialNumber>
{
    private const int Length = 20;

    private readonly uint _high;
    private readonly ulong _middle;
    private readonly ulong _low;

    private SerialNumber(ReadOnlySpan<byte> padded)
    {
        _high = BinaryPrimitives.ReadUInt32BigEndian(padded);
        _middle = BinaryPrimitives.ReadUInt64BigEndian(padded[4..]);
        _low = BinaryPrimitives.ReadUInt64BigEndian(padded[12..]);
    }

    /// <summary>Reads the content of a DER INTEGER; null for a negative or longer one.</summary>
    public static SerialNumber? FromInteger(ReadOnlySpan<byte> content)
    {
        if (content.IsEmpty || content[0] >= 0x80) return null;
        ReadOnlySpan<byte> magnitude = content.TrimStart((byte)0);
        if (magnitude.Length > Length) return null;
        Span<byte> padded = stackalloc byte[Length];
        padded.Clear();
        magnitude.CopyTo(padded[(Length - magnitude.Length)..]);
        return new SerialNumber(padded);
    }

    public int CompareTo(SerialNumber other)
    {
        int order = _high.CompareTo(other._high);
        if (order == 0) order = _middle.CompareTo(other._middle);
        return order == 0 ? _low.CompareTo(other._low) : order;
    }
}
