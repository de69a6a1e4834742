using System.Text.Json;
using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.StatusLists;
using Credentials.Wallet.Core.Storage;

namespace Credentials.Wallet.Core.Documents;

/// <summary>The last known status in records; nothing where none is known.</summary>
internal static class StoredStatus
{
    private const string Name = "status";

    public static void AddTo(JsonObject stored, StatusOutcome status)
    {
        if (status != StatusOutcome.Unknown) stored[Name] = JsonNamingPolicy.SnakeCaseLower.ConvertName(status.ToString());
    }

    public static StatusOutcome Read(JsonElement body) => body.OptionalString(Name, WalletCodes.StoreCorrupt) switch
    {
        null => StatusOutcome.Unknown,
        "valid" => StatusOutcome.Valid,
        "suspended" => StatusOutcome.Suspended,
        "revoked" => StatusOutcome.Revoked,
        _ => throw StoreErrors.Corrupt(),
    };
}
