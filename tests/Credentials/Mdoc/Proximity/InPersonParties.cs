using System.Security.Cryptography.X509Certificates;
using Credentials.Codecs;
using Credentials.Keys;
using Credentials.Keys.Software;
using Credentials.Mdoc;
using Credentials.Mdoc.Proximity;
using Credentials.Trust;
using Credentials.X509;

namespace Credentials.Tests.Mdoc.Proximity;

/// <summary>Those who meet in person: an agency that issued documents, a holder with them, and a reader with a certificate.</summary>
internal sealed class InPersonParties : IDisposable
{
    private readonly CertificateAuthority _authority;
    private readonly X509Certificate2 _certificate;
    private readonly SoftwareSigningKey _readerKey = SoftwareSigningKey.Generate(SignatureAlgorithm.Es256);
    private readonly SoftwareKeyAgreementKey _device;

    public InPersonParties(DateTimeOffset now)
    {
        Agency = new MdocAgency(now);
        _authority = CertificateAuthority.Create("Readers", "KR", now);
        _certificate = _authority.IssueAccessCertificate("Town hall", _readerKey, [], now);
        _device = SoftwareKeyAgreementKey.FromPrivateJwk(StrictJson.ToElement(Agency.Device.ExportPrivateJwk()));
    }

    public MdocAgency Agency { get; }

    /// <summary>Whom the holder trusts as readers.</summary>
    public TrustStore Readers => TrustStore.Create([TrustAnchor.ForCertificate(_authority.Certificate, TrustPurpose.Verifier)]);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>A request for these elements, all of them to be kept.</summary>
    public static ItemsRequest Ask(string docType, string nameSpace, params string[] elements) =>
        ItemsRequest.Create(docType, new Dictionary<string, IReadOnlyDictionary<string, bool>>
        {
            [nameSpace] = elements.ToDictionary(element => element, _ => true),
        });

    public static string ClaimsOf(DocumentAnswer answer)
    {
        Assert.True(answer.Report!.TryGetVerified(out var verified));
        return verified.Claims.GetRawText();
    }

    /// <summary>Both sides of a session begun by QR code.</summary>
    public async Task<(ProximityHolder Holder, ProximityReader Reader)> ConnectAsync()
    {
        var (holderEnd, readerEnd) = InProcessTransport.CreatePair();
        var session = ProximityHolderSession.BeginByQr([]);
        return (new(session, holderEnd), new(await ProximityReaderSession.BeginAsync(session.Engagement, cancellationToken: Ct), readerEnd));
    }

    /// <summary>A request that the reader signs, each part or the whole.</summary>
    public ValueTask<DeviceRequest> RequestAsync(ProximityReader reader, IReadOnlyList<ItemsRequest> items, bool asAWhole = false) => asAWhole
        ? DeviceRequest.SignAllAsync(items, reader.Transcript, _readerKey, [_certificate], Ct)
        : DeviceRequest.SignAsync(items, reader.Transcript, _readerKey, [_certificate], Ct);

    /// <summary>A document with the chosen elements, authenticated for the session.</summary>
    public ValueTask<MdocDocument> ShowAsync(ProximityHolder holder, IssuerSigned held, bool withMac, Func<string, string, bool> isShown) => withMac
        ? MdocPresenter.AuthenticateAsync(held, isShown, holder.Transcript, _device, holder.EReaderKey, Ct)
        : MdocPresenter.SignAsync(held, isShown, holder.Transcript, Agency.Device, Ct);

    public void Dispose()
    {
        Agency.Dispose();
        _authority.Dispose();
        _certificate.Dispose();
        _readerKey.Dispose();
        _device.Dispose();
    }
}
