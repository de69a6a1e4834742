namespace Credentials.Cli.Verbs;

internal static class WalletDeleteVerb
{
    internal static async Task<int> RunAsync(CommandContext context)
    {
        var id = context.Arguments.RequiredPositional(0);
        await using var access = await WalletAccess.OpenAsync(context);
        if (await access.Wallet.FindDocumentAsync(id, context.Cancelled) is not { } document)
            throw CommandException.Usage("the wallet has no document with this id", "credentials wallet list");
        if (!context.Arguments.Flag("--yes"))
        {
            if (!context.Terminal.CanAsk) throw CommandException.Usage("nobody can be asked", "--yes deletes without asking");
            if (!context.Terminal.Ask($"Delete {WalletView.Name(document)} with its keys?")) return ExitCode.Refused;
        }
        await access.Wallet.DeleteDocumentAsync(id, context.Cancelled);
        context.Terminal.Line("deleted " + id);
        return ExitCode.Done;
    }
}
