using Credentials.Wallet.Core;
using Credentials.Wallet.Core.Issuance;

namespace Credentials.Cli.Verbs;

/// <summary>Receives what was offered, or what the holder asks an issuer for.</summary>
internal static class WalletReceiveVerb
{
    internal static Task<int> RunAsync(CommandContext context) =>
        ReceiveAsync(context, wallet => wallet.ResolveOfferAsync(context.Arguments.RequiredPositional(0), context.Cancelled));

    /// <summary>Without an offer (OpenID4VCI 1.0 §3.3).</summary>
    internal static Task<int> ApplyAsync(CommandContext context) =>
        ReceiveAsync(context, wallet => wallet.ResolveIssuerAsync(context.Arguments.RequiredPositional(0), [context.Arguments.RequiredPositional(1)], context.Cancelled));

    private static async Task<int> ReceiveAsync(CommandContext context, Func<CredentialWallet, Task<ResolvedOffer>> resolve)
    {
        var arguments = context.Arguments;
        var copies = (int)(arguments.Number("--copies", 1, OfferAcceptance.MaxCopies) ?? 1);
        var wait = LoopbackRedirect.Patience(arguments);
        var port = (int)(arguments.Number("--redirect-port", 1, 65535) ?? 0);
        await using var access = await WalletAccess.OpenAsync(context);
        await access.KeepTrustAsync("--trust-issuer", WalletAccess.IssuerPurposes, context);
        var offer = await resolve(access.Wallet);
        WalletView.PrintOffer(offer, context.Terminal);
        var code = arguments.Value("--tx-code");
        if (offer.TransactionCode is not null && code is null && context.Terminal.CanAsk) code = context.Terminal.AskSecret("Transaction code");
        if (offer.TransactionCode is not null && string.IsNullOrEmpty(code))
            throw CommandException.Usage("the offer needs a transaction code", "--tx-code CODE");
        if (!Agreed(offer, context))
        {
            await access.Wallet.DeclineOfferAsync(offer, context.Cancelled);
            context.Terminal.Error.WriteLine("declined; the issuer is not told");
            return ExitCode.Refused;
        }
        var acceptance = new OfferAcceptance { TransactionCode = code, ConfirmedRecipient = offer.TokenEndpoint, Copies = copies };
        var outcomes = offer.NeedsAuthorization
            ? await AuthorizeAsync(access.Wallet, offer, acceptance, port, wait, context)
            : await access.Wallet.AcceptOfferAsync(offer, acceptance, context.Cancelled);
        WalletView.Print(outcomes, context);
        return outcomes.All(outcome => outcome.IsStored || outcome.DeferredId is not null) ? ExitCode.Done : ExitCode.Refused;
    }

    // The browser is the holder's own: it is opened only when that was asked for.
    private static async Task<IReadOnlyList<IssuanceOutcome>> AuthorizeAsync(
        CredentialWallet wallet, ResolvedOffer offer, OfferAcceptance acceptance, int port, TimeSpan wait, CommandContext context)
    {
        await using var redirect = await LoopbackRedirect.StartAsync(port, context.Cancelled);
        var address = await wallet.StartAuthorizationAsync(offer, acceptance with { RedirectUri = redirect.Address }, context.Cancelled);
        context.Terminal.Error.WriteLine("Sign in at the issuer and agree there. Open this link in a browser on this machine:");
        context.Terminal.Error.WriteLine(address.AbsoluteUri);
        if (context.Arguments.Flag("--open")) LoopbackRedirect.OpenInBrowser(address);
        return await redirect.WaitAsync(
                returned => wallet.ContinueAuthorizationAsync(returned, context.Cancelled), wait, context.Time,
                code => context.Terminal.Error.WriteLine($"turned away an answer that is not the issuer's ({code}); still waiting"), context.Cancelled)
            ?? throw new CommandException(ExitCode.CouldNotFinish, $"nobody came back from the issuer within {wait.TotalSeconds:0} seconds", "start again, or --wait-seconds N");
    }

    private static bool Agreed(ResolvedOffer offer, CommandContext context)
    {
        if (offer.TransactionCode is not null && !offer.IsIssuerTrusted)
            context.Terminal.Error.WriteLine(TextSafety.ForTerminal($"The transaction code would go to {offer.TokenEndpoint}"));
        return context.Arguments.Flag("--yes") || (context.Terminal.CanAsk ? context.Terminal.Ask("Receive it?") : throw CommandException.Usage("nobody can be asked", "--yes receives without asking"));
    }
}
