using System.Buffers.Binary;
using System.Text;

namespace Credentials.Codecs;

/// <summary>The shortest heads of data items (RFC 8949 §3), for structures whose length is known before they are written.</summary>
internal static class CborHead
{
    public const int UnsignedInteger = 0;
    public const int ByteString = 2;
    public const int TextString = 3;
    public const int Array = 4;
    public const int Map = 5;
    public const int Tag = 6;

    /// <summary>The bytes of a head with this argument.</summary>
    public static int Length(int argument) => argument switch { < 24 => 1, <= byte.MaxValue => 2, <= ushort.MaxValue => 3, _ => 5 };

    /// <summary>Writes a head and moves on.</summary>
    public static void Write(ref Span<byte> place, int majorType, int argument)
    {
        var major = (byte)(majorType << 5);
        var length = Length(argument);
        switch (length)
        {
            case 1:
                place[0] = (byte)(major | argument);
                break;
            case 2:
                (place[0], place[1]) = ((byte)(major | 24), (byte)argument);
                break;
            case 3:
                place[0] = (byte)(major | 25);
                BinaryPrimitives.WriteUInt16BigEndian(place[1..], (ushort)argument);
                break;
            default:
                place[0] = (byte)(major | 26);
                BinaryPrimitives.WriteInt32BigEndian(place[1..], argument);
                break;
        }

        place = place[length..];
    }

    /// <summary>The bytes of a string of this length with its head.</summary>
    public static int LengthOfString(int length) => Length(length) + length;

    /// <summary>Adds a head.</summary>
    public static void Add(PooledBuffer buffer, int majorType, int argument)
    {
        var length = Length(argument);
        var place = buffer.GetSpan(length);
        Write(ref place, majorType, argument);
        buffer.Advance(length);
    }

    /// <summary>Adds a string with its head.</summary>
    public static void AddString(PooledBuffer buffer, int majorType, ReadOnlySpan<byte> content)
    {
        Add(buffer, majorType, content.Length);
        buffer.Add(content);
    }

    /// <summary>Adds a text string with its head.</summary>
    public static void AddText(PooledBuffer buffer, string text)
    {
        var length = Encoding.UTF8.GetByteCount(text);
        Add(buffer, TextString, length);
        buffer.Advance(Encoding.UTF8.GetBytes(text, buffer.GetSpan(length)));
    }

    /// <summary>Writes a string with its head and moves on.</summary>
    public static void WriteString(ref Span<byte> place, int majorType, ReadOnlySpan<byte> content)
    {
        Write(ref place, majorType, content.Length);
        content.CopyTo(place);
        place = place[content.Length..];
    }
}
