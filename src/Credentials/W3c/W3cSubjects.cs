using System.Text.Json;
using System.Text.Json.Nodes;
using Credentials.Codecs;

namespace Credentials.W3c;

/// <summary>The claims of a document about its subjects, apart from identifiers and types.</summary>
public static class W3cSubjects
{
    /// <summary>Only <c>credentialSubject</c>, without the ids and types in it: what a query can ask for, and a holder may mind to show.</summary>
    public static JsonElement ClaimsAbout(JsonElement document)
    {
        var claims = new JsonObject();
        if (document.Member(W3cNames.Subject) is { } subject) claims[W3cNames.Subject] = Without(subject);
        return StrictJson.ToElement(claims);
    }

    private static JsonNode? Without(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => new JsonObject(value.EnumerateObject().Where(member => member.Name is not (W3cNames.Id or W3cNames.Type))
            .Select(member => KeyValuePair.Create(member.Name, Without(member.Value)))),
        JsonValueKind.Array => new JsonArray([.. value.EnumerateArray().Select(Without)]),
        _ => StrictJson.ToNode(value),
    };
}
