using System.Security.Cryptography.X509Certificates;
using Credentials.Keys.Software;
using Credentials.OpenId4Vci;
using Credentials.StatusLists;
using Credentials.Tests.Shared;
using Credentials.X509;
using PublicKey = Credentials.Keys.PublicKey;

namespace Credentials.Issuer.Tests.Setup;

/// <summary>A wallet provider with a root of its own, which vouches for instances and keys.</summary>
internal sealed class WalletProvider : IDisposable
{
    private readonly CertificateAuthority _authority = CertificateAuthority.Create("Wallet Provider Root", "KR", DateTimeOffset.UtcNow);
    private readonly SoftwareSigningKey _key = Proofs.NewKey();
    private readonly X509Certificate2 _certificate;

    internal WalletProvider(TempFolder folder)
    {
        _certificate = _authority.IssueStatusSigner("Wallet Provider", _key, DateTimeOffset.UtcNow);
        TrustFile = folder.Write("wallet-provider.pem", _authority.Certificate.ExportCertificatePem());
    }

    internal string TrustFile { get; }

    /// <summary>The client that it attests.</summary>
    internal string ClientId { get; set; } = TestWallet.Id;

    internal void Configure(IssuerOptions options)
    {
        options.WalletProviderTrust = TrustFile;
        options.KeyAttesterTrust = TrustFile;
    }

    internal async Task AuthenticateAsync(HttpRequestMessage request, RunningIssuer issuer, SoftwareSigningKey instance, StatusReference? status)
    {
        using var answer = await issuer.Http.PostAsync("/challenge", null, RunningIssuer.Ct);
        var challenge = ChallengeResponse.Parse(await RunningIssuer.JsonAsync(answer)).Challenge;
        request.Headers.Add("OAuth-Client-Attestation", await AttestAsync(instance.PublicKey, status));
        request.Headers.Add("OAuth-Client-Attestation-PoP", await ClientAttestationPop.CreateAsync(instance, ClientId, issuer.Url, challenge, DateTimeOffset.UtcNow, RunningIssuer.Ct));
    }

    internal ValueTask<string> AttestAsync(PublicKey instance, StatusReference? status = null) => ClientAttestation.CreateAsync(
        _key, [_certificate], "https://provider.example", ClientId, instance, DateTimeOffset.UtcNow, TimeSpan.FromHours(1), status, RunningIssuer.Ct);

    internal ValueTask<string> AttestKeysAsync(IEnumerable<PublicKey> keys, string? nonce, params string[] storage) => KeyAttestation.CreateAsync(
        _key, [_certificate], keys, nonce, storage, [], DateTimeOffset.UtcNow, TimeSpan.FromHours(1), ct: RunningIssuer.Ct);

    /// <summary>A signed status list of this provider, in which one index is revoked.</summary>
    internal async Task<byte[]> StatusTokenAsync(string uri, int revoked)
    {
        var list = StatusList.Create(1, 1024);
        list[revoked] = (byte)StatusTypes.Invalid;
        var content = new StatusListTokenContent
        {
            Uri = uri,
            List = list,
            IssuedAt = DateTimeOffset.UtcNow,
            ExpiresAt = DateTimeOffset.UtcNow.AddHours(1),
            TimeToLive = TimeSpan.FromMinutes(5),
            Certificates = [_certificate],
        };
        return System.Text.Encoding.ASCII.GetBytes(await StatusListToken.IssueAsync(content, _key, RunningIssuer.Ct));
    }

    public void Dispose()
    {
        _authority.Dispose();
        _key.Dispose();
        _certificate.Dispose();
    }
}
