using Credentials.Codecs;

namespace Credentials.Mdoc;

/// <summary>Which data elements of one document type a reader asks for (ISO/IEC 18013-5 §8.3.2.1.2.1).</summary>
public sealed class ItemsRequest
{
    // §7.2.5: a reader may ask for two statements about the age, so that it can learn a range and not the age.
    private const int MaxAgeStatements = 2;

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
    /// <exception cref="ArgumentException">More than two <c>age_over_NN</c> of a namespace (§7.2.5).</exception>
    public static ItemsRequest Create(string docType, IReadOnlyDictionary<string, IReadOnlyDictionary<string, bool>> nameSpaces)
    {
        if (nameSpaces.Values.Any(AsksForTooManyAges)) throw new ArgumentException("A reader asks for two statements about the age at most.", nameof(nameSpaces));
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
    /// nearest statement from which the answer follows. Who asks for more than two ages of a namespace gets none (§7.2.5). The
    /// holder decides which of them are shown.
    /// </summary>
    public IReadOnlyList<(string NameSpace, string Element)> FindAnswers(IssuerSigned held) =>
        [.. Match(held).Where(pair => pair.Answer is not null).Select(pair => (pair.NameSpace, pair.Answer!)).Distinct()];

    /// <summary>The data elements asked for that an mdoc does not answer.</summary>
    public IReadOnlyList<(string NameSpace, string Element)> FindMissing(IssuerSigned shown) =>
        [.. Match(shown).Where(pair => pair.Answer is null).Select(pair => (pair.NameSpace, pair.Asked))];

    /// <summary>All data elements asked for.</summary>
    internal IReadOnlyList<(string NameSpace, string Element)> All =>
        [.. NameSpaces.SelectMany(space => space.Value.Keys.Select(element => (space.Key, element)))];

    /// <summary>Each data element asked for, and the one of the mdoc that answers it.</summary>
    private IEnumerable<(string NameSpace, string Asked, string? Answer)> Match(IssuerSigned mdoc)
    {
        foreach (var (name, asked) in NameSpaces)
        {
            var items = mdoc.NameSpaces.GetValueOrDefault(name) ?? [];
            var isProbing = AsksForTooManyAges(asked);
            foreach (var element in asked.Keys)
            {
                if (isProbing && AgeStatement.AgeOf(element) is not null) yield return (name, element, null);
                else yield return (name, element, items.Any(item => item.ElementIdentifier == element) ? element : AgeStatement.FindNearest(items, element));
            }
        }
    }

    private static bool AsksForTooManyAges(IReadOnlyDictionary<string, bool> asked) =>
        asked.Keys.Count(element => AgeStatement.AgeOf(element) is not null) > MaxAgeStatements;
}
