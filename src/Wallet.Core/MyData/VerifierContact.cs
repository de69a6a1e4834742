using System.Text.Json;
using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.OpenId4Vp;

namespace Credentials.Wallet.Core.MyData;

/// <summary>Where a verifier said, in its request, that holders turn to about their data. By its own word: nobody vouches for the addresses.</summary>
/// <param name="SupportUris">How a person reaches it, the preferred way first: <c>mailto:</c> with one plain address, or <c>https:</c>.</param>
/// <param name="DeletionEndpoint">Where the wallet can post a deletion request; null where it cannot.</param>
/// <param name="AuthorityUris">How a person reaches the authority that watches over it.</param>
public sealed record VerifierContact(IReadOnlyList<Uri> SupportUris, Uri? DeletionEndpoint, IReadOnlyList<Uri> AuthorityUris)
{
    internal static VerifierContact? Of(VerifiedRequest request, bool allowLoopbackHttp) =>
        DataRightsStatement.Find(request.Request.VerifierInfo, allowLoopbackHttp) is { } statement
            // The wallet connects by itself to nobody for whom nobody vouches.
            ? new VerifierContact(statement.SupportUris, request.IsTrusted ? statement.DeletionEndpoint : null, statement.AuthorityUris)
            : null;

    internal JsonObject ToStored()
    {
        var stored = new JsonObject { ["support"] = Array(SupportUris), ["authority"] = Array(AuthorityUris) };
        if (DeletionEndpoint is not null) stored["endpoint"] = DeletionEndpoint.OriginalString;
        return stored;
    }

    internal static VerifierContact FromStored(JsonElement stored) => new(
        Uris(stored, "support"),
        stored.OptionalString("endpoint", WalletCodes.StoreCorrupt) is { } endpoint ? new Uri(endpoint) : null,
        Uris(stored, "authority"));

    private static JsonArray Array(IReadOnlyList<Uri> uris) => new([.. uris.Select(uri => (JsonNode)uri.OriginalString)]);

    private static IReadOnlyList<Uri> Uris(JsonElement stored, string name) =>
        [.. (stored.OptionalStringArray(name, WalletCodes.StoreCorrupt) ?? []).Select(uri => new Uri(uri))];
}
