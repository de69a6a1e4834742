using Credentials.Http;
using Credentials.OpenId4Vp;
using Credentials.Tests.Shared;
using Credentials.Trust;
using Credentials.Wallet.Core.Issuance;
using Credentials.Wallet.Core.Keys;

namespace Credentials.Wallet.Core.Tests.Peers;

/// <summary>A wallet in a folder of its own, with a test issuer and a test verifier that it trusts.</summary>
internal sealed class WalletFixture : IAsyncDisposable
{
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
        if (trustIssuer) anchors.Add(TrustAnchor.ForCertificate(Issuer.Authority.Certificate, TrustPurpose.CredentialIssuer));
        Wallet = await CredentialWallet.OpenAsync(
            new WalletOptions
            {
                Path = _folder.Combine("wallet.db"),
                Key = Enumerable.Range(1, 32).Select(i => (byte)i).ToArray(),
                Http = _http,
                Time = Clock,
                Trust = TrustStore.Create(anchors),
                RequestProfile = profile,
                SecureArea = area,
                RedirectUri = new Uri("http://127.0.0.1:5103/callback"),
                ClientId = ClientId,
                Attestation = Attestation,
                TransactionDataTypes = [new TransactionDataType("payment", ["amount"], [])],
            },
            TestContext.Current.CancellationToken);
    }

    /// <summary>Receives the issuer's document and returns it.</summary>
    public async Task<Documents.Document> ReceiveAsync(int copies = 2, string configuration = "licence")
    {
        Issuer.Offered = [configuration];
        var offer = await Wallet.ResolveOfferAsync(Issuer.Link, TestContext.Current.CancellationToken);
        var outcome = Assert.Single(await Wallet.AcceptOfferAsync(offer, new() { Copies = copies }, TestContext.Current.CancellationToken));
        Assert.Null(outcome.Code);
        return outcome.Document!;
    }

    public byte[] FileBytes() => File.ReadAllBytes(_folder.Combine("wallet.db"));

    public async ValueTask DisposeAsync()
    {
        await Wallet.DisposeAsync();
        await Issuer.DisposeAsync();
        await Verifier.DisposeAsync();
        _http.Dispose();
        _folder.Dispose();
    }
}
