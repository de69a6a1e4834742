using Credentials.Http;
using Credentials.Trust;
using Credentials.Wallet.Core;

namespace Credentials.Cli;

/// <summary>The wallet of this person: the file in the home folder, opened with the passphrase.</summary>
internal sealed class WalletAccess : IAsyncDisposable
{
    internal const string HomeVariable = "CREDENTIALS_HOME";
    internal const string PassphraseVariable = "CREDENTIALS_WALLET_PASSPHRASE";

    /// <summary>
    /// What the authority of an issuer is trusted for. Without its status lists the wallet would never hear that a document was revoked.
    /// </summary>
    internal const TrustPurpose IssuerPurposes = TrustPurpose.CredentialIssuer | TrustPurpose.StatusSigner;

    /// <summary>The path that browsers come back to after an authorization, on whatever port listens then.</summary>
    internal const string RedirectPath = "/authorized";

    /// <summary>How this wallet calls itself at authorization servers, unless it was told another name.</summary>
    internal const string DefaultClientId = "credentials-wallet";

    private readonly OutboundHttp _http;
    private readonly WalletToken? _token;

    private WalletAccess(OutboundHttp http, WalletToken? token, CredentialWallet wallet)
    {
        _http = http;
        _token = token;
        Wallet = wallet;
    }

    internal CredentialWallet Wallet { get; }

    internal static Task<WalletAccess> OpenAsync(CommandContext context)
    {
        var home = context.Arguments.Value("--home") ?? Environment.GetEnvironmentVariable(HomeVariable)
            ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".credentials");
        return OpenAsync(home, Passphrase(context), context.Time, context.Cancelled, context.Arguments.Value("--client-id"));
    }

    internal static async Task<WalletAccess> OpenAsync(string home, string passphrase, TimeProvider time, CancellationToken cancelled, string? clientId = null)
    {
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(home);
        else Directory.CreateDirectory(home, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var file = Path.Combine(home, "wallet.db");
        var token = WalletToken.Find(home, file);
        var http = Network.Open();
        try
        {
            var options = new WalletOptions
            {
                Path = file,
                SecureArea = token?.Area,
                Passphrase = passphrase,
                Http = http,
                Time = time,
                ClientId = clientId ?? DefaultClientId,
                // Whoever starts an authorization says on which port it listens.
                RedirectUri = new Uri("http://127.0.0.1" + RedirectPath),
            };
            return new WalletAccess(http, token, await CredentialWallet.OpenAsync(options, cancelled));
        }
        catch
        {
            http.Dispose();
            token?.Dispose();
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
        _token?.Dispose();
    }

    private static string Passphrase(CommandContext context) => Secret(context, PassphraseVariable, "Passphrase of the wallet");

    /// <summary>A passphrase, from the environment or the person: never from the command line, which others on the machine can see.</summary>
    internal static string Secret(CommandContext context, string variable, string name)
    {
        var given = Environment.GetEnvironmentVariable(variable);
        if (string.IsNullOrEmpty(given) && context.Terminal.CanAsk) given = context.Terminal.AskSecret(name);
        return string.IsNullOrEmpty(given)
            ? throw CommandException.Usage($"there is no passphrase: {name}", $"set {variable}, or run it in a terminal")
            : given;
    }
}
