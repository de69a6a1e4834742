using System.Text.Json;

namespace Credentials.Wallet.Core.Storage;

/// <summary>A decrypted record: its id inside its kind, and its JSON object.</summary>
internal sealed record StoredRecord(string Id, JsonElement Body);
