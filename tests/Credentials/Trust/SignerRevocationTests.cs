using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.Http;
using Credentials.Keys;
using Credentials.Keys.Software;
using Credentials.Mdoc;
using Credentials.QrDocuments;
using Credentials.SdJwt;
using Credentials.StatusLists;
using Credentials.Tests.Http;
using Credentials.Tests.Mdoc;
using Credentials.Tests.QrDocuments;
using Credentials.Tests.W3c;
using Credentials.Trust;
using Credentials.W3c;
using Credentials.X509;
using Microsoft.AspNetCore.Http;

namespace Credentials.Tests.Trust;

/// <summary>What the verifiers of all formats with certificates make of the revocation of the issuer's.</summary>
public sealed class SignerRevocationTests : IAsyncLifetime
{
    private static readonly DateTimeOffset s_now = new(2026, 11, 2, 9, 0, 0, TimeSpan.Zero);

    private readonly OutboundHttp _http = FetchExtensions.ToLoopback();
    private readonly SoftwareSigningKey _key = SoftwareSigningKey.Generate(SignatureAlgorithm.Es256);
    private readonly SoftwareSigningKey _holder = SoftwareSigningKey.Generate(SignatureAlgorithm.Es256);
    private LocalServer _server = null!;
    private CertificateAuthority _authority = null!;
    private byte[]? _list;

