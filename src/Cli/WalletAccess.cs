using Credentials.Http;
using Credentials.Trust;
using Credentials.Wallet.Core;

namespace Credentials.Cli;

/// <summary>The wallet of this person: the file in the home folder, opened with the passphrase.</summary>
internal sealed class WalletAccess : IAsyncDisposable
{
    internal const string HomeVariable = "CREDENTIALS_HOME";
    internal const string PassphraseVariable = "CREDENTIALS_WALLET_PASSPHRASE";

    private readonly OutboundHttp _http;

    private WalletAccess(OutboundHttp http, CredentialWallet wallet)
    {
        _http = http;
        Wallet = wallet;
    }

    internal CredentialWallet Wallet { get; }

    internal static Task<WalletAccess> OpenAsync(CommandContext context)
    {
        var home = context.Arguments.Value("--home") ?? Environment.GetEnvironmentVariable(HomeVariable)
            ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".credentials");
        return OpenAsync(home, Passphrase(context), context.Time, context.Cancelled);
    }

    internal static async Task<WalletAccess> OpenAsync(string home, string passphrase, TimeProvider time, CancellationToken cancelled)
    {
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(home);
        else Directory.CreateDirectory(home, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var http = Network.Open();
        try
        {
            var options = new WalletOptions { Path = Path.Combine(home, "wallet.db"), Passphrase = passphrase, Http = http, Time = time };
            return new WalletAccess(http, await CredentialWallet.OpenAsync(options, cancelled));
        }
        catch
        {
            http.Dispose();
            throw;
        }
    }

    /// <summary>Keeps the authorities of these files in the wallet.</summary>
    internal async Task KeepTrustAsync(string option, TrustPurpose purpose, CommandContext context)
    {
        var trust = await KeyFiles.LoadTrustAsync(context.Arguments.Values(option), purpose, context);
        foreach (var anchor in trust.Anchors) await Wallet.AddTrustAnchorAsync(anchor, context.Cancelled);
    }

    public async ValueTask DisposeAsync()
    {
        await Wallet.DisposeAsync();
        _http.Dispose();
    }

    private static string Passphrase(CommandContext context)
    {
        var given = Environment.GetEnvironmentVariable(PassphraseVariable);
        if (string.IsNullOrEmpty(given) && context.Terminal.CanAsk) given = context.Terminal.AskSecret("Passphrase of the wallet");
        return string.IsNullOrEmpty(given)
            ? throw CommandException.Usage("the wallet needs its passphrase", $"set {PassphraseVariable}, or run it in a terminal")
            : given;
    }
}
