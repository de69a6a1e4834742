using System.Buffers.Binary;

namespace Credentials.Codecs;

/// <summary>The shortest heads of data items (RFC 8949 §3), for structures whose length is known before they are written.</summary>
internal static class CborHead
{
    public const int ByteString = 2;
    public const int TextString = 3;
    public const int Array = 4;
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

    /// <summary>Writes a string with its head and moves on.</summary>
    public static void WriteString(ref Span<byte> place, int majorType, ReadOnlySpan<byte> content)
    {
        Write(ref place, majorType, content.Length);
        content.CopyTo(place);
        place = place[content.Length..];
    }
}
