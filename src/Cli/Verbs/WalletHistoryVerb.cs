using System.Text.Json.Nodes;

namespace Credentials.Cli.Verbs;

internal static class WalletHistoryVerb
{
    internal static async Task<int> RunAsync(CommandContext context)
    {
        await using var access = await WalletAccess.OpenAsync(context);
        var history = await access.Wallet.GetHistoryAsync(cancellationToken: context.Cancelled);
        if (context.Json)
        {
            context.Terminal.Json(new JsonObject { ["history"] = new JsonArray([.. history.Select(entry => (JsonNode)WalletView.ToJson(entry))]) });
            return ExitCode.Done;
        }
        foreach (var entry in history)
        {
            context.Terminal.Line(TextSafety.ForTerminal(
                $"{entry.At:yyyy-MM-dd HH:mm}  {WalletView.JsonNamingKind(entry.Kind)}  {entry.PartyNames.In() ?? entry.Party}{(entry.Purpose is null ? "" : $" – {entry.Purpose}")}{(entry.Code is null ? "" : $" ({entry.Code})")}"));
            foreach (var claims in entry.Claims.Where(claims => claims.Claims.Count > 0))
                context.Terminal.Line("    " + string.Join(", ", claims.Claims.Select(WalletView.Dotted)));
        }
        return ExitCode.Done;
    }
}
