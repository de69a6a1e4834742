using System.Text.Json;
using Credentials.Codecs;

namespace Credentials.Issuer.Tests.Setup;

/// <summary>What the agency sees of its batches.</summary>
internal static class BatchProgress
{
    /// <summary>The batch once it runs no more.</summary>
    internal static async Task<JsonElement> EndAsync(RunningIssuer issuer, string id)
    {
        while (true)
        {
            using var response = await issuer.AgencyAsync(HttpMethod.Get, $"/agency/v1/batches/{id}");
            var batch = await RunningIssuer.JsonAsync(response);
            if (batch.RequireString("state") != "running")
                return batch;
            await Task.Delay(20, RunningIssuer.Ct);
        }
    }

    /// <summary>All rows of all pages.</summary>
    internal static async Task<List<JsonElement>> ResultsAsync(RunningIssuer issuer, string id)
    {
        var rows = new List<JsonElement>();
        for (long? after = 0; after is not null;)
        {
            using var response = await issuer.AgencyAsync(HttpMethod.Get, $"/agency/v1/batches/{id}/results?after={after}");
            var page = await RunningIssuer.JsonAsync(response);
            rows.AddRange(page.RequireArray("rows").EnumerateArray());
            after = page.Member("next") is { ValueKind: JsonValueKind.Number } next ? next.GetInt64() : null;
        }

        return rows;
    }
}