    public static TheoryData<string> Formats =>
    [
        CredentialFormat.SdJwtVc, CredentialFormat.Mdoc, CredentialFormat.QrCwt, CredentialFormat.VcJwt, CredentialFormat.LegacySdJwtVc, CredentialFormat.VcCose, CredentialFormat.JwtVcJson,
    ];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _server = await LocalServer.StartAsync(context =>
        {
            if (_list is not null && context.Request.Path == "/crl") return context.Response.Body.WriteAsync(_list).AsTask();
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        });
        _authority = CertificateAuthority.Create("Agency", "KR", s_now, new CertificateContacts(RevocationList: new Uri(_server.Url, "/crl")));
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        _authority.Dispose();
        _key.Dispose();
        _holder.Dispose();
        await _server.DisposeAsync();
    }

    private void Publish(params RevokedCertificate[] revoked) => _list = _authority.IssueCrl(revoked, 1, s_now, s_now.AddDays(7));

    private async Task<VerificationReport> VerifyAsync(
        string format, CrlPolicy? policy, Action<RevokedCertificate>? signerIs = null, bool isPinned = false, bool isExpired = false)
    {
        var isW3c = format is CredentialFormat.VcJwt or CredentialFormat.LegacySdJwtVc or CredentialFormat.VcCose or CredentialFormat.JwtVcJson;
        // The certificate of a W3C issuer names it by its host.
        using var certificate = isW3c
            ? _authority.IssueAccessCertificate("Signer", _key, ["university.example"], s_now)
            : _authority.IssueDocumentSigner("Signer", _key, s_now);
        signerIs?.Invoke(new RevokedCertificate(certificate.SerialNumberBytes, s_now));
        var trust = TrustStore.Create([isPinned
            ? TrustAnchor.ForKey(_key.PublicKey, TrustPurpose.CredentialIssuer)
            : TrustAnchor.ForCertificate(_authority.Certificate, TrustPurpose.CredentialIssuer)]);
        var (status, revocation) = (new StatusPolicy(StatusMode.Online), policy is null ? null : new SignerRevocation(new CrlClient(_http), policy));
        var now = isExpired ? s_now.AddDays(90) : s_now;
        if (isW3c)
        {
            return await W3cVerifier.VerifyCredentialAsync(await IssueW3cAsync(format, certificate), new W3cExpectations
            {
                Trust = trust,
                Now = now,
                Binding = KeyBindingExpectation.NotRequested,
                Status = status,
                Revocation = revocation,
                AcceptsDataModelV1 = format == CredentialFormat.JwtVcJson,
            }, Ct);
        }

        switch (format)
        {
            case CredentialFormat.SdJwtVc:
                var content = new SdJwtContent
                {
                    Type = "urn:test:1",
                    Claims = new JsonObject(),
                    Disclosable = [],
                    Certificates = isPinned ? [] : [certificate],
                    HolderKey = _holder.PublicKey,
                    IssuedAt = s_now,
                    ExpiresAt = s_now.AddDays(30),
                };
                return await SdJwtVerifier.VerifyAsync(await SdJwtIssuer.IssueAsync(content, _key, Ct), new SdJwtExpectations
                {
                    Trust = trust,
                    Now = now,
                    KeyBinding = KeyBindingExpectation.NotRequested,
                    Status = status,
                    Revocation = revocation,
                }, Ct);
            case CredentialFormat.Mdoc:
                var mdoc = new MdocContent
                {
                    DocType = MdocNames.MdlDocType,
                    NameSpaces = MdocElements.FromJson(MdocNames.MdlDocType, StrictJson.Parse(MdocAgency.Licence)),
                    DeviceKey = _holder.PublicKey,
                    Certificates = [certificate],
                    Signed = s_now,
                    ValidUntil = s_now.AddDays(30),
                };
                return await MdocVerifier.VerifyAsync(await MdocIssuer.IssueAsync(mdoc, _key, Ct), new MdocExpectations
                {
                    Trust = trust,
                    Now = now,
                    DeviceAuth = DeviceAuthExpectation.NotRequested,
                    Status = status,
                    Revocation = revocation,
                }, Ct);
            default:
                var printed = new QrDocumentContent
                {
                    Type = QrAgency.Type,
                    Claims = StrictJson.Parse(QrAgency.Resident),
                    IssuedAt = s_now,
                    ExpiresAt = s_now.AddDays(30),
                    Certificates = [certificate],
                };
                return await QrDocumentVerifier.VerifyAsync(await QrDocumentIssuer.IssueAsync(printed, _key, Ct), new QrDocumentExpectations
                {
                    Trust = trust,
                    Now = now,
                    IsHolderBindingRequired = false,
                    Status = status,
                    Revocation = revocation,
                }, Ct);
        }
    }

    private async Task<byte[]> IssueW3cAsync(string format, X509Certificate2 certificate)
    {
        var isV1 = format == CredentialFormat.JwtVcJson;
        var content = new W3cContent
        {
            Credential = (isV1 ? University.DiplomaV1 : (Func<Action<JsonObject>, JsonObject>)University.Diploma)(document =>
            {
                document["issuer"] = "https://university.example";
                document[isV1 ? "expirationDate" : "validUntil"] = "2026-12-02T00:00:00Z";
            }),
            Certificates = [certificate],
            SignedAt = s_now,
        };
        return format switch
        {
            CredentialFormat.VcCose => await W3cIssuer.IssueCoseAsync(content, _key, Ct),
            CredentialFormat.LegacySdJwtVc => Encoding.ASCII.GetBytes(await W3cIssuer.IssueSdJwtAsync(content, _key, Ct)),
            CredentialFormat.VcJwt => Encoding.ASCII.GetBytes(await W3cIssuer.IssueJwtAsync(content, _key, Ct)),
            _ => Encoding.ASCII.GetBytes(await W3cIssuer.IssueJwtV1Async(content, _key, Ct)),
        };
    }

    private static void AssertOnly(VerificationReport report, CheckOutcome outcome, string? code)
    {
        var check = report.Checks.Single(one => one.Id is SdJwtChecks.IssuerKey or MdocChecks.IssuerChain);
        Assert.Equal((outcome, code), (check.Outcome, check.Code));
        Assert.Equal(outcome == CheckOutcome.Passed, report.IsAccepted);
        var status = report.Checks.Single(one => one.Id == "status");
        Assert.Equal(report.IsAccepted ? null : check.Id, status.BlockedBy);
        Assert.All(report.Checks.Where(one => one != check && one != status), one => Assert.True(one.Outcome is CheckOutcome.Passed or CheckOutcome.NotApplicable, one.Id));
    }

    [Theory]
    [MemberData(nameof(Formats))]
    [Trait("Row", "MDI-24")]
    public async Task A_revoked_signer_is_refused_and_its_neighbour_is_not(string format)
    {
        foreach (var policy in new[] { new CrlPolicy(), CrlPolicy.IfAvailable })
        {
            Publish(new RevokedCertificate(new byte[] { 0x40, 1, 2 }, s_now));
            AssertOnly(await VerifyAsync(format, policy), CheckOutcome.Passed, null);
            AssertOnly(await VerifyAsync(format, policy, revoked => Publish(revoked)), CheckOutcome.Failed, CrlCodes.Revoked);
        }
    }

    [Theory]
    [MemberData(nameof(Formats))]
    [Trait("Row", "MDI-24")]
    public async Task A_list_that_cannot_be_had_is_for_the_policy(string format)
    {
        AssertOnly(await VerifyAsync(format, new CrlPolicy()), CheckOutcome.Indeterminate, CrlCodes.Unreachable);
        AssertOnly(await VerifyAsync(format, CrlPolicy.IfAvailable), CheckOutcome.Passed, CrlCodes.Unreachable);
        var fetches = _server.Requests.Count;
        AssertOnly(await VerifyAsync(format, new CrlPolicy(CrlMode.Skip)), CheckOutcome.Passed, null);
        AssertOnly(await VerifyAsync(format, null), CheckOutcome.Passed, null);
        Assert.Equal(fetches, _server.Requests.Count);
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public async Task Nothing_is_fetched_for_a_credential_that_is_no_good(string format)
    {
        Publish();
        var report = await VerifyAsync(format, new CrlPolicy(), isExpired: true);
        Assert.Equal("validity", Assert.Single(report.Checks, one => one.Outcome == CheckOutcome.Failed).Id);
        Assert.Empty(_server.Requests);
    }

    [Fact]
    public async Task A_key_that_is_trusted_itself_has_no_certificate_to_revoke() =>
        AssertOnly(await VerifyAsync(CredentialFormat.SdJwtVc, new CrlPolicy(), isPinned: true), CheckOutcome.Passed, null);
}
