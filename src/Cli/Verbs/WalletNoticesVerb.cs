using System.Text.Json.Nodes;
using Credentials.Wallet.Core;
using Credentials.Wallet.Core.Events;

namespace Credentials.Cli.Verbs;

/// <summary>What has happened to the documents, and what there is to do about them.</summary>
internal static class WalletNoticesVerb
{
    internal static async Task<int> ShowAsync(CommandContext context)
    {
        await using var access = await WalletAccess.OpenAsync(context);
        var events = await access.Wallet.ListEventsAsync(context.Cancelled);
        var notices = await NoticesAsync(access.Wallet, events, context);
        if (context.Json) context.Terminal.Json(notices.Json);
        else Print(notices.Lines, context.Terminal);
        // After they were printed: what nobody could read is not lost.
        if (context.Arguments.Flag("--clear"))
        {
            foreach (var one in events) await access.Wallet.ForgetEventAsync(one.Id, context.Cancelled);
        }
        return ExitCode.Done;
    }

    internal static async Task<int> RefreshAsync(CommandContext context)
    {
        await using var access = await WalletAccess.OpenAsync(context);
        var upkeep = await WalletUpkeep.RunAsync(access.Wallet, context.Now, context.Cancelled);
        var notices = await NoticesAsync(access.Wallet, await access.Wallet.ListEventsAsync(context.Cancelled), context);
        if (context.Json)
        {
            notices.Json["resumed"] = new JsonArray([.. upkeep.Resumed.Select(one => (JsonNode)new JsonObject { ["issuer"] = one.Deferred.CredentialIssuer, ["name"] = one.Deferred.Names.In(), ["code"] = one.Code })]);
            notices.Json["renewals"] = new JsonArray([.. upkeep.Renewed.Select(one => (JsonNode)new JsonObject { ["document_id"] = one.DocumentId, ["code"] = one.Code })]);
            context.Terminal.Json(notices.Json);
        }
        else
        {
            foreach (var (_, code) in upkeep.Resumed.Where(one => one.Code is not null and not WalletCodes.IssuanceDeferred)) context.Terminal.Line($"not issued ({code})");
            foreach (var failed in upkeep.Renewed.Where(one => one.Code is not null)) context.Terminal.Line($"not renewed: {failed.DocumentId} ({failed.Code})");
            Print(notices.Lines, context.Terminal);
        }
        return ExitCode.Done;
    }

    internal static async Task<int> RenewAsync(CommandContext context)
    {
        var id = context.Arguments.RequiredPositional(0);
        await using var access = await WalletAccess.OpenAsync(context);
        if (await access.Wallet.FindDocumentAsync(id, context.Cancelled) is null)
            throw CommandException.Usage("the wallet has no document with this id", "credentials wallet list");
        var outcome = await access.Wallet.RenewDocumentAsync(id, context.Cancelled);
        WalletView.Print([outcome], context);
        return outcome.IsStored ? ExitCode.Done : ExitCode.Refused;
    }

    private static async Task<(JsonObject Json, IReadOnlyList<string> Lines)> NoticesAsync(CredentialWallet wallet, IReadOnlyList<WalletEvent> events, CommandContext context)
    {
        var due = await wallet.ListDueRenewalsAsync(context.Cancelled);
        var deferred = await wallet.ListDeferredAsync(context.Cancelled);
        var waiting = await wallet.ListToReissueAsync(context.Cancelled);
        var json = new JsonObject
        {
            ["events"] = new JsonArray([.. events.Select(one => (JsonNode)WalletView.ToJson(one))]),
            ["due"] = new JsonArray([.. due.Select(one => (JsonNode)new JsonObject
            {
                ["document_id"] = one.Document.Id,
                ["reason"] = WalletView.Snake(one.Reason),
                ["can_renew"] = one.CanRenew,
            })]),
            ["deferred"] = new JsonArray([.. deferred.Select(one => (JsonNode)new JsonObject
            {
                ["issuer"] = one.CredentialIssuer,
                ["credential_configuration_id"] = one.ConfigurationId,
                ["name"] = one.Names.In(),
                ["not_before"] = one.NotBefore.ToString("o"),
            })]),
            ["to_reissue"] = new JsonArray([.. waiting.Select(one => (JsonNode)WalletMoveVerb.ToJson(one))]),
        };
        return (json,
        [
            .. events.Select(one => $"{one.At:yyyy-MM-dd HH:mm}  {WalletView.Snake(one.Kind)}  {one.Names.In() ?? ""} ({one.DocumentId})"),
            .. due.Select(one => $"fresh copies are due  {one.Document.Names.In() ?? one.Document.Type} ({one.Document.Id}): {WalletView.Snake(one.Reason)}{(one.CanRenew ? "" : ", has to be received anew")}"),
            .. deferred.Select(one => $"will be issued later  {one.Names.In() ?? one.ConfigurationId} from {one.CredentialIssuer}, not before {one.NotBefore:yyyy-MM-dd HH:mm}"),
            .. waiting.Select(one => "was in another wallet  " + WalletMoveVerb.Line(one)),
        ]);
    }

    private static void Print(IReadOnlyList<string> lines, Terminal terminal)
    {
        foreach (var line in lines) terminal.Line(TextSafety.ForTerminal(line));
        if (lines.Count == 0) terminal.Hint("there is nothing to tell");
    }
}
