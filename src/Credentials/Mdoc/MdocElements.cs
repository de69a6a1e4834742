using System.Text.Json;
using Credentials.Codecs;

namespace Credentials.Mdoc;

/// <summary>Data elements from JSON, and their types against the data models.</summary>
public static class MdocElements
{
    /// <summary>
    /// Encodes claims given as JSON: namespace → element → value. Where the document type's data model names an element, its
    /// type decides (dates, bytes); else the JSON's own.
    /// </summary>
    /// <exception cref="MalformedDataException"><c>mdoc.claims_malformed</c>: not of that shape, or a value cannot be its element's.</exception>
    public static IReadOnlyDictionary<string, IReadOnlyDictionary<string, ReadOnlyMemory<byte>>> FromJson(string docType, JsonElement claims)
    {
        var model = MdocDataModel.Find(docType);
        var nameSpaces = new OrderedDictionary<string, IReadOnlyDictionary<string, ReadOnlyMemory<byte>>>(StringComparer.Ordinal);
        foreach (var space in claims.RequireObject(MdocCodes.ClaimsMalformed).EnumerateObject())
        {
            var elements = new OrderedDictionary<string, ReadOnlyMemory<byte>>(StringComparer.Ordinal);
            foreach (var element in space.Value.RequireObject(MdocCodes.ClaimsMalformed).EnumerateObject())
            {
                var type = model?.TypeOf(space.Name, element.Name) ?? ElementType.Any;
                elements.Add(element.Name, CborWriting.Encode(writer => type.Write(writer, element.Value)));
            }

            if (elements.Count > 0) nameSpaces.Add(space.Name, elements);
        }

        return nameSpaces.Count > 0 ? nameSpaces : throw new MalformedDataException(MdocCodes.ClaimsMalformed, "There are no data elements.");
    }

    /// <summary>The code of a data element whose type is not that of its data model; null if all are.</summary>
    internal static string? FindTypeFault(string docType, IssuerSigned issuerSigned)
    {
        if (MdocDataModel.Find(docType) is not { } model) return null;
        foreach (var (nameSpace, items) in issuerSigned.NameSpaces)
            foreach (var item in items)
                if (model.TypeOf(nameSpace, item.ElementIdentifier)?.Matches(item.ElementValue) == false) return MdocCodes.ElementType;
        return null;
    }
}
