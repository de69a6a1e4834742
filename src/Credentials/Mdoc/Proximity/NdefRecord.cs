using System.Buffers.Binary;
using System.Text;

namespace Credentials.Mdoc.Proximity;

/// <summary>One record of an NDEF message (NFC Forum, NDEF 1.0 §3): complete, not chunked.</summary>
internal sealed record NdefRecord(byte Format, string Type, string Id, ReadOnlyMemory<byte> Payload)
{
    public const byte WellKnown = 1;
    public const byte MediaType = 2;
    public const byte External = 4;

    private const byte FormatMask = 0x07;
    private const byte HasId = 0x08;
    private const byte Short = 0x10;
    private const byte Chunk = 0x20;
    private const byte End = 0x40;
    private const byte Begin = 0x80;

    /// <summary>Reads a message: the first record begins it, the last one ends it, nothing stands after.</summary>
    public static List<NdefRecord> ParseMessage(ReadOnlyMemory<byte> message)
    {
        if (message.Length > ProximityLimits.HandoverBytes) throw Malformed();
        var records = new List<NdefRecord>();
        for (var isLast = false; !isLast;)
        {
            if (message.IsEmpty || records.Count == ProximityLimits.HandoverRecords) throw Malformed();
            var flags = message.Span[0];
            if ((flags & Chunk) != 0 || (flags & Begin) != 0 != (records.Count == 0)) throw Malformed();
            isLast = (flags & End) != 0;
            records.Add(Read(ref message, flags));
        }

        return message.IsEmpty ? records : throw Malformed();
    }

    /// <summary>Writes a message.</summary>
    public static byte[] WriteMessage(IReadOnlyList<NdefRecord> records)
    {
        var message = new MemoryStream();
        for (var i = 0; i < records.Count; i++)
            records[i].Write(message, (i == 0 ? Begin : 0) | (i == records.Count - 1 ? End : 0));
        return message.ToArray();
    }

    /// <summary>True for a record of this format and type.</summary>
    public bool Is(byte format, string type) => Format == format && Type == type;

    public static MalformedDataException Malformed() => new(ProximityCodes.HandoverMalformed, "Not an NFC handover message.");

    private static NdefRecord Read(ref ReadOnlyMemory<byte> rest, byte flags)
    {
        Take(ref rest, 1);
        int typeLength = Take(ref rest, 1).Span[0];
        var payloadLength = (flags & Short) != 0 ? Take(ref rest, 1).Span[0] : BinaryPrimitives.ReadUInt32BigEndian(Take(ref rest, 4).Span);
        var idLength = (flags & HasId) != 0 ? Take(ref rest, 1).Span[0] : 0;
        var type = Encoding.Latin1.GetString(Take(ref rest, typeLength).Span);
        var id = Encoding.Latin1.GetString(Take(ref rest, idLength).Span);
        return new NdefRecord((byte)(flags & FormatMask), type, id, Take(ref rest, payloadLength));
    }

    private void Write(MemoryStream message, int position)
    {
        var isShort = Payload.Length <= byte.MaxValue;
        message.WriteByte((byte)(position | Format | (isShort ? Short : 0) | (Id.Length > 0 ? HasId : 0)));
        message.WriteByte((byte)Type.Length);
        Span<byte> length = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(length, Payload.Length);
        message.Write(isShort ? length[3..] : length);
        if (Id.Length > 0) message.WriteByte((byte)Id.Length);
        message.Write(Encoding.Latin1.GetBytes(Type + Id));
        message.Write(Payload.Span);
    }

    private static ReadOnlyMemory<byte> Take(ref ReadOnlyMemory<byte> rest, long length)
    {
        if (length > rest.Length) throw Malformed();
        var taken = rest[..(int)length];
        rest = rest[(int)length..];
        return taken;
    }
}
