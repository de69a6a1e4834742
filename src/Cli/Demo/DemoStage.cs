using Credentials.Cli.InPerson;
using Credentials.Issuer;
using Credentials.Keys;
using Credentials.Keys.Software;
using Credentials.Trust;
using Credentials.Verifier;
using Credentials.X509;

namespace Credentials.Cli.Demo;

/// <summary>The parties of the demo: an issuer and a verifier that serve, and a wallet that is opened when it is needed.</summary>
internal sealed class DemoStage(CommandContext context, string folder, int issuerPort, int verifierPort) : IAsyncDisposable
{
    // The wallet holds invented data only, and a visitor is told this.
    private const string WalletPassphrase = "demo";

    private IssuerHost? _issuer;
    private VerifierHost? _verifier;
    private ServiceClient? _agency;
    private ServiceClient? _shop;
    private SoftwareSigningKey? _readerKey;

    internal string IssuerUrl => _issuer!.Url;

    internal string VerifierUrl => _verifier!.Ready.Url;

    internal ServiceClient Agency => _agency!;

    internal ServiceClient Shop => _shop!;

    internal string IssuerTrust => _issuer!.TrustPath;

    private string ReaderFolder => Path.Combine(folder, "reader");

    private string WalletHome => Path.Combine(folder, "wallet");

    internal async Task StartIssuerAsync()
    {
        _issuer = await IssuerHost.BuildAsync(
            new IssuerHostOptions { DataFolder = Path.Combine(folder, "issuer"), Port = issuerPort, NewApiKey = true, DemoSignIn = true, Time = context.Time, Configure = RegisterWallet }, context.Cancelled);
        await _issuer.StartAsync(context.Cancelled);
        _agency = new ServiceClient(_issuer.Url, _issuer.ApiKey!, context.Cancelled);
    }

    /// <summary>The web wallet of this machine, on the port that it has unless it is told another.</summary>
    private static void RegisterWallet(IssuerOptions options) => options.Clients.Add(new ClientRegistration
    {
        Id = WalletAccess.DefaultClientId,
        Name = "Demo wallet",
        RedirectUris = [$"http://127.0.0.1:{Verbs.WalletServeVerb.DefaultPort}{WalletAccess.RedirectPath}"],
    });

    internal async Task StartVerifierAsync()
    {
        var options = new VerifierHostOptions
        {
            DataFolder = Path.Combine(folder, "verifier"),
            Port = verifierPort,
            TrustFiles = [IssuerTrust],
            NewApiKey = true,
            AllowLoopbackHttp = true,
            Name = "Demo Shop",
            Time = context.Time,
        };
        _verifier = await VerifierHost.BuildAsync(options, cancellationToken: context.Cancelled);
        _shop = new ServiceClient(_verifier.Ready.Url, _verifier.Ready.ApiKey!, context.Cancelled);
    }

    /// <summary>The wallet, which trusts this issuer's authority for documents and this verifier's for requests.</summary>
    internal async Task<WalletAccess> OpenWalletAsync()
    {
        var access = await WalletAccess.OpenAsync(WalletHome, WalletPassphrase, context.Time, context.Cancelled);
        await KeepAsync(access, IssuerTrust, WalletAccess.IssuerPurposes);
        await KeepAsync(access, _verifier!.Ready.Trust, TrustPurpose.Verifier);
        return access;
    }

    /// <summary>A reader of another authority than the shop's, which the wallet trusts from now on.</summary>
    internal async Task<InPersonReader> MakeReaderAsync(WalletAccess access)
    {
        Directory.CreateDirectory(ReaderFolder);
        _readerKey = SoftwareSigningKey.Generate(SignatureAlgorithm.Es256);
        using var authority = CertificateAuthority.Create("Demo Reader Authority", "KR", context.Now);
        var certificate = authority.IssueAccessCertificate("Demo Police Reader", _readerKey, [], context.Now);
        OutputFiles.Write(ReaderFile("root.pem"), authority.Certificate.ExportCertificatePem() + "\n");
        OutputFiles.Write(ReaderFile("reader.pem"), certificate.ExportCertificatePem() + "\n");
        OutputFiles.WriteSecret(ReaderFile("reader-key.pem"), _readerKey.ExportPkcs8Pem().TrimEnd() + "\n");
        await KeepAsync(access, ReaderFile("root.pem"), TrustPurpose.Verifier);
        return new InPersonReader(_readerKey, [certificate]);
    }

    internal void TellWhatToTry()
    {
        context.Terminal.Line($"""

            Both services go on until Ctrl+C. The counter of the shop, in a browser: {VerifierUrl}/ask and {VerifierUrl}/scan
              (sign in with the key {_verifier!.Ready.ApiKey})
            To try, in another terminal (the pages above work in a browser):
              export CREDENTIALS_ALLOW_LOOPBACK_HTTP=1 CREDENTIALS_HOME={WalletHome} CREDENTIALS_WALLET_PASSPHRASE={WalletPassphrase}
              credentials wallet list
              credentials wallet history
              credentials verifier request driving-licence --url {VerifierUrl} --api-key {_verifier.Ready.ApiKey}
              credentials wallet present 'openid4vp://…'
              credentials wallet present-in-person
              credentials read 'mdoc:…' --policy driving-licence --trust {IssuerTrust} --key {ReaderFile("reader-key.pem")} --cert {ReaderFile("reader.pem")}
              credentials issuer list --url {IssuerUrl} --api-key {_issuer!.ApiKey}
            In a checkout, `credentials` is: dotnet run -c Release --project src/Cli --
            """);
    }

    public async ValueTask DisposeAsync()
    {
        _agency?.Dispose();
        _shop?.Dispose();
        _readerKey?.Dispose();
        if (_verifier is not null) await _verifier.DisposeAsync();
        if (_issuer is null) return;
        await _issuer.StopAsync(CancellationToken.None);
        await _issuer.DisposeAsync();
    }

    private string ReaderFile(string name) => Path.Combine(ReaderFolder, name);

    private async Task KeepAsync(WalletAccess access, string pem, TrustPurpose purpose)
    {
        var trust = await KeyFiles.LoadTrustAsync([pem], purpose, context);
        foreach (var anchor in trust.Anchors) await access.Wallet.AddTrustAnchorAsync(anchor, context.Cancelled);
    }
}
