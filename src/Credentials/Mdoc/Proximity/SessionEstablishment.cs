using Credentials.Codecs;
using Credentials.Cose;
using Credentials.Keys;

namespace Credentials.Mdoc.Proximity;

/// <summary>The reader's first message (ISO/IEC 18013-5 §9.1.1.4): its ephemeral key and the encrypted request.</summary>
public sealed class SessionEstablishment
{
    private const string KeyName = "eReaderKey";

    private SessionEstablishment(EncodedCbor eReaderKeyBytes, KeyAgreementPublicKey eReaderKey, ReadOnlyMemory<byte> data) =>
        (EReaderKeyBytes, EReaderKey, Data) = (eReaderKeyBytes, eReaderKey, data);

    /// <summary><c>EReaderKeyBytes</c>, as received.</summary>
    public EncodedCbor EReaderKeyBytes { get; }

    /// <summary>The reader's ephemeral public key.</summary>
    public KeyAgreementPublicKey EReaderKey { get; }

    /// <summary>The encrypted request.</summary>
    public ReadOnlyMemory<byte> Data { get; }

    /// <summary>Reads the message; null if it has no reader key, as any later message.</summary>
    /// <exception cref="MalformedDataException"><c>proximity.message_malformed</c>, <c>cbor.too_large</c>, or the key's: <c>cose.key_malformed</c>, <c>cose.key_private</c>, <c>key.invalid</c>.</exception>
    /// <exception cref="NotSupportedCredentialException"><c>cose.key_not_supported</c>: not a key on P-256.</exception>
    public static SessionEstablishment? Parse(ReadOnlyMemory<byte> bytes)
    {
        var map = CborValue.Decode(bytes, ProximityCodes.MessageMalformed);
        if (map.Find("eReaderKey"u8) is not { } key) return null;
        if (map.Find("status"u8) is not null) throw map.Wrong("no status in the first message");
        var keyBytes = key.GetEncodedCbor();
        var data = map.Require("data"u8).GetBytes();
        return new SessionEstablishment(keyBytes, CoseKey.ParseKeyAgreement(keyBytes.Decode(ProximityCodes.MessageMalformed)), data);
    }

    /// <summary>Writes the message.</summary>
    public static byte[] Encode(EncodedCbor eReaderKeyBytes, ReadOnlyMemory<byte> data) => CborWriting.Encode(writer =>
    {
        writer.WriteStartMap(2);
        writer.WriteTextString(KeyName);
        writer.WriteEncoded(eReaderKeyBytes.Bytes);
        writer.WriteTextString(SessionData.DataName);
        writer.WriteByteString(data.Span);
        writer.WriteEndMap();
    });
}
