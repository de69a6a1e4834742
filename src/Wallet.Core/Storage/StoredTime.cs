using System.Text.Json;

namespace Credentials.Wallet.Core.Storage;

/// <summary>Times in records: Unix milliseconds, or null.</summary>
internal static class StoredTime
{
    public static DateTimeOffset? Read(JsonElement body, string name) =>
        body.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number
            ? DateTimeOffset.FromUnixTimeMilliseconds(value.GetInt64())
            : null;
}
