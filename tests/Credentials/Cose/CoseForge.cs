using System.Formats.Cbor;
using Credentials.Codecs;
using Credentials.Keys;

namespace Credentials.Tests.Cose;

/// <summary>COSE messages of any shape, rightly signed or authenticated over whatever they say.</summary>
internal static class CoseForge
{
    public static readonly byte[] Payload = "This is the content."u8.ToArray();

    /// <summary>A COSE_Sign1 with these headers, given as CBOR in hex; the signature is right for them.</summary>
    /// <param name="payload">The third part in hex; null: the payload.</param>
    public static async Task<byte[]> Sign1Async(
        ISigningKey key, string protectedHex, string unprotectedHex = "a0", string? payload = null, byte[]? signed = null, string context = "Signature1", string external = "")
    {
        var header = Convert.FromHexString(protectedHex);
        var signature = await key.SignAsync(Structure(context, header, Convert.FromHexString(external), signed ?? Payload), TestContext.Current.CancellationToken);
        return Message(header, unprotectedHex, payload, signature);
    }

    public static byte[] Structure(string context, byte[] header, byte[] external, byte[] payload) => CborWriting.Encode(writer =>
    {
        writer.WriteStartArray(4);
        writer.WriteTextString(context);
        writer.WriteByteString(header);
        writer.WriteByteString(external);
        writer.WriteByteString(payload);
        writer.WriteEndArray();
    });

    public static byte[] Message(byte[] header, string unprotectedHex, string? payload, byte[] last) => CborWriting.Encode(writer =>
    {
        writer.WriteStartArray(4);
        writer.WriteByteString(header);
        writer.WriteEncodedValue(Convert.FromHexString(unprotectedHex));
        if (payload is null) writer.WriteByteString(Payload);
        else writer.WriteEncodedValue(Convert.FromHexString(payload));
        writer.WriteByteString(last);
        writer.WriteEndArray();
    });

    /// <summary>The protected header with this algorithm alone, in hex.</summary>
    public static string Alg(long number) => Hex(writer =>
    {
        writer.WriteStartMap(1);
        writer.WriteInt32(1);
        writer.WriteInt64(number);
        writer.WriteEndMap();
    });

    public static string Hex(Action<CborWriter> write) => Convert.ToHexStringLower(CborWriting.Encode(write));
}
