using System.Text.Json.Nodes;

namespace Credentials.Cli.Verbs;

internal static class WalletDataVerb
{
    internal static async Task<int> RunAsync(CommandContext context)
    {
        await using var access = await WalletAccess.OpenAsync(context);
        if (context.Arguments.Flag("--export"))
        {
            context.Terminal.Json(await access.Wallet.MyData.ExportAsync(context.Cancelled));
            return ExitCode.Done;
        }
        var data = await access.Wallet.MyData.GetDashboardAsync(context.Cancelled);
        if (context.Json)
        {
            context.Terminal.Json(new JsonObject
            {
                ["documents"] = data.Documents,
                ["verifiers"] = data.Verifiers.Count,
                ["recent_sharings"] = data.RecentSharings,
                ["unconfirmed_sharings"] = data.UnconfirmedSharings,
                ["refused_requests"] = data.RefusedRequests,
                ["open_requests"] = data.OpenRequests.Count,
                ["latest"] = new JsonArray([.. data.Latest.Select(entry => (JsonNode)entry.ToJson())]),
            });
            return ExitCode.Done;
        }
        context.Terminal.Line($"{data.Documents} documents; {data.Verifiers.Count} verifiers were shown something, {data.RecentSharings} times in the last 30 days");
        context.Terminal.Line($"{data.UnconfirmedSharings} answers unconfirmed, {data.RefusedRequests} requests turned down, {data.OpenRequests.Count} of your requests open");
        foreach (var entry in data.Latest) WalletView.Print(entry, context.Terminal);
        return ExitCode.Done;
    }
}
