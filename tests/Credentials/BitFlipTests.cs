using System.Text;
using System.Text.Json;
using Credentials.Codecs;
using Credentials.DataIntegrity;
using Credentials.Dcql;
using Credentials.Jose;
using Credentials.JsonLd;
using Credentials.Keys.Software;
using Credentials.Mdoc;
using Credentials.Mdoc.Proximity;
using Credentials.OpenId4Vci;
using Credentials.OpenId4Vp;
using Credentials.QrDocuments;
using Credentials.SdJwt;
using Credentials.StatusLists;
using Credentials.Tests.DataIntegrity;
using Credentials.Tests.Mdoc;
using Credentials.Tests.OpenId4Vp;
using Credentials.Tests.QrDocuments;
using Credentials.Tests.SdJwt;
using Credentials.Tests.StatusLists;
using Credentials.Tests.W3c;
using Credentials.W3c;

namespace Credentials.Tests;

/// <summary>
/// One bit of every byte of what is signed, authenticated or encrypted is changed: all of it is refused. What is not covered by a
/// signature is listed with its test.
/// </summary>
public class BitFlipTests
{
    // The response says its version outside of everything signed, and versions 1.x are read alike.
    private const string MinorVersion = "versionc1.|0";

    private static readonly DateTimeOffset _now = Workshop.Now;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task SD_JWT() => await EveryFlipIsRefusedAsync(
        await Workshop.IssueAsync(), async text => (await Workshop.VerifyAsync(text)).IsAccepted);

    [Fact]
    public async Task Key_binding_JWT()
    {
        var credential = SdJwtCredential.Parse(await Workshop.IssueAsync());
        var text = await SdJwtPresenter.PresentAsync(
            credential, [ClaimPath.ParseText("given_name")], new KeyBinding(Workshop.Audience, Workshop.Nonce, _now), Workshop.HolderKey, Ct);
        await EveryFlipIsRefusedAsync(text, async changed => (await Workshop.VerifyAsync(changed, Workshop.Bound)).IsAccepted);
    }

    [Fact]
    public async Task W3C_credential_as_JWT() => await EveryFlipIsRefusedAsync(
        await University.IssueAsync(), async text => (await W3cVerifier.VerifyCredentialAsync(text, University.Expected, Ct)).IsAccepted);

    [Fact]
    public async Task W3C_credential_as_SD_JWT() => await EveryFlipIsRefusedAsync(
        await W3cIssuer.IssueSdJwtAsync(University.Content() with { Disclosable = [ClaimPath.ParseText("credentialSubject.degree")] }, University.IssuerKey, Ct),
        async text => (await W3cVerifier.VerifyCredentialAsync(text, University.Expected, Ct)).IsAccepted);

    [Fact]
    public async Task W3C_credential_in_COSE() => await EveryFlipIsRefusedAsync(
        await W3cIssuer.IssueCoseAsync(University.Content(), University.IssuerKey, Ct),
        async bytes => (await W3cVerifier.VerifyCredentialAsync(bytes, University.Expected, Ct)).IsAccepted);

    [Fact]
    public async Task W3C_presentation_as_JWT() => await EveryFlipIsRefusedAsync(
        await University.PresentAsync(University.Showing(await University.IssueAsync())),
        async text => (await W3cVerifier.VerifyPresentationAsync(text, University.Bound, Ct)).IsAccepted);

    [Theory]
    [InlineData(DataIntegrityNames.EddsaJcs2022, "ed")]
    [InlineData(DataIntegrityNames.EddsaRdfc2022, "ed")]
    [InlineData(DataIntegrityNames.EcdsaSd2023, "p256")]
    public async Task Data_Integrity_proof(string suite, string key)
    {
        using var parties = new Parties();
        var document = await parties.SignAsync(suite, key, options => options with { MandatoryPointers = suite == DataIntegrityNames.EcdsaSd2023 ? ["/issuer"] : [] });
        if (suite == DataIntegrityNames.EcdsaSd2023)
            document = DataIntegrityPresenter.Derive(StrictJson.ToElement(document), ["/credentialSubject/degree"], JsonLdContexts.BuiltIn);
        await EveryFlipIsRefusedAsync(StrictJson.ToText(document), async text => (await DataIntegrityVerifier.VerifyAsync(StrictJson.Parse(text), parties.Expected, Ct)).IsVerified);
    }

