using System.Text.Json.Nodes;
using Credentials.StatusLists;

namespace Credentials.Cli.Verbs;

internal static class WalletListVerb
{
    internal static async Task<int> RunAsync(CommandContext context)
    {
        await using var access = await WalletAccess.OpenAsync(context);
        var documents = await access.Wallet.ListDocumentsAsync(context.Cancelled);
        if (context.Json)
        {
            context.Terminal.Json(new JsonObject { ["documents"] = new JsonArray([.. documents.Select(document => (JsonNode)WalletView.ToJson(document))]) });
            return ExitCode.Done;
        }
        foreach (var document in documents)
            context.Terminal.Line(TextSafety.ForTerminal($"{document.Id}  {WalletView.Name(document)} [{document.Format}]  from {document.IssuerNames.In() ?? document.CredentialIssuer}, {document.Credentials.Count} copies, until {document.ExpiresAt:yyyy-MM-dd}{(document.Status is StatusOutcome.Revoked or StatusOutcome.Suspended ? ", " + WalletView.Snake(document.Status) : "")}"));
        if (documents.Count == 0) context.Terminal.Hint("the wallet is empty: credentials wallet receive OFFER");
        return ExitCode.Done;
    }
}
