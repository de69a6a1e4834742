using System.Formats.Cbor;
using Credentials.Codecs;

namespace Credentials.Mdoc;

/// <summary>What the device key may sign of itself (ISO/IEC 18013-5 §9.1.2.4). Empty: nothing.</summary>
public sealed record KeyAuthorizations
{
    /// <summary>No authorization.</summary>
    public static KeyAuthorizations None { get; } = new();

    /// <summary>Namespaces of which every data element may be signed.</summary>
    public IReadOnlyCollection<string> NameSpaces { get; init; } = [];

    /// <summary>Single data elements, by namespace.</summary>
    public IReadOnlyDictionary<string, IReadOnlyCollection<string>> DataElements { get; init; } = new Dictionary<string, IReadOnlyCollection<string>>();

    /// <summary>True if the key may sign this data element.</summary>
    public bool Allow(string nameSpace, string element) =>
        NameSpaces.Contains(nameSpace) || (DataElements.TryGetValue(nameSpace, out var elements) && elements.Contains(element));

    internal bool IsEmpty => NameSpaces.Count == 0 && DataElements.Count == 0;

    internal static KeyAuthorizations Parse(CborValue map)
    {
        var elements = new Dictionary<string, IReadOnlyCollection<string>>(StringComparer.Ordinal);
        if (map.Find("dataElements"u8) is { } byNamespace)
            foreach (var (name, list) in byNamespace.EnumerateMap()) elements.Add(name.GetText(), Texts(list));
        return new KeyAuthorizations
        {
            NameSpaces = map.Find("nameSpaces"u8) is { } names ? Texts(names) : [],
            DataElements = elements,
        };
    }

    internal void Write(CborWriter writer)
    {
        writer.WriteStartMap((NameSpaces.Count > 0 ? 1 : 0) + (DataElements.Count > 0 ? 1 : 0));
        if (NameSpaces.Count > 0)
        {
            writer.WriteTextString("nameSpaces");
            WriteTexts(writer, NameSpaces);
        }

        if (DataElements.Count > 0)
        {
            writer.WriteTextString("dataElements");
            writer.WriteStartMap(DataElements.Count);
            foreach (var (name, list) in DataElements)
            {
                writer.WriteTextString(name);
                WriteTexts(writer, list);
            }

            writer.WriteEndMap();
        }

        writer.WriteEndMap();
    }

    private static HashSet<string> Texts(CborValue list)
    {
        var texts = new HashSet<string>(StringComparer.Ordinal);
        foreach (var item in list.EnumerateArray()) texts.Add(item.GetText());
        return texts;
    }

    private static void WriteTexts(CborWriter writer, IReadOnlyCollection<string> texts)
    {
        writer.WriteStartArray(texts.Count);
        foreach (var text in texts) writer.WriteTextString(text);
        writer.WriteEndArray();
    }
}
