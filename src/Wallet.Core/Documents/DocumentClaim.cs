using System.Text.Json;

namespace Credentials.Wallet.Core.Documents;

/// <summary>
/// One line of a document as its holder sees it: where the claim stands (in an mdoc: namespace and data element), what the issuer calls
/// it, and its values – one, or several when the path goes through the elements of an array.
/// </summary>
public sealed record DocumentClaim(ClaimPath Path, DisplayNames Names, IReadOnlyList<JsonElement> Values)
{
    /// <summary>
    /// Those of the values that are bytes, such as a portrait. In <see cref="Values"/> the bytes of an mdoc stand as base64url, those of
    /// an SD-JWT VC as the <c>data:</c> URI that they came in.
    /// </summary>
    public IReadOnlyList<ClaimBytes> Bytes { get; init; } = [];

    /// <summary>The path alone: values do not belong into logs.</summary>
    public override string ToString() => Path.ToString();
}
