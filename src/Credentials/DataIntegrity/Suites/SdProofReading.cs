using System.Formats.Cbor;
using Credentials.Codecs;
using Credentials.Keys;

namespace Credentials.DataIntegrity.Suites;

/// <summary>What the values of base and derived proofs of ecdsa-sd-2023 have in common: base64url, a header, CBOR without tags.</summary>
internal static class SdProofReading
{
    /// <summary>A Multikey on P-256: two bytes that say so, and the compressed point. (§3.5.8 prints 36 bytes; its own examples have 35.)</summary>
    public const int PublicKeyLength = 35;

    public static CborValue[] Components(string proofValue, ReadOnlySpan<byte> header)
    {
        var bytes = Multibase.DecodeBase64Url(proofValue, DataIntegrityCodes.ProofValue);
        if (!bytes.AsSpan().StartsWith(header)) throw new MalformedDataException(DataIntegrityCodes.ProofValue, "The proof value is not of the kind that is expected here.");
        return CborValue.Decode(bytes.AsMemory(header.Length), DataIntegrityCodes.ProofValue).GetArray(5);
    }

    public static string Write(ReadOnlySpan<byte> header, Action<CborWriter> write) => Multibase.EncodeBase64Url([.. header, .. CborWriting.Encode(write)]);

    public static ReadOnlyMemory<byte> Bytes(CborValue value, int length)
    {
        var bytes = value.GetBytes();
        return bytes.Length == length ? bytes : throw new MalformedDataException(DataIntegrityCodes.ProofValue, "A part of the proof value has the wrong length.");
    }

    public static IReadOnlyList<ReadOnlyMemory<byte>> Signatures(CborValue value) =>
        [.. Items(value).Select(signature => Bytes(signature, SignatureAlgorithm.Es256.SignatureLength))];

    public static List<CborValue> Items(CborValue array)
    {
        List<CborValue> items = [];
        foreach (var item in array.EnumerateArray()) items.Add(item);
        return items;
    }
}
