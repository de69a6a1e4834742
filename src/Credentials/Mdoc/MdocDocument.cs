using System.Formats.Cbor;
using Credentials.Codecs;

namespace Credentials.Mdoc;

/// <summary>One document of a response (ISO/IEC 18013-5 §8.3.2.1.2.2).</summary>
/// <param name="DocType">The document type that it is said to be.</param>
/// <param name="IssuerSigned">What the issuer signed.</param>
/// <param name="DeviceSigned">What the device signed.</param>
public sealed record MdocDocument(string DocType, IssuerSigned IssuerSigned, DeviceSigned DeviceSigned)
{
    /// <summary>Why data elements were not returned: namespace → element → error code.</summary>
    public IReadOnlyDictionary<string, IReadOnlyDictionary<string, long>> Errors { get; init; } = new Dictionary<string, IReadOnlyDictionary<string, long>>();

    internal static MdocDocument Parse(CborValue map)
    {
        var errors = new OrderedDictionary<string, IReadOnlyDictionary<string, long>>(StringComparer.Ordinal);
        if (map.Find("errors"u8) is { } byNamespace)
        {
            foreach (var (name, list) in byNamespace.EnumerateMap())
            {
                var codes = new OrderedDictionary<string, long>(StringComparer.Ordinal);
                foreach (var (element, code) in list.EnumerateMap()) codes.Add(element.GetText(), code.GetInt64());
                errors.Add(name.GetText(), codes);
            }
        }

        return new MdocDocument(
            map.Require("docType"u8).GetText(), IssuerSigned.Parse(map.Require("issuerSigned"u8)), DeviceSigned.Parse(map.Require("deviceSigned"u8)))
        {
            Errors = errors,
        };
    }

    internal void Write(CborWriter writer)
    {
        writer.WriteStartMap(Errors.Count > 0 ? 4 : 3);
        writer.WriteTextString("docType");
        writer.WriteTextString(DocType);
        writer.WriteTextString("issuerSigned");
        IssuerSigned.Write(writer);
        writer.WriteTextString("deviceSigned");
        DeviceSigned.Write(writer);
        if (Errors.Count > 0)
        {
            writer.WriteTextString("errors");
            writer.WriteStartMap(Errors.Count);
            foreach (var (name, codes) in Errors)
            {
                writer.WriteTextString(name);
                writer.WriteStartMap(codes.Count);
                foreach (var (element, code) in codes)
                {
                    writer.WriteTextString(element);
                    writer.WriteInt64(code);
                }

                writer.WriteEndMap();
            }

            writer.WriteEndMap();
        }

        writer.WriteEndMap();
    }
}
