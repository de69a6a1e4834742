using System.Text.Json.Nodes;

namespace Credentials.Cli.Verbs;

internal static class WalletShowVerb
{
    internal static async Task<int> RunAsync(CommandContext context)
    {
        var id = context.Arguments.RequiredPositional(0);
        await using var access = await WalletAccess.OpenAsync(context);
        var document = await access.Wallet.FindDocumentAsync(id, context.Cancelled);
        if (document is null) throw CommandException.Usage("the wallet has no document with this id", "credentials wallet list");
        var claims = (await access.Wallet.ShowDocumentAsync(id, context.Cancelled))!;
        if (context.Json)
        {
            var json = WalletView.ToJson(document);
            json["claims"] = new JsonArray([.. claims.Select(claim => (JsonNode)WalletView.ToJson(claim))]);
            context.Terminal.Json(json);
            return ExitCode.Done;
        }
        context.Terminal.Line($"{WalletView.Name(document)} [{document.Format}]");
        WalletView.PrintClaims(document, claims, context.Terminal, "  ");
        return ExitCode.Done;
    }
}
