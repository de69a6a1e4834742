using System.Text.Json;
using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.Issuer.Catalog;
using Credentials.Issuer.Formats;

namespace Credentials.Issuer.Offers;

/// <summary>
/// The claims of an offer as they are stored: by configuration, by claim name. They come by configuration, or by dataset for all
/// offered configurations of it; those of an mdoc by claim name, or by namespace and data element.
/// </summary>
internal static class OfferClaims
{
    private const string Code = IssuerCodes.Claims;

    /// <exception cref="MalformedDataException">A claim is missing, unknown, of the wrong type, or cannot be written in the format; no values are repeated.</exception>
    internal static JsonObject Read(JsonElement claims, IReadOnlyList<CredentialType> types, CredentialFormats formats, DateTimeOffset now)
    {
        var given = claims.EnumerateObject().Select(member => member.Name).ToHashSet(StringComparer.Ordinal);
        var sources = types.ToDictionary(type => type.Id, type => given.Contains(type.Id) ? type.Id : type.Dataset, StringComparer.Ordinal);
        if (given.Any(name => !sources.ContainsValue(name)))
            throw new MalformedDataException(Code, "'claims' has a member that is neither an offered configuration id nor the dataset of one that has no claims of its own.");
        foreach (var dataset in types.Where(type => sources[type.Id] == type.Dataset && given.Contains(type.Dataset!)).GroupBy(type => type.Dataset!, StringComparer.Ordinal))
            RequireUse(claims.RequireObjectMember(dataset.Key, Code), dataset);

        var result = new JsonObject();
        foreach (var type in types)
        {
            if (sources[type.Id] is not { } source || !given.Contains(source))
                throw new MalformedDataException(Code, $"The claims for '{type.Id}' are missing.");
            var own = Arrange(type, claims.RequireObjectMember(source, Code), takesAll: source == type.Id);
            var element = StrictJson.ToElement(own);
            ClaimCheck.Check(type, element, now);
            formats.For(type).Check(type, ClaimCheck.Complete(type, element, now));
            result[type.Id] = own;
        }

        return result;
    }

    // A dataset may have what only one of its types has, but nothing that none has.
    private static void RequireUse(JsonElement claims, IEnumerable<CredentialType> types)
    {
        var known = types.SelectMany(type => type.Claims).Select(claim => claim.Name).ToHashSet(StringComparer.Ordinal);
        if (claims.EnumerateObject().Any(member => !known.Contains(member.Name)))
            throw new MalformedDataException(Code, "A claim that none of the offered types of the dataset has.");
    }

    /// <summary>The claims by their names, also where data elements of an mdoc stand by namespace.</summary>
    /// <param name="takesAll">Also what the type does not have, so that it is found; false: only its own.</param>
    internal static JsonObject Arrange(CredentialType type, JsonElement claims, bool takesAll)
    {
        var spaces = type.Claims.Select(claim => claim.Namespace).OfType<string>().ToHashSet(StringComparer.Ordinal);
        var result = new JsonObject();
        foreach (var member in claims.EnumerateObject())
        {
            if (takesAll && spaces.Contains(member.Name))
                ArrangeElements(type, member.Name, member.Value, result);
            else if (takesAll || type.Claims.Any(claim => claim.Name == member.Name))
                Add(result, member.Name, member.Value);
        }

        return result;
    }

    private static void ArrangeElements(CredentialType type, string space, JsonElement elements, JsonObject into)
    {
        foreach (var element in elements.RequireObject(Code).EnumerateObject())
        {
            var claim = type.Claims.FirstOrDefault(claim => claim.Namespace == space && claim.Element == element.Name)
                ?? throw new MalformedDataException(Code, $"A data element that the type does not have inside '{space}'.");
            Add(into, claim.Name, element.Value);
        }
    }

    private static void Add(JsonObject into, string name, JsonElement value)
    {
        if (!into.TryAdd(name, StrictJson.ToNode(value)))
            throw new MalformedDataException(Code, "A claim is given twice.");
    }
}
