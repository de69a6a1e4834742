using Credentials.Keys;

namespace Credentials.DataIntegrity.Suites;

/// <summary>The value of an ecdsa-sd-2023 derived proof (ECDSA Cryptosuites 1.0 §3.5.7, §3.5.8).</summary>
/// <param name="Labels">From the number of a canonical label to the bytes of the label that was signed.</param>
/// <param name="MandatoryIndexes">Which of the lines are mandatory, counted among those that are disclosed.</param>
internal sealed record SdDerivedProof(
    ReadOnlyMemory<byte> BaseSignature, ReadOnlyMemory<byte> PublicKey, IReadOnlyList<ReadOnlyMemory<byte>> Signatures,
    IReadOnlyDictionary<long, ReadOnlyMemory<byte>> Labels, IReadOnlyList<long> MandatoryIndexes)
{
    public const int LabelLength = 32;

    private static ReadOnlySpan<byte> Header => [0xd9, 0x5d, 0x01];

    public static SdDerivedProof Parse(string proofValue)
    {
        var components = SdProofReading.Components(proofValue, Header);
        Dictionary<long, ReadOnlyMemory<byte>> labels = [];
        foreach (var (number, label) in components[3].EnumerateMap()) labels.Add(number.GetInt64(), SdProofReading.Bytes(label, LabelLength));
        return new SdDerivedProof(
            SdProofReading.Bytes(components[0], SignatureAlgorithm.Es256.SignatureLength),
            SdProofReading.Bytes(components[1], SdProofReading.PublicKeyLength),
            SdProofReading.Signatures(components[2]),
            labels,
            [.. SdProofReading.Items(components[4]).Select(index => index.GetInt64())]);
    }

    public string Write() => SdProofReading.Write(Header, writer =>
    {
        writer.WriteStartArray(5);
        writer.WriteByteString(BaseSignature.Span);
        writer.WriteByteString(PublicKey.Span);
        writer.WriteStartArray(Signatures.Count);
        foreach (var signature in Signatures) writer.WriteByteString(signature.Span);
        writer.WriteEndArray();
        writer.WriteStartMap(Labels.Count);
        foreach (var (number, label) in Labels.OrderBy(entry => entry.Key))
        {
            writer.WriteInt64(number);
            writer.WriteByteString(label.Span);
        }

        writer.WriteEndMap();
        writer.WriteStartArray(MandatoryIndexes.Count);
        foreach (var index in MandatoryIndexes) writer.WriteInt64(index);
        writer.WriteEndArray();
        writer.WriteEndArray();
    });
}
