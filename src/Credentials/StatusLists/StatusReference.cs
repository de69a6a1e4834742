using System.Text.Json;
using System.Text.Json.Nodes;
using Credentials.Codecs;

namespace Credentials.StatusLists;

/// <summary>Where a credential's status stands (Token Status List §6.2). Two credentials never share one.</summary>
/// <param name="Uri">URI of the status list token, exactly as in the credential.</param>
/// <param name="Index">Index of the status in the list; non-negative.</param>
public sealed record StatusReference(string Uri, long Index)
{
    private const int MaxUriLength = 2048;

    /// <summary>Reads the <c>status</c> claim of a credential; null when there is none.</summary>
    /// <exception cref="MalformedDataException">The claim is not a complete reference (<see cref="StatusListCodes.MalformedReference"/>).</exception>
    /// <exception cref="NotSupportedCredentialException">The claim names other mechanisms only (<see cref="StatusListCodes.UnsupportedMechanism"/>).</exception>
    public static StatusReference? FromClaims(JsonElement claims)
    {
        const string Code = StatusListCodes.MalformedReference;
        if (!claims.TryGetProperty(StatusListNames.Status, out var status))
        {
            return null;
        }

        // §6.1: an object with at least one mechanism.
        status.RequireObject(Code);
        if (!status.TryGetProperty(StatusListNames.StatusList, out _))
        {
            throw status.EnumerateObject().Any()
                ? new NotSupportedCredentialException(StatusListCodes.UnsupportedMechanism, "The status mechanism is not supported.")
                : new MalformedDataException(Code, "The status claim names no mechanism.");
        }

        var list = status.RequireObjectMember(StatusListNames.StatusList, Code);
        var uri = list.RequireString(StatusListNames.Uri, Code);
        if (uri.Length > MaxUriLength || !System.Uri.TryCreate(uri, UriKind.Absolute, out _))
        {
            throw new MalformedDataException(Code, "The URI of the status list is not an absolute URI.");
        }

        var index = list.OptionalIndex(StatusListNames.Index, Code);
        return new StatusReference(uri, index ?? throw new MalformedDataException(Code, "The status reference has no index."));
    }

    /// <summary>Writes the value of the <c>status</c> claim.</summary>
    public JsonObject ToJson() => new()
    {
        [StatusListNames.StatusList] = new JsonObject { [StatusListNames.Index] = Index, [StatusListNames.Uri] = Uri },
    };
}
