using System.Globalization;
using Credentials.Codecs;

namespace Credentials.Mdoc;

/// <summary>Which data elements of one document type a reader asks for (ISO/IEC 18013-5 §8.3.2.1.2.1).</summary>
public sealed class ItemsRequest
{
    private const string AgeOver = "age_over_";

    private ItemsRequest(EncodedCbor encoded, string docType, IReadOnlyDictionary<string, IReadOnlyDictionary<string, bool>> nameSpaces)
    {
        Encoded = encoded;
        DocType = docType;
        NameSpaces = nameSpaces;
    }

    /// <summary>ItemsRequestBytes as received: what the reader's signature covers.</summary>
    public EncodedCbor Encoded { get; }

    /// <summary>The document type.</summary>
    public string DocType { get; }

    /// <summary>Namespace → element → whether the reader intends to keep it.</summary>
    public IReadOnlyDictionary<string, IReadOnlyDictionary<string, bool>> NameSpaces { get; }

    /// <summary>Reads a request.</summary>
    /// <exception cref="MalformedDataException"><c>mdoc.malformed</c>.</exception>
    public static ItemsRequest Parse(EncodedCbor encoded)
    {
        var map = encoded.Decode(MdocCodes.Malformed);
        var nameSpaces = new OrderedDictionary<string, IReadOnlyDictionary<string, bool>>(StringComparer.Ordinal);
        foreach (var (name, elements) in map.Require("nameSpaces"u8).EnumerateMap())
        {
            var asked = new OrderedDictionary<string, bool>(StringComparer.Ordinal);
            foreach (var (element, intentToRetain) in elements.EnumerateMap()) asked.Add(element.GetText(), intentToRetain.GetBoolean());
            nameSpaces.Add(name.GetText(), asked);
        }

        return new ItemsRequest(encoded, map.Require("docType"u8).GetText(), nameSpaces);
    }

    /// <summary>Makes a request.</summary>
    /// <param name="nameSpaces">Namespace → element → whether the reader intends to keep it.</param>
    public static ItemsRequest Create(string docType, IReadOnlyDictionary<string, IReadOnlyDictionary<string, bool>> nameSpaces)
    {
        var encoded = EncodedCbor.Wrap(CborWriting.Encode(writer =>
        {
            writer.WriteStartMap(2);
            writer.WriteTextString("docType");
            writer.WriteTextString(docType);
            writer.WriteTextString("nameSpaces");
            writer.WriteStartMap(nameSpaces.Count);
            foreach (var (name, elements) in nameSpaces)
            {
                writer.WriteTextString(name);
                writer.WriteStartMap(elements.Count);
                foreach (var (element, intentToRetain) in elements)
                {
                    writer.WriteTextString(element);
                    writer.WriteBoolean(intentToRetain);
                }

                writer.WriteEndMap();
            }

            writer.WriteEndMap();
            writer.WriteEndMap();
        }));
        return new ItemsRequest(encoded, docType, nameSpaces);
    }

    /// <summary>
    /// The data elements of an mdoc that answer the request: those of the names asked for, and for <c>age_over_NN</c> the
    /// nearest statement from which the answer follows (§7.2.5). The holder decides which of them are shown.
    /// </summary>
    public IReadOnlyList<(string NameSpace, string Element)> FindAnswers(IssuerSigned held)
    {
        var answers = new List<(string, string)>();
        foreach (var (name, asked) in NameSpaces)
        {
            if (!held.NameSpaces.TryGetValue(name, out var items)) continue;
            foreach (var element in asked.Keys)
            {
                if (items.Any(item => item.ElementIdentifier == element)) answers.Add((name, element));
                else if (NearestAge(items, element) is { } nearest) answers.Add((name, nearest));
            }
        }

        return [.. answers.Distinct()];
    }

    /// <summary>The youngest age not below that is stated as reached, else the oldest not above that is stated as not reached.</summary>
    private static string? NearestAge(IReadOnlyList<IssuerSignedItem> items, string element)
    {
        if (AgeOf(element) is not { } asked) return null;
        var stated = items
            .Where(item => item.ElementValue.Kind == CborKind.Boolean && AgeOf(item.ElementIdentifier) is not null)
            .OrderBy(item => AgeOf(item.ElementIdentifier)).ToList();
        return (stated.Find(item => item.ElementValue.GetBoolean() && AgeOf(item.ElementIdentifier) >= asked)
            ?? stated.FindLast(item => !item.ElementValue.GetBoolean() && AgeOf(item.ElementIdentifier) <= asked))?.ElementIdentifier;
    }

    private static int? AgeOf(string element) =>
        element.Length == AgeOver.Length + 2 && element.StartsWith(AgeOver, StringComparison.Ordinal)
        && int.TryParse(element.AsSpan(AgeOver.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var age) ? age : null;
}
