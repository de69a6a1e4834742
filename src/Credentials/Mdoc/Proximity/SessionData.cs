using Credentials.Codecs;

namespace Credentials.Mdoc.Proximity;

/// <summary>Every later message (ISO/IEC 18013-5 §9.1.1.4): encrypted data, a status that ends the session, or both.</summary>
/// <param name="Data">The encrypted request or response; null for a status alone.</param>
/// <param name="Status">Why the session ends with this message; null if it goes on.</param>
public sealed record SessionData(ReadOnlyMemory<byte>? Data, SessionStatus? Status)
{
    internal const string DataName = "data";
    private const string StatusName = "status";

    /// <summary>Reads the message.</summary>
    /// <exception cref="MalformedDataException"><c>proximity.message_malformed</c>, <c>proximity.message_order</c> (a second session establishment), <c>cbor.too_large</c>.</exception>
    public static SessionData Parse(ReadOnlyMemory<byte> bytes)
    {
        var map = CborValue.Decode(bytes, ProximityCodes.MessageMalformed);
        if (map.Find("eReaderKey"u8) is not null)
            throw new MalformedDataException(ProximityCodes.MessageOrder, "The session is established already.");
        var data = map.Find("data"u8)?.GetBytes();
        var number = map.Find("status"u8)?.GetInt64();
        SessionStatus? status = number is null ? null : (SessionStatus)(int)Math.Clamp(number.Value, 0, byte.MaxValue);
        if (status is { } known && !Enum.IsDefined(known)) throw map.Wrong("a status of Table 20");
        if (data is null && status is null) throw map.Wrong("data or a status");
        // Who could not read a message has nothing to answer.
        if (data is not null && status is (SessionStatus.SessionEncryptionError or SessionStatus.CborDecodingError))
            throw map.Wrong("no data beside an error");
        return new SessionData(data, status);
    }

    /// <summary>Writes the message.</summary>
    public byte[] Encode() => CborWriting.Encode(writer =>
    {
        writer.WriteStartMap((Data is null ? 0 : 1) + (Status is null ? 0 : 1));
        if (Data is { } data)
        {
            writer.WriteTextString(DataName);
            writer.WriteByteString(data.Span);
        }

        if (Status is { } status)
        {
            writer.WriteTextString(StatusName);
            writer.WriteInt32((int)status);
        }

        writer.WriteEndMap();
    });
}
