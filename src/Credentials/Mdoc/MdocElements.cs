using System.Text.Json;
using Credentials.Codecs;

namespace Credentials.Mdoc;

/// <summary>Data elements from JSON, and their types against the data models.</summary>
public static class MdocElements
{
    /// <summary>
    /// Encodes claims given as JSON: namespace → element → value. Where the document type's data model names an element, its
    /// type decides (dates, bytes); else <paramref name="more"/>; else the JSON's own.
    /// </summary>
    /// <param name="docType">The document type.</param>
    /// <param name="claims">The claims.</param>
    /// <param name="more">Types of elements that no shipped model names, such as those of an issuer's own namespace.</param>
    /// <exception cref="MalformedDataException"><c>mdoc.claims_malformed</c>: not of that shape, or the claims contradict the data model, so that <see cref="MdocIssuer"/> would refuse them.</exception>
    public static IReadOnlyDictionary<string, IReadOnlyDictionary<string, ReadOnlyMemory<byte>>> FromJson(string docType, JsonElement claims, MdocDataModel? more = null)
    {
        var model = MdocDataModel.Find(docType);
        var nameSpaces = new OrderedDictionary<string, IReadOnlyDictionary<string, ReadOnlyMemory<byte>>>(StringComparer.Ordinal);
        foreach (var space in claims.RequireObject(MdocCodes.ClaimsMalformed).EnumerateObject())
        {
            var elements = new OrderedDictionary<string, ReadOnlyMemory<byte>>(StringComparer.Ordinal);
            foreach (var element in space.Value.RequireObject(MdocCodes.ClaimsMalformed).EnumerateObject())
            {
                var type = model?.TypeOf(space.Name, element.Name) ?? more?.TypeOf(space.Name, element.Name) ?? ElementType.Any;
                elements.Add(element.Name, CborWriting.Encode(writer => type.Write(writer, element.Value)));
            }

            if (elements.Count > 0) nameSpaces.Add(space.Name, elements);
        }

        if (nameSpaces.Count == 0) throw new MalformedDataException(MdocCodes.ClaimsMalformed, "There are no data elements.");
        try
        {
            RequireModel(docType, nameSpaces);
            return nameSpaces;
        }
        catch (MalformedDataException e)
        {
            throw new MalformedDataException(MdocCodes.ClaimsMalformed, e.Message, e);
        }
    }

    /// <summary>
    /// Refuses data elements that contradict the data model of their document type: of another type or form, of a name that the
    /// standard does not have in its namespace (ISO/IEC 18013-5 §7.1), or ages that cannot both be true (§7.2.5).
    /// </summary>
    /// <exception cref="MalformedDataException"><c>mdoc.element_type</c>, <c>mdoc.element_unknown</c>, <c>mdoc.ages_contradict</c>.</exception>
    internal static void RequireModel(string docType, IReadOnlyDictionary<string, IReadOnlyDictionary<string, ReadOnlyMemory<byte>>> nameSpaces)
    {
        if (MdocDataModel.Find(docType) is not { } model) return;
        foreach (var (nameSpace, elements) in nameSpaces)
        {
            var (reached, notReached) = (-1, int.MaxValue);
            foreach (var (name, encoded) in elements)
            {
                if (model.Forbids(nameSpace, name)) throw new MalformedDataException(MdocCodes.ElementUnknown, "The standard has no such data element in its namespace.");
                var value = CborValue.Decode(encoded, MdocCodes.ElementType);
                if (model.TypeOf(nameSpace, name)?.Matches(value, isOwn: true) == false)
                    throw new MalformedDataException(MdocCodes.ElementType, "A data element is not of the type that its data model asks for.");
                if (AgeStatement.AgeOf(name) is not { } age || value.Kind != CborKind.Boolean) continue;
                if (value.GetBoolean()) reached = Math.Max(reached, age);
                else notReached = Math.Min(notReached, age);
            }

            if (reached >= notReached) throw new MalformedDataException(MdocCodes.AgesContradict, "Somebody who has reached an age has reached every lower one.");
        }
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
