using System.Text.Json.Nodes;
using Credentials.Codecs;

namespace Credentials.Tests.DataIntegrity;

/// <summary>The parts of a derived proof, read and written by themselves so that each can be changed.</summary>
internal sealed class SdProof
{
    private static readonly byte[] _header = [0xd9, 0x5d, 0x01];

    public byte[] BaseSignature = [];
    public byte[] PublicKey = [];
    public List<byte[]> Signatures = [];
    public SortedDictionary<long, byte[]> Labels = [];
    public List<long> Mandatory = [];

    public static SdProof Of(JsonObject document)
    {
        var bytes = Multibase.DecodeBase64Url(document["proof"]!["proofValue"]!.GetValue<string>());
        Assert.Equal(_header, bytes[..3]);
        var parts = CborValue.Decode(bytes.AsMemory(3)).GetArray(5);
        var proof = new SdProof { BaseSignature = parts[0].GetBytes().ToArray(), PublicKey = parts[1].GetBytes().ToArray() };
        foreach (var signature in parts[2].EnumerateArray())
            proof.Signatures.Add(signature.GetBytes().ToArray());
        foreach (var (number, label) in parts[3].EnumerateMap())
            proof.Labels.Add(number.GetInt64(), label.GetBytes().ToArray());
        foreach (var index in parts[4].EnumerateArray())
            proof.Mandatory.Add(index.GetInt64());
        return proof;
    }

    /// <summary>The document with this proof.</summary>
    public JsonObject In(JsonObject document)
    {
        var copy = document.DeepClone().AsObject();
        copy["proof"]!["proofValue"] = Multibase.EncodeBase64Url([.. _header, .. CborWriting.Encode(writer =>
        {
            writer.WriteStartArray(5);
            writer.WriteByteString(BaseSignature);
            writer.WriteByteString(PublicKey);
            writer.WriteStartArray(Signatures.Count);
            foreach (var signature in Signatures)
                writer.WriteByteString(signature);
            writer.WriteEndArray();
            writer.WriteStartMap(Labels.Count);
            foreach (var (number, label) in Labels)
            {
                writer.WriteInt64(number);
                writer.WriteByteString(label);
            }
            writer.WriteEndMap();
            writer.WriteStartArray(Mandatory.Count);
            foreach (var index in Mandatory)
                writer.WriteInt64(index);
            writer.WriteEndArray();
            writer.WriteEndArray();
        })]);
        return copy;
    }
}
