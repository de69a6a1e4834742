using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.Mdoc;

namespace Credentials.Issuer.Catalog;

/// <summary>The data model that the claims of a catalog file make: how data elements are written that no standard names.</summary>
internal static class ElementTypes
{
    internal static MdocDataModel Of(string docType, IReadOnlyList<ClaimDefinition> claims)
    {
        var nameSpaces = new JsonObject();
        foreach (var space in claims.GroupBy(claim => claim.Namespace!, StringComparer.Ordinal))
        {
            var elements = new JsonObject();
            foreach (var claim in space)
                elements[claim.Element] = TypeOf(claim);
            nameSpaces[space.Key] = new JsonObject { ["mandatory"] = new JsonObject(), ["optional"] = elements };
        }

        return MdocDataModel.Parse(StrictJson.ToElement(new JsonObject { ["doctype"] = docType, ["namespaces"] = nameSpaces }));
    }

    private static JsonNode TypeOf(ClaimDefinition claim) => claim.Kind switch
    {
        ClaimKind.Date => "full-date",
        ClaimKind.Time => "tdate",
        ClaimKind.Image => "bytes",
        ClaimKind.Flag or ClaimKind.AgeOver => "bool",
        ClaimKind.Number => "any",
        ClaimKind.Object => Members(claim),
        ClaimKind.List => new JsonArray(Members(claim)),
        _ => "text",
    };

    private static JsonObject Members(ClaimDefinition claim)
    {
        var members = new JsonObject();
        foreach (var member in claim.Members)
            members[member.Name] = TypeOf(member);
        return members;
    }
}
