using System.Formats.Cbor;
using System.Security.Cryptography;
using Credentials.Codecs;

namespace Credentials.Mdoc;

/// <summary>
/// What binds keys, signatures and messages to one session (ISO/IEC 18013-5 §9.1.5.1): the array of device engagement,
/// reader key and handover. It is kept as bytes: both sides hash these, nobody makes them anew from values.
/// </summary>
public sealed class SessionTranscript
{
    private SessionTranscript(ReadOnlyMemory<byte> bytes) => Bytes = bytes;

    /// <summary>The handover of an engagement by QR code: null (§9.1.5.1).</summary>
    public static ReadOnlyMemory<byte> QrHandover { get; } = new byte[] { 0xf6 };

    /// <summary>The encoded array, not wrapped in tag 24.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>The transcript of a proximity session.</summary>
    /// <param name="engagement"><c>DeviceEngagementBytes</c>, with the bytes that went over the QR code or NFC.</param>
    /// <param name="eReaderKey"><c>EReaderKeyBytes</c>, with the bytes of the session establishment message.</param>
    /// <param name="handover">The encoded handover: <see cref="QrHandover"/> or what <see cref="NfcHandover"/> makes.</param>
    public static SessionTranscript ForProximity(EncodedCbor engagement, EncodedCbor eReaderKey, ReadOnlyMemory<byte> handover) =>
        new(CborWriting.Encode(writer =>
        {
            writer.WriteStartArray(3);
            writer.WriteEncoded(engagement.Bytes);
            writer.WriteEncoded(eReaderKey.Bytes);
            writer.WriteEncoded(handover);
            writer.WriteEndArray();
        }));

    /// <summary>The handover of an engagement by NFC: <c>[Hs, Hr]</c> (§9.1.5.1).</summary>
    /// <param name="handoverSelect">The NDEF message of the holder's device.</param>
    /// <param name="handoverRequest">The NDEF message of the reader; null for static handover.</param>
    public static ReadOnlyMemory<byte> NfcHandover(ReadOnlyMemory<byte> handoverSelect, ReadOnlyMemory<byte>? handoverRequest) =>
        CborWriting.Encode(writer =>
        {
            writer.WriteStartArray(2);
            writer.WriteByteString(handoverSelect.Span);
            if (handoverRequest is { } request) writer.WriteByteString(request.Span);
            else writer.WriteNull();
            writer.WriteEndArray();
        });

    /// <summary>The transcript of a request that came by link or QR code (OpenID4VP 1.0 B.2.6.1).</summary>
    /// <param name="clientId">The <c>client_id</c> of the request, with its prefix.</param>
    /// <param name="nonce">The <c>nonce</c> of the request.</param>
    /// <param name="keyThumbprint">SHA-256 thumbprint (RFC 7638) of the key that the response is encrypted to; null if it is not encrypted.</param>
    /// <param name="responseUri">The <c>response_uri</c> of the request, as it stands there.</param>
    public static SessionTranscript ForOpenId4Vp(string clientId, string nonce, ReadOnlyMemory<byte>? keyThumbprint, string responseUri) =>
        ForHandover("OpenID4VPHandover", writer =>
        {
            writer.WriteStartArray(4);
            writer.WriteTextString(clientId);
            writer.WriteTextString(nonce);
            WriteThumbprint(writer, keyThumbprint);
            writer.WriteTextString(responseUri);
            writer.WriteEndArray();
        });

    /// <summary>The transcript of a request over the Digital Credentials API (OpenID4VP 1.0 B.2.6.2).</summary>
    /// <param name="origin">The origin of the verifier as the platform tells it, without a prefix.</param>
    /// <param name="nonce">The <c>nonce</c> of the request.</param>
    /// <param name="keyThumbprint">As in <see cref="ForOpenId4Vp"/>.</param>
    public static SessionTranscript ForDigitalCredentials(string origin, string nonce, ReadOnlyMemory<byte>? keyThumbprint) =>
        ForHandover("OpenID4VPDCAPIHandover", writer =>
        {
            writer.WriteStartArray(3);
            writer.WriteTextString(origin);
            writer.WriteTextString(nonce);
            WriteThumbprint(writer, keyThumbprint);
            writer.WriteEndArray();
        });

    /// <summary>A transcript that somebody else made, kept as it is.</summary>
    /// <param name="bytes">The encoded array of three; not copied, and must not change afterwards.</param>
    /// <exception cref="MalformedDataException"><c>cbor.malformed</c>, <c>cbor.too_large</c>.</exception>
    public static SessionTranscript FromEncoded(ReadOnlyMemory<byte> bytes)
    {
        CborValue.Decode(bytes).GetArray(3);
        return new(bytes);
    }

    /// <summary><c>SessionTranscriptBytes</c>: the array in tag 24.</summary>
    public EncodedCbor ToEncodedCbor() => EncodedCbor.Wrap(Bytes);

    // B.2.6: a name, so that no handover is taken for another, and the hash of what the request said.
    private static SessionTranscript ForHandover(string identifier, Action<CborWriter> writeInfo) => new(CborWriting.Encode(writer =>
    {
        writer.WriteStartArray(3);
        writer.WriteNull();
        writer.WriteNull();
        writer.WriteStartArray(2);
        writer.WriteTextString(identifier);
        writer.WriteByteString(SHA256.HashData(CborWriting.Encode(writeInfo)));
        writer.WriteEndArray();
        writer.WriteEndArray();
    }));

    private static void WriteThumbprint(CborWriter writer, ReadOnlyMemory<byte>? keyThumbprint)
    {
        if (keyThumbprint is { } thumbprint) writer.WriteByteString(thumbprint.Span);
        else writer.WriteNull();
    }
}
