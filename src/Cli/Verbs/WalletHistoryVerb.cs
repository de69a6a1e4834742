using System.Text.Json.Nodes;
using Credentials.Wallet.Core.History;

namespace Credentials.Cli.Verbs;

internal static class WalletHistoryVerb
{
    private const int MostEntries = 20_000;

    internal static async Task<int> RunAsync(CommandContext context)
    {
        var query = new HistoryQuery
        {
            Text = context.Arguments.Value("--search"),
            Party = context.Arguments.Value("--party"),
            Limit = (int)(context.Arguments.Number("--limit", 1, MostEntries) ?? MostEntries),
        };
        await using var access = await WalletAccess.OpenAsync(context);
        var history = await access.Wallet.GetHistoryAsync(query, context.Cancelled);
        if (context.Json)
        {
            context.Terminal.Json(new JsonObject { ["history"] = new JsonArray([.. history.Select(entry => (JsonNode)entry.ToJson())]) });
            return ExitCode.Done;
        }
        foreach (var entry in history) WalletView.Print(entry, context.Terminal);
        return ExitCode.Done;
    }
}
