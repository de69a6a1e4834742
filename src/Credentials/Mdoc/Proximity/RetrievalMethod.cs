using System.Formats.Cbor;
using Credentials.Codecs;

namespace Credentials.Mdoc.Proximity;

/// <summary>
/// One way to reach a device (ISO/IEC 18013-5 §8.2.1.1, <c>DeviceRetrievalMethod</c>): type, version and options.
/// </summary>
public abstract record RetrievalMethod
{
    private protected RetrievalMethod(long type, long version) => (Type, Version) = (type, version);

    /// <summary>The number of the technology: 1 NFC, 2 BLE, 3 Wi-Fi Aware; our own for <see cref="LoopbackRetrieval"/>.</summary>
    public long Type { get; }

    /// <summary>The version of the method.</summary>
    public long Version { get; }

    internal static IReadOnlyList<RetrievalMethod> ParseList(CborValue list)
    {
        if (list.Kind != CborKind.Array || list.Count == 0) throw list.Wrong("a list of retrieval methods");
        var methods = new List<RetrievalMethod>(list.Count);
        foreach (var item in list.EnumerateArray()) methods.Add(Parse(item));
        return methods;
    }

    internal static void WriteList(CborWriter writer, IReadOnlyList<RetrievalMethod> methods)
    {
        writer.WriteStartArray(methods.Count);
        foreach (var method in methods) method.Write(writer);
        writer.WriteEndArray();
    }

    private protected abstract void WriteOptions(CborWriter writer);

    // A method of a type or version that we do not know is not used, but it is no reason to refuse the others.
    private static RetrievalMethod Parse(CborValue value)
    {
        var parts = value.GetArray(3);
        var (type, version) = (parts[0].GetInt64(), parts[1].GetInt64());
        return (type, version) switch
        {
            (NfcRetrieval.TypeNumber, 1) => NfcRetrieval.Parse(parts[2]),
            (BleRetrieval.TypeNumber, 1) => BleRetrieval.Parse(parts[2]),
            (WifiAwareRetrieval.TypeNumber, 1) => WifiAwareRetrieval.Parse(parts[2]),
            (LoopbackRetrieval.TypeNumber, 1) => LoopbackRetrieval.Parse(parts[2]),
            _ => new UnknownRetrieval(type, version, parts[2].Encoded),
        };
    }

    private void Write(CborWriter writer)
    {
        writer.WriteStartArray(3);
        writer.WriteInt64(Type);
        writer.WriteInt64(Version);
        WriteOptions(writer);
        writer.WriteEndArray();
    }
}
