using System.Formats.Cbor;
using Credentials.Codecs;
using Credentials.Keys;

namespace Credentials.Cose;

/// <summary>A message signed once (RFC 9052 §4.2). External data is always empty.</summary>
public sealed class CoseSign1
{
    private CoseSign1(CoseHeaders headers, ReadOnlyMemory<byte>? payload, ReadOnlyMemory<byte> signature)
    {
        Headers = headers;
        Payload = payload;
        Signature = signature;
    }

    /// <summary>Both headers.</summary>
    public CoseHeaders Headers { get; }

    /// <summary>The payload; null if it is detached.</summary>
    public ReadOnlyMemory<byte>? Payload { get; }

    /// <summary>The signature in the algorithm's own form (R ‖ S for ECDSA).</summary>
    public ReadOnlyMemory<byte> Signature { get; }

    /// <summary>Reads the untagged form. Where a standard wants the tag, give what <see cref="CborValue.GetTagged"/> with <see cref="CoseNames.Sign1Tag"/> returns.</summary>
    /// <exception cref="MalformedDataException"><c>cose.malformed</c> (or the value's own code), <c>cose.algorithm</c>, <c>cose.critical</c>.</exception>
    public static CoseSign1 Parse(CborValue value) => Parse(value, CoseAllowances.None);

    /// <summary>The same for a format that allows more.</summary>
    /// <inheritdoc cref="Parse(CborValue)"/>
    public static CoseSign1 Parse(CborValue value, CoseAllowances allowed)
    {
        var parts = value.GetArray(4);
        var headers = CoseHeaders.Read(parts[0], parts[1], allowed.KeyIdInBothHeaders);
        if (CoseAlgorithms.Find(headers.Algorithm) is null && !allowed.OtherAlgorithms.Contains(headers.Algorithm))
            throw new MalformedDataException(CoseCodes.Algorithm, "The signature algorithm is not supported.");
        return new CoseSign1(headers, parts[2].IsNull ? (ReadOnlyMemory<byte>?)null : parts[2].GetBytes(), parts[3].GetBytes());
    }

    /// <summary>True if the key made the signature and the header names the key's algorithm. Never throws for any content.</summary>
    /// <param name="key">The key that the context trusts.</param>
    /// <param name="detached">The payload, if the message has none; a message with a payload and a detached one does not verify.</param>
    public bool Verify(PublicKey key, ReadOnlyMemory<byte>? detached = null)
    {
        if (Payload.HasValue == detached.HasValue || CoseAlgorithms.Find(Headers.Algorithm) != key.Algorithm) return false;
        using var signed = new PooledBuffer();
        WriteStructure(signed, "Signature1"u8, Headers.ProtectedBytes.Span, (Payload ?? detached!.Value).Span);
        return key.Verify(signed.WrittenSpan, Signature.Span);
    }

    /// <summary>
    /// What the signature is over, for an algorithm of <see cref="CoseAllowances.OtherAlgorithms"/>; the caller compares
    /// <see cref="CoseHeaders.Algorithm"/> first.
    /// </summary>
    /// <exception cref="InvalidOperationException">The payload is detached.</exception>
    public byte[] ToBeSigned() => Structure("Signature1"u8, Headers.ProtectedBytes.Span, (Payload ?? throw new InvalidOperationException("The payload is detached.")).Span);

    /// <summary>Signs and encodes the untagged form.</summary>
    /// <param name="payload">What is signed.</param>
    /// <param name="key">The signer; its algorithm goes into the protected header.</param>
    /// <param name="protectedHeaders">More protected headers, by ascending label.</param>
    /// <param name="unprotectedHeaders">Unprotected headers, by ascending label.</param>
    /// <param name="isDetached">True: the payload is signed but left out.</param>
    /// <param name="ct">Ends a request to the key early.</param>
    /// <exception cref="KeyUnavailableException">The key cannot sign.</exception>
    public static async ValueTask<byte[]> SignAsync(
        ReadOnlyMemory<byte> payload, ISigningKey key, IReadOnlyList<CoseHeader>? protectedHeaders = null,
        IReadOnlyList<CoseHeader>? unprotectedHeaders = null, bool isDetached = false, CancellationToken ct = default)
    {
        var header = CborWriting.Encode(
            (Algorithm: CoseAlgorithms.NumberOf(key.PublicKey.Algorithm), More: protectedHeaders ?? []), static (writer, part) => WriteProtected(writer, part.Algorithm, part.More));
        using var signed = new PooledBuffer(payload.Length + 64);
        WriteStructure(signed, "Signature1"u8, header, payload.Span);
        var signature = await key.SignAsync(signed.WrittenMemory, ct).ConfigureAwait(false);
        return CborWriting.Encode((header, unprotectedHeaders, isDetached, payload, signature), static (writer, message) =>
        {
            writer.WriteStartArray(4);
            writer.WriteByteString(message.header);
            WriteHeaders(writer, message.unprotectedHeaders ?? []);
            if (message.isDetached) writer.WriteNull();
            else writer.WriteByteString(message.payload.Span);
            writer.WriteByteString(message.signature);
            writer.WriteEndArray();
        });
    }

    internal static void WriteProtected(CborWriter writer, long algorithm, IReadOnlyList<CoseHeader> more)
    {
        writer.WriteStartMap(more.Count + 1);
        writer.WriteInt64(CoseNames.Algorithm);
        writer.WriteInt64(algorithm);
        WriteMembers(writer, more);
        writer.WriteEndMap();
    }

    internal static void WriteHeaders(CborWriter writer, IReadOnlyList<CoseHeader> headers)
    {
        writer.WriteStartMap(headers.Count);
        WriteMembers(writer, headers);
        writer.WriteEndMap();
    }

    /// <summary>Sig_structure (RFC 9052 §4.4) or MAC_structure (§6.3): context, protected header, empty external data, payload.</summary>
    internal static byte[] Structure(ReadOnlySpan<byte> context, ReadOnlySpan<byte> header, ReadOnlySpan<byte> payload)
    {
        using var buffer = new PooledBuffer();
        WriteStructure(buffer, context, header, payload);
        return buffer.WrittenSpan.ToArray();
    }

    private static void WriteStructure(PooledBuffer buffer, ReadOnlySpan<byte> context, ReadOnlySpan<byte> header, ReadOnlySpan<byte> payload)
    {
        CborHead.Add(buffer, CborHead.Array, 4);
        CborHead.AddString(buffer, CborHead.TextString, context);
        CborHead.AddString(buffer, CborHead.ByteString, header);
        CborHead.AddString(buffer, CborHead.ByteString, []);
        CborHead.AddString(buffer, CborHead.ByteString, payload);
    }

    private static void WriteMembers(CborWriter writer, IReadOnlyList<CoseHeader> headers)
    {
        foreach (var header in headers)
        {
            writer.WriteInt64(header.Label);
            writer.WriteEncodedValue(header.Value.Span);
        }
    }
}
