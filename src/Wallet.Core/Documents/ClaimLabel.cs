using System.Text.Json;
using System.Text.Json.Nodes;
using Credentials.Codecs;

namespace Credentials.Wallet.Core.Documents;

/// <summary>How an issuer names a claim (OpenID4VCI 1.0, Appendix B.2).</summary>
public sealed record ClaimLabel(ClaimPath Path, DisplayNames Names)
{
    internal JsonObject ToStored() => new() { ["path"] = Path.ToJson(), ["names"] = Names.ToStored() };

    internal static ClaimLabel FromStored(JsonElement stored) => new(
        ClaimPath.Parse(stored.GetProperty("path")),
        DisplayNames.FromStored(stored.RequireObjectMember("names", WalletCodes.StoreCorrupt)));
}
