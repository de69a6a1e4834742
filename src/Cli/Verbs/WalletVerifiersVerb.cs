using System.Text.Json.Nodes;

namespace Credentials.Cli.Verbs;

internal static class WalletVerifiersVerb
{
    internal static async Task<int> RunAsync(CommandContext context)
    {
        await using var access = await WalletAccess.OpenAsync(context);
        var verifiers = await access.Wallet.MyData.ListVerifiersAsync(context.Cancelled);
        if (context.Json)
        {
            context.Terminal.Json(new JsonObject { ["verifiers"] = new JsonArray([.. verifiers.Select(verifier => (JsonNode)WalletView.ToJson(verifier))]) });
            return ExitCode.Done;
        }
        foreach (var verifier in verifiers)
        {
            context.Terminal.Line(TextSafety.ForTerminal($"{verifier.Party}  {verifier.Names.In() ?? "(no verified name)"}, last {verifier.LastAt:yyyy-MM-dd}, shown {verifier.Sharings.Count} times"));
            foreach (var shared in verifier.Shared)
                context.Terminal.Line($"    {TextSafety.ForTerminal(shared.Type ?? "")}: {string.Join(", ", shared.Claims.Select(WalletView.Dotted))}");
            foreach (var uri in verifier.Contact?.SupportUris ?? []) context.Terminal.Line("    contact: " + TextSafety.ForTerminal(uri.OriginalString));
        }
        return ExitCode.Done;
    }
}