    [Fact]
    public async Task Mdoc()
    {
        using var agency = new MdocAgency(_now);
        var shown = (await agency.IssueAsync()).Select((_, element) => element is "family_name" or "age_over_19");
        await EveryFlipIsRefusedAsync(shown.Encode(), bytes => IsAcceptedAsync(bytes, agency.Expectations));
    }

    [Fact]
    public async Task DeviceResponse_with_a_signature()
    {
        using var agency = new MdocAgency(_now);
        var document = await MdocPresenter.SignAsync(await agency.IssueAsync(), IsShown, Session, agency.Device, Ct);
        await EveryFlipIsRefusedAsync(
            MdocPresenter.Respond(document).Encode(),
            bytes => IsAcceptedAsync(bytes, agency.Expectations with { DeviceAuth = DeviceAuthExpectation.Required(Session) }),
            MinorVersion);
    }

    [Fact]
    public async Task DeviceResponse_with_a_MAC()
    {
        using var agency = new MdocAgency(_now);
        using var reader = SoftwareKeyAgreementKey.Generate();
        using var device = SoftwareKeyAgreementKey.FromPrivateJwk(StrictJson.ToElement(agency.Device.ExportPrivateJwk()));
        var document = await MdocPresenter.AuthenticateAsync(await agency.IssueAsync(), IsShown, Session, device, reader.PublicKey, Ct);
        await EveryFlipIsRefusedAsync(
            MdocPresenter.Respond(document).Encode(),
            bytes => IsAcceptedAsync(bytes, agency.Expectations with { DeviceAuth = DeviceAuthExpectation.Required(Session, reader) }),
            MinorVersion);
    }

    [Theory]
    [InlineData("carrying its certificates")]
    [InlineData("naming its signer")]
    [InlineData("HCERT")]
    public async Task Printed_document(string kind)
    {
        using var agency = new QrAgency(_now);
        var text = kind == "HCERT" ? await agency.IssueHcertAsync() : await agency.IssueAsync(agency.Content with { CarriesCertificates = kind == "carrying its certificates" });
        await EveryFlipIsRefusedAsync(
            QrDocumentText.Decode(text), async bytes => (await QrAgency.VerifyAsync(QrDocumentText.Encode(text[..4], bytes), agency.Expectations)).IsAccepted);
    }

    [Fact]
    public async Task Status_list_JWT()
    {
        const string Uri = "https://agency.example/status/1";
        using var agency = new Agency("Agency", _now);
        await EveryFlipIsRefusedAsync(
            await agency.TokenAsync(Uri, _now), text => Task.FromResult(StatusListToken.Parse(text).FindProblem(Uri, agency.Status, _now) is null));
    }

    [Fact]
    public async Task Status_list_CWT()
    {
        const string Uri = "https://agency.example/status/1";
        using var agency = new Agency("Agency", _now);
        await EveryFlipIsRefusedAsync(
            await StatusListToken.IssueCwtAsync(agency.Content(Uri, _now), agency.Key, Ct),
            bytes => Task.FromResult(StatusListToken.Parse(bytes).FindProblem(Uri, agency.Status, _now) is null));
    }

    [Fact]
    public async Task Identifier_list()
    {
        const string Uri = "https://agency.example/revoked/1";
        using var agency = new Agency("Agency", _now);
        var content = new IdentifierListTokenContent
        {
            Uri = Uri,
            List = IdentifierList.Create([new byte[] { 1, 2, 3 }]),
            IssuedAt = _now,
            ExpiresAt = _now.AddDays(1),
            Certificates = [agency.Certificate],
        };
        await EveryFlipIsRefusedAsync(
            await IdentifierListToken.IssueAsync(content, agency.Key, Ct),
            bytes => Task.FromResult(IdentifierListToken.Parse(bytes).FindProblem(Uri, agency.Status, _now) is null));
    }

    [Fact]
    public async Task Key_proof()
    {
        const string Issuer = "https://issuer.example";
        var expected = new KeyProofExpectations { CredentialIssuer = Issuer, ClientId = null, Algorithms = ["ES256"], NonceRequired = true, Now = _now };
        await EveryFlipIsRefusedAsync(
            await KeyProof.CreateAsync(Workshop.HolderKey, Issuer, "nonce", null, _now, ct: Ct), text => Task.FromResult(KeyProof.Verify(text, expected) is not null));
    }

