namespace Credentials.Cli.Verbs;

internal static class WalletDeleteVerb
{
    internal static async Task<int> RunAsync(CommandContext context)
    {
        var id = context.Arguments.RequiredPositional(0);
        await using var access = await WalletAccess.OpenAsync(context);
        var document = await access.Wallet.FindDocumentAsync(id, context.Cancelled);
        var entry = document is null ? (await access.Wallet.ListToReissueAsync(context.Cancelled)).FirstOrDefault(entry => entry.Id == id) : null;
        var question = document is not null ? $"Delete {WalletView.Name(document)} with its keys?"
            : entry is not null ? $"No longer wait for {TextSafety.ForTerminal(entry.Names.In() ?? entry.Type)}?"
            : throw CommandException.Usage("the wallet has no document with this id", "credentials wallet list");
        if (!context.Arguments.Flag("--yes"))
        {
            if (!context.Terminal.CanAsk) throw CommandException.Usage("nobody can be asked", "--yes deletes without asking");
            if (!context.Terminal.Ask(question)) return ExitCode.Refused;
        }
        if (document is not null) await access.Wallet.DeleteDocumentAsync(id, context.Cancelled);
        else await access.Wallet.DeleteToReissueAsync(id, context.Cancelled);
        context.Terminal.Line("deleted " + id);
        return ExitCode.Done;
    }
}
