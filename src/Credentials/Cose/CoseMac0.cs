using System.Formats.Cbor;
using System.Security.Cryptography;
using Credentials.Codecs;

namespace Credentials.Cose;

/// <summary>A message authenticated with a shared key (RFC 9052 §6.2), HMAC 256/256 only (ISO/IEC 18013-5 §9.1.3.5). External data is always empty.</summary>
public sealed class CoseMac0
{
    private CoseMac0(CoseHeaders headers, ReadOnlyMemory<byte>? payload, ReadOnlyMemory<byte> authenticationTag)
    {
        Headers = headers;
        Payload = payload;
        AuthenticationTag = authenticationTag;
    }

    /// <summary>Both headers.</summary>
    public CoseHeaders Headers { get; }

    /// <summary>The payload; null if it is detached.</summary>
    public ReadOnlyMemory<byte>? Payload { get; }

    /// <summary>The authentication tag, 32 bytes if it can be right.</summary>
    public ReadOnlyMemory<byte> AuthenticationTag { get; }

    /// <summary>Reads the untagged form.</summary>
    /// <exception cref="MalformedDataException"><c>cose.malformed</c> (or the value's own code), <c>cose.algorithm</c>, <c>cose.critical</c>.</exception>
    public static CoseMac0 Parse(CborValue value)
    {
        var parts = value.GetArray(4);
        var headers = CoseHeaders.Read(parts[0], parts[1]);
        if (headers.Algorithm != CoseNames.Hmac256) throw new MalformedDataException(CoseCodes.Algorithm, "The MAC algorithm is not HMAC 256/256.");
        return new CoseMac0(headers, parts[2].IsNull ? (ReadOnlyMemory<byte>?)null : parts[2].GetBytes(), parts[3].GetBytes());
    }

    /// <summary>True if the tag is the key's over the payload.</summary>
    /// <param name="key">The shared key.</param>
    /// <param name="detached">The payload, if the message has none; a message with a payload and a detached one does not verify.</param>
    public bool Verify(ReadOnlySpan<byte> key, ReadOnlyMemory<byte>? detached = null) =>
        Payload.HasValue != detached.HasValue
        && CryptographicOperations.FixedTimeEquals(Tag(key, Headers.ProtectedBytes.Span, (Payload ?? detached!.Value).Span), AuthenticationTag.Span);

    /// <summary>Authenticates and encodes the untagged form.</summary>
    /// <param name="payload">What is authenticated.</param>
    /// <param name="key">The shared key.</param>
    /// <param name="isDetached">True: the payload is left out.</param>
    public static byte[] Create(ReadOnlySpan<byte> payload, ReadOnlySpan<byte> key, bool isDetached)
    {
        var header = CborWriting.Encode(writer => CoseSign1.WriteProtected(writer, CoseNames.Hmac256, []));
        var writer = new CborWriter(CborConformanceMode.Lax);
        writer.WriteStartArray(4);
        writer.WriteByteString(header);
        CoseSign1.WriteHeaders(writer, []);
        if (isDetached) writer.WriteNull();
        else writer.WriteByteString(payload);
        writer.WriteByteString(Tag(key, header, payload));
        writer.WriteEndArray();
        return writer.Encode();
    }

    // MAC_structure (RFC 9052 §6.3)
    private static byte[] Tag(ReadOnlySpan<byte> key, ReadOnlySpan<byte> header, ReadOnlySpan<byte> payload) =>
        HMACSHA256.HashData(key, CoseSign1.Structure("MAC0"u8, header, payload));
}