    [Fact]
    public async Task Request_object()
    {
        using var parties = new PresentationParties();
        var request = parties.Request();
        await EveryFlipIsRefusedAsync(
            await parties.SignAsync(request),
            text => Task.FromResult(RequestVerifier.Verify(text, PresentationParties.Link(request), parties.Expected()).IsTrusted));
    }

    [Fact]
    public async Task JWE()
    {
        using var key = SoftwareKeyAgreementKey.Generate();
        await EveryFlipIsRefusedAsync(
            await Jwe.EncryptAsync("a response"u8.ToArray(), key.PublicKey, JweEncryption.A256Gcm, "k1"),
            async text => (await Jwe.DecryptAsync(CompactJwe.Parse(text), key, JweEncryption.All, Ct)).Length > 0);
    }

    [Fact]
    public async Task Session_data()
    {
        var keys = new SessionKeys([.. Enumerable.Repeat((byte)1, 32)], [.. Enumerable.Repeat((byte)2, 32)]);
        using var sender = SessionCipher.OfDevice(keys);
        var message = new SessionData(sender.Encrypt("a response"u8), null).Encode();
        await EveryFlipIsRefusedAsync(message, bytes =>
        {
            using var receiver = SessionCipher.OfDevice(keys);
            return Task.FromResult(SessionData.Parse(bytes).Data is { } data && receiver.Decrypt(data.Span).Length > 0);
        });
    }

    // The engagement itself is not signed: it is part of the session transcript, so that a changed one gives other session keys.
    [Fact]
    public async Task Engagement()
    {
        using var holderKey = SoftwareKeyAgreementKey.Generate();
        var engagement = DeviceEngagement.Create(holderKey.PublicKey, [new NfcRetrieval(255, 256)]);
        await EveryFlipIsRefusedAsync(engagement.Encode().ToArray(), async bytes =>
        {
            var sessionKey = SoftwareKeyAgreementKey.FromPrivateJwk(StrictJson.ToElement(holderKey.ExportPrivateJwk()));
            using var holder = ProximityHolderSession.Begin(sessionKey, engagement, SessionTranscript.QrHandover);
            using var reader = await ProximityReaderSession.BeginAsync(DeviceEngagement.Parse(bytes), cancellationToken: Ct);
            return (await holder.ReceiveAsync(reader.Request("a request"u8.ToArray()), Ct)).Payload is not null;
        });
    }

    private static SessionTranscript Session { get; } = SessionTranscript.FromEncoded(System.Convert.FromHexString("83f6f66773657373696f6e"));

    private static bool IsShown(string nameSpace, string element) => element is "family_name" or "age_over_19";

    // Both elements are asked for, so that one that cannot be found any more is missed.
    private static async Task<bool> IsAcceptedAsync(byte[] bytes, MdocExpectations expected) =>
        (await MdocVerifier.VerifyAsync(bytes, expected with { DocTypes = [MdocNames.MdlDocType], Query = FindMissing }, Ct)).IsAccepted;

    private static string? FindMissing(IssuerSigned mdoc, JsonElement claims) =>
        claims.Member(MdocNames.MdlNamespace) is { } licence && licence.Member("family_name") is not null && licence.Member("age_over_19") is not null
            ? null
            : DcqlCodes.ClaimMissing;

    private static Task EveryFlipIsRefusedAsync(string text, Func<string, Task<bool>> accept) =>
        EveryFlipIsRefusedAsync(Encoding.Latin1.GetBytes(text), bytes => accept(Encoding.Latin1.GetString(bytes)));

    /// <param name="unsigned">Bytes that nothing covers, each after ten bytes before it.</param>
    private static async Task EveryFlipIsRefusedAsync(byte[] bytes, Func<byte[], Task<bool>> accept, params string[] unsigned)
    {
        Assert.True(await IsAcceptedAsync(accept, bytes), "The artefact itself is refused.");
        var accepted = new List<string>();
        for (var i = 0; i < bytes.Length; i++)
        {
            var changed = bytes.ToArray();
            changed[i] ^= (byte)(1 << (i % 8));
            if (await IsAcceptedAsync(accept, changed))
                accepted.Add($"{Encoding.Latin1.GetString(bytes[Math.Max(0, i - 10)..i])}|{(char)bytes[i]}");
        }
        Assert.Equal(unsigned, accepted);
    }

    private static async Task<bool> IsAcceptedAsync(Func<byte[], Task<bool>> accept, byte[] bytes)
    {
        try
        {
            return await accept(bytes);
        }
        catch (CredentialException)
        {
            return false;
        }
    }
}
