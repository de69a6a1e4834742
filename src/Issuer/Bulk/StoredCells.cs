using System.Text.Json.Nodes;
using Credentials.Codecs;

namespace Credentials.Issuer.Bulk;

/// <summary>Text cells as they are stored: a JSON array.</summary>
internal static class StoredCells
{
    internal static string Write(IEnumerable<string> cells) => StrictJson.ToText(new JsonArray([.. cells.Select(cell => (JsonNode)JsonValue.Create(cell))]));

    internal static IReadOnlyList<string> Read(string json) =>
        [.. StrictJson.Parse(json, new JsonLimits(MaxBytes: 8 * Catalog.CsvReader.MaxRowLength)).EnumerateArray().Select(cell => cell.GetString()!)];
}
