using System.Formats.Cbor;
using Credentials.Codecs;
using Credentials.Cose;

namespace Credentials.Mdoc;

/// <summary>What the device signed or authenticated (ISO/IEC 18013-5 §8.3.2.1.2.2): data elements of its own, usually none, and the session.</summary>
public sealed class DeviceSigned
{
    private DeviceSigned(EncodedCbor nameSpaces, IReadOnlyList<(string NameSpace, string Element)> elements, ReadOnlyMemory<byte> encodedAuth, CoseSign1? signature, CoseMac0? mac)
    {
        NameSpaces = nameSpaces;
        Elements = elements;
        EncodedAuth = encodedAuth;
        Signature = signature;
        Mac = mac;
    }

    /// <summary>DeviceNameSpacesBytes as received.</summary>
    public EncodedCbor NameSpaces { get; }

    /// <summary>The names of the device's own data elements. They are never the issuer's, whatever their names.</summary>
    public IReadOnlyList<(string NameSpace, string Element)> Elements { get; }

    /// <summary>The device signature; null if a MAC stands in its place.</summary>
    public CoseSign1? Signature { get; }

    /// <summary>The device MAC; null if a signature stands in its place.</summary>
    public CoseMac0? Mac { get; }

    private ReadOnlyMemory<byte> EncodedAuth { get; }

    internal static DeviceSigned Parse(CborValue map) => Read(map.Require("nameSpaces"u8).GetEncodedCbor(), map.Require("deviceAuth"u8));

    /// <summary>Makes it of namespaces and a signature or MAC, which has this name.</summary>
    internal static DeviceSigned Create(EncodedCbor nameSpaces, string name, byte[] auth) =>
        Read(nameSpaces, CborValue.Decode(CborWriting.Encode((name, auth), static (writer, made) =>
        {
            writer.WriteStartMap(1);
            writer.WriteTextString(made.name);
            writer.WriteEncodedValue(made.auth);
            writer.WriteEndMap();
        }), MdocCodes.Malformed));

    private static DeviceSigned Read(EncodedCbor nameSpaces, CborValue auth)
    {
        var elements = new List<(string, string)>();
        foreach (var (name, items) in nameSpaces.Decode(MdocCodes.Malformed).EnumerateMap())
            foreach (var (element, _) in items.EnumerateMap()) elements.Add((name.GetText(), element.GetText()));
        var (signature, mac) = (auth.Find("deviceSignature"u8), auth.Find("deviceMac"u8));
        if (signature is null == mac is null) throw auth.Wrong("either a device signature or a device MAC");
        return new DeviceSigned(
            nameSpaces, elements, auth.Encoded, signature is { } one ? CoseSign1.Parse(one) : null, mac is { } other ? CoseMac0.Parse(other) : null);
    }

    internal void Write(CborWriter writer)
    {
        writer.WriteStartMap(2);
        writer.WriteTextString("nameSpaces");
        writer.WriteEncodedValue(NameSpaces.Bytes.Span);
        writer.WriteTextString("deviceAuth");
        writer.WriteEncodedValue(EncodedAuth.Span);
        writer.WriteEndMap();
    }
}
