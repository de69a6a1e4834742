using Credentials.Wallet.Core;
using Credentials.Wallet.Core.Issuance;

namespace Credentials.Cli;

/// <summary>What a look at the issuers brought: documents that were put off and what has become of them, and documents that were renewed or not.</summary>
internal sealed record WalletUpkeep(IReadOnlyList<(DeferredIssuance Deferred, string? Code)> Resumed, IReadOnlyList<RenewalOutcome> Renewed)
{
    /// <summary>Asks for what was put off and may be asked for, renews what is due, and looks up what was revoked or suspended.</summary>
    internal static async Task<WalletUpkeep> RunAsync(CredentialWallet wallet, DateTimeOffset now, CancellationToken cancelled)
    {
        var resumed = new List<(DeferredIssuance, string?)>();
        foreach (var deferred in (await wallet.ListDeferredAsync(cancelled)).Where(deferred => deferred.NotBefore <= now))
            resumed.Add((deferred, await ResumeAsync(wallet, deferred, cancelled)));
        var renewed = await wallet.RenewDueAsync(cancelled);
        await wallet.RefreshStatusAsync(cancelled);
        return new WalletUpkeep(resumed, renewed);
    }

    private static async Task<string?> ResumeAsync(CredentialWallet wallet, DeferredIssuance deferred, CancellationToken cancelled)
    {
        try
        {
            return (await wallet.ResumeDeferredAsync(deferred.Id, cancelled)).Code;
        }
        catch (CredentialException failure)
        {
            return failure.Code;
        }
        catch (InvalidOperationException failure) when (failure is not ObjectDisposedException)
        {
            // Somebody else was faster, and it is here already.
            return null;
        }
    }
}
