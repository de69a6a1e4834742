using Credentials.Wallet.Core;
using Credentials.Wallet.Core.Issuance;
using ModelContextProtocol.Server;

namespace Credentials.Cli.Assistant;

/// <summary>
/// Receives what the holder signs in for at the issuer. The address of the sign-in goes to the person, past the model, and the browser comes
/// back to a port of this machine: neither the address nor the code is in anything that a tool answers.
/// </summary>
/// <param name="wallet">The wallet.</param>
/// <param name="limit">How long the person is waited for.</param>
/// <param name="opensBrowser">The wallet opens the person's browser itself.</param>
/// <param name="time">The clock.</param>
internal sealed class AssistantSignIn(CredentialWallet wallet, TimeSpan limit, bool opensBrowser, TimeProvider time)
{
    /// <summary>Leads the person to the issuer and waits.</summary>
    /// <exception cref="AssistantRefusal">The person does not go there, or did not come back in time.</exception>
    /// <exception cref="CredentialException">As for <see cref="CredentialWallet.ContinueAuthorizationAsync"/>.</exception>
    internal async Task<IReadOnlyList<IssuanceOutcome>> ReceiveAsync(McpServer server, ResolvedOffer offer, OfferAcceptance acceptance, CancellationToken cancelled)
    {
        await using var redirect = await LoopbackRedirect.StartAsync(0, cancelled);
        var address = await wallet.StartAuthorizationAsync(offer, acceptance with { RedirectUri = redirect.Address }, cancelled);
        if (opensBrowser) LoopbackRedirect.OpenInBrowser(address);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancelled);
        // To its end also where the assistant goes away: a code serves once. Answers of strangers are turned away without a word.
        var coming = redirect.WaitAsync(returned => wallet.ContinueAuthorizationAsync(returned, CancellationToken.None), limit, time, _ => { }, over.Token);
        var leading = HolderConfirmation.LeadAsync(server, address, $"Sign in at {address.IdnHost}, and agree there to what you get.", over.Token);
        try
        {
            // Whoever says no may have come back at the same moment, and then has the document.
            if (await Task.WhenAny(coming, leading) == leading && !leading.IsCompletedSuccessfully) await over.CancelAsync();
            if (await EndedAsync(coming) is { } outcomes) return outcomes;
            if (leading.IsCompleted) await leading;
            cancelled.ThrowIfCancellationRequested();
            throw new AssistantRefusal(AssistantCodes.SignInTimeout);
        }
        finally
        {
            // A question that is still on the person's screen is over.
            await over.CancelAsync();
            await leading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static async Task<IReadOnlyList<IssuanceOutcome>?> EndedAsync(Task<IReadOnlyList<IssuanceOutcome>?> coming)
    {
        try
        {
            return await coming;
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }
}
