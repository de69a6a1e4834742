using Credentials.Http;
using Credentials.OpenId4Vci;
using Credentials.OpenId4Vp;
using Credentials.Tests.Shared;
using Credentials.Trust;
using Credentials.Wallet.Core.Documents;
using Credentials.Wallet.Core.Issuance;
using Credentials.Wallet.Core.Keys;

namespace Credentials.Wallet.Core.Tests.Peers;

/// <summary>A wallet in a folder of its own, with a test issuer and a test verifier that it trusts.</summary>
internal sealed class WalletFixture : IAsyncDisposable
{
    public static readonly byte[] Key = [.. Enumerable.Range(1, 32).Select(i => (byte)i)];

    private readonly TempFolder _folder = new();
    private readonly OutboundHttp _http = new(new OutboundHttpOptions { AllowLoopbackHttp = true });

    private WalletFixture(TestClock clock, TestIssuer issuer, TestVerifier verifier) => (Clock, Issuer, Verifier) = (clock, issuer, verifier);

    public TestClock Clock { get; }

    public TestIssuer Issuer { get; }

    public TestVerifier Verifier { get; }

    public CredentialWallet Wallet { get; private set; } = null!;

    /// <summary>The wallet's name at servers, from the next opening on.</summary>
    public string? ClientId { get; set; }

    /// <summary>Who vouches for the wallet, from the next opening on.</summary>
    public IWalletAttestationProvider? Attestation { get; set; }

    /// <summary>How often copies may be shown, from the next opening on.</summary>
    public Func<string, string, ReusePolicy?>? ReusePolicyFor { get; set; }

    /// <summary>The wallet file's name, from the next opening on.</summary>
    public string FileName { get; set; } = "wallet.db";

    public string Path => _folder.Combine(FileName);

    public OutboundHttp Http => _http;

    /// <summary>With an issuer that demands high assurance and the authorization code flow.</summary>
    public static async Task<WalletFixture> StartSecureAsync()
    {
        var fixture = await StartAsync();
        fixture.Issuer.IsSecure = true;
        fixture.Issuer.ClientId = fixture.ClientId = "test-wallet";
        fixture.Issuer.Metadata["deferred_credential_endpoint"] = fixture.Issuer.Url + "/deferred";
        fixture.Issuer.Metadata["notification_endpoint"] = fixture.Issuer.Url + "/notification";
        fixture.Issuer.Response = texts => new CredentialResponse
        {
            Credentials = texts,
            NotificationId = "notification-1",
        }.ToJson();
        await fixture.ReopenAsync();
        return fixture;
    }

    public static async Task<WalletFixture> StartAsync(bool trustIssuer = true, RequestProfile profile = RequestProfile.OpenId4Vp, ISecureArea? area = null)
    {
        var clock = new TestClock();
        var fixture = new WalletFixture(clock, await TestIssuer.StartAsync(clock), await TestVerifier.StartAsync(clock));
        await fixture.OpenAsync(trustIssuer, profile, area);
        return fixture;
    }

    public async Task OpenAsync(bool trustIssuer = true, RequestProfile profile = RequestProfile.OpenId4Vp, ISecureArea? area = null)
    {
        var anchors = new List<TrustAnchor> { TrustAnchor.ForCertificate(Verifier.Authority.Certificate, TrustPurpose.Verifier) };
        if (trustIssuer) anchors.Add(TrustAnchor.ForCertificate(Issuer.Authority.Certificate, TrustPurpose.CredentialIssuer | TrustPurpose.StatusSigner));
        Wallet = await CredentialWallet.OpenAsync(
            new WalletOptions
            {
                Path = Path,
                Key = Key,
                Http = _http,
                Time = Clock,
                Trust = TrustStore.Create(anchors),
                RequestProfile = profile,
                SecureArea = area,
                RedirectUri = new Uri("http://127.0.0.1:5103/callback"),
                ClientId = ClientId,
                Attestation = Attestation,
                ReusePolicyFor = ReusePolicyFor,
                TransactionDataTypes = [new TransactionDataType("payment", ["amount"], [])],
            },
            TestContext.Current.CancellationToken);
    }

    /// <summary>Receives the issuer's document and returns it.</summary>
    public async Task<Document> ReceiveAsync(int copies = 2, string configuration = "licence")
    {
        Issuer.Offered = [configuration];
        var offer = await Wallet.ResolveOfferAsync(Issuer.Link, TestContext.Current.CancellationToken);
        var outcome = Assert.Single(await Wallet.AcceptOfferAsync(offer, new() { Copies = copies }, TestContext.Current.CancellationToken));
        Assert.Null(outcome.Code);
        return outcome.Document!;
    }

    /// <summary>Receives a document of the secure issuer, as a holder does who was away in a browser.</summary>
    public async Task<Document> AuthorizeAndReceiveAsync()
    {
        await AuthorizeAsync();
        return (await Wallet.ContinueAuthorizationAsync(Issuer.ReturnAddress(), TestContext.Current.CancellationToken))[0].Document!;
    }

    public async Task AuthorizeAsync()
    {
        var offer = await Wallet.ResolveOfferAsync(Issuer.Link, TestContext.Current.CancellationToken);
        await Wallet.StartAuthorizationAsync(offer, null, TestContext.Current.CancellationToken);
    }

    /// <summary>Shows what is proposed to the verifier, which gets one copy; that copy without its disclosures.</summary>
    public async Task<string> PresentAsync()
    {
        var request = await Wallet.ResolveRequestAsync(Verifier.Link(), TestContext.Current.CancellationToken);
        await Wallet.PresentAsync(request, request.Proposal!, TestContext.Current.CancellationToken);
        return (await Verifier.ReadAsync()).VpToken!.Presentations["q"][0].GetString()!.Split('~')[0];
    }

    /// <summary>True if the wallet has something to show to the verifier; nothing is shown.</summary>
    public async Task<bool> CanPresentAsync()
    {
        var request = await Wallet.ResolveRequestAsync(Verifier.Link(), TestContext.Current.CancellationToken);
        await Wallet.DeclineRequestAsync(request, TestContext.Current.CancellationToken);
        return request.IsSatisfiable;
    }

    public async Task ReopenAsync()
    {
        await Wallet.DisposeAsync();
        await OpenAsync();
    }

    public byte[] FileBytes() => File.ReadAllBytes(Path);

    public async ValueTask DisposeAsync()
    {
        await Wallet.DisposeAsync();
        await Issuer.DisposeAsync();
        await Verifier.DisposeAsync();
        _http.Dispose();
        _folder.Dispose();
    }
}
