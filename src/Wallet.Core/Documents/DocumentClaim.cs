using System.Text.Json;

namespace Credentials.Wallet.Core.Documents;

/// <summary>
/// One line of a document as its holder sees it: where the claim stands, what the issuer calls it, and its values – one, or several
/// when the path goes through the elements of an array.
/// </summary>
public sealed record DocumentClaim(ClaimPath Path, DisplayNames Names, IReadOnlyList<JsonElement> Values)
{
    /// <summary>The path alone: values do not belong into logs.</summary>
    public override string ToString() => Path.ToString();
}
