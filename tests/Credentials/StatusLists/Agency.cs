using System.Security.Cryptography.X509Certificates;
using Credentials.Keys;
using Credentials.Keys.Software;
using Credentials.StatusLists;
using Credentials.Trust;
using Credentials.X509;

namespace Credentials.Tests.StatusLists;

/// <summary>An authority with a status signer under it.</summary>
internal sealed class Agency : IDisposable
{
    private readonly CertificateAuthority _authority;

    public Agency(string name, DateTimeOffset now)
    {
        _authority = CertificateAuthority.Create(name, "KR", now);
        Certificate = _authority.IssueStatusSigner($"{name} status", Key, now);
        Anchor = TrustAnchor.ForCertificate(_authority.Certificate, TrustPurpose.CredentialIssuer | TrustPurpose.StatusSigner);
    }

    public SoftwareSigningKey Key { get; } = SoftwareSigningKey.Generate(SignatureAlgorithm.Es256);

    public X509Certificate2 Root => _authority.Certificate;

    public X509Certificate2 Certificate { get; }

    public TrustAnchor Anchor { get; }

    public StatusAuthority Status => new(TrustStore.Create([Anchor]), Anchor);

    /// <summary>A list of eight two-bit statuses, the one at index 1 revoked, at 2 suspended, at 3 of a value without meaning.</summary>
    public static StatusList List()
    {
        var list = StatusList.Create(2, 8);
        (list[1], list[2], list[3]) = (StatusTypes.Invalid, StatusTypes.Suspended, 3);
        return list;
    }

    public StatusListTokenContent Content(string uri, DateTimeOffset now, StatusList? list = null) => new()
    {
        Uri = uri,
        List = list ?? List(),
        IssuedAt = now,
        ExpiresAt = now.AddDays(1),
        TimeToLive = TimeSpan.FromMinutes(10),
        Certificates = [Certificate],
    };

    public async Task<string> TokenAsync(string uri, DateTimeOffset now, StatusList? list = null) =>
        await StatusListToken.IssueAsync(Content(uri, now, list), Key, TestContext.Current.CancellationToken);

    public void Dispose()
    {
        _authority.Dispose();
        Certificate.Dispose();
        Key.Dispose();
    }
}
