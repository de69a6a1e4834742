using System.Text.Json;
using System.Text.Json.Nodes;
using Credentials.Codecs;

namespace Credentials.Wallet.Core.History;

/// <summary>Which claims of which document an entry is about: paths, never values.</summary>
/// <param name="DocumentId">The document in this wallet; null when it is about none, as when a verifier asks for a type the wallet does not have.</param>
/// <param name="Type">The type, for example a <c>vct</c>; it outlives the document.</param>
/// <param name="Claims">The claims received, asked for or shared.</param>
public sealed record HistoryClaims(string? DocumentId, string? Type, IReadOnlyList<ClaimPath> Claims)
{
    internal JsonObject ToStored()
    {
        var stored = new JsonObject { ["claims"] = new JsonArray([.. Claims.Select(path => (JsonNode)path.ToJson())]) };
        if (DocumentId is not null) stored["document"] = DocumentId;
        if (Type is not null) stored["type"] = Type;
        return stored;
    }

    internal static HistoryClaims FromStored(JsonElement stored) => new(
        stored.OptionalString("document", WalletCodes.StoreCorrupt),
        stored.OptionalString("type", WalletCodes.StoreCorrupt),
        [.. stored.GetProperty("claims").EnumerateArray().Select(path => ClaimPath.Parse(path))]);
}
