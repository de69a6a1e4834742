using Credentials.Keys;

namespace Credentials.DataIntegrity.Suites;

/// <summary>The value of an ecdsa-sd-2023 base proof (ECDSA Cryptosuites 1.0 §3.5.2, §3.5.3), which only the holder gets to see.</summary>
internal sealed record SdBaseProof(
    ReadOnlyMemory<byte> BaseSignature, ReadOnlyMemory<byte> PublicKey, ReadOnlyMemory<byte> HmacKey,
    IReadOnlyList<ReadOnlyMemory<byte>> Signatures, IReadOnlyList<string> MandatoryPointers)
{
    public const int HmacKeyLength = 32;

    private static ReadOnlySpan<byte> Header => [0xd9, 0x5d, 0x00];

    public static SdBaseProof Parse(string proofValue)
    {
        var components = SdProofReading.Components(proofValue, Header);
        return new SdBaseProof(
            SdProofReading.Bytes(components[0], SignatureAlgorithm.Es256.SignatureLength),
            SdProofReading.Bytes(components[1], SdProofReading.PublicKeyLength),
            SdProofReading.Bytes(components[2], HmacKeyLength),
            SdProofReading.Signatures(components[3]),
            [.. SdProofReading.Items(components[4]).Select(pointer => pointer.GetText())]);
    }

    public string Write() => SdProofReading.Write(Header, writer =>
    {
        writer.WriteStartArray(5);
        writer.WriteByteString(BaseSignature.Span);
        writer.WriteByteString(PublicKey.Span);
        writer.WriteByteString(HmacKey.Span);
        writer.WriteStartArray(Signatures.Count);
        foreach (var signature in Signatures) writer.WriteByteString(signature.Span);
        writer.WriteEndArray();
        writer.WriteStartArray(MandatoryPointers.Count);
        foreach (var pointer in MandatoryPointers) writer.WriteTextString(pointer);
        writer.WriteEndArray();
        writer.WriteEndArray();
    });
}
