using System.Formats.Cbor;
using System.Security.Cryptography.X509Certificates;
using Credentials.Codecs;
using Credentials.Cose;
using Credentials.Keys;
using Credentials.Keys.Software;
using Credentials.Mdoc;
using Credentials.Tests.Mdoc.Proximity;
using Credentials.Tests.Shared;
using Credentials.Trust;
using Credentials.X509;

namespace Credentials.Tests.Mdoc;

/// <summary>Who asks: what a holder may believe of a signed request.</summary>
public sealed class ReaderAuthenticationTests : IDisposable
{
    private static readonly ItemsRequest s_licence = Ask(MdocNames.MdlDocType, "family_name");
    private static readonly ItemsRequest s_card = Ask("org.example.card", "number");

    private readonly DateTimeOffset _now = new TestClock().Now;
    private readonly CertificateAuthority _authority;
    private readonly SoftwareSigningKey _key = SoftwareSigningKey.Generate(SignatureAlgorithm.Es256);
    private readonly X509Certificate2 _certificate;

    public ReaderAuthenticationTests()
    {
        _authority = CertificateAuthority.Create("Readers", "KR", _now);
        _certificate = _authority.IssueAccessCertificate("Bank", _key, [], _now);
    }

    private TrustStore Trust => TrustStore.Create([TrustAnchor.ForCertificate(_authority.Certificate, TrustPurpose.Verifier)]);

    public void Dispose()
    {
        _authority.Dispose();
        _certificate.Dispose();
        _key.Dispose();
    }

    [Fact]
    public async Task A_trusted_reader_is_known_by_its_certificate_for_each_request_and_for_all()
    {
        foreach (var sent in (DeviceRequest[])[await SignAsync(), await SignAllAsync()])
        {
            var received = DeviceRequest.Parse(sent.Encode());
            Assert.Equal(sent.Encode(), received.Encode());
            var identities = ReaderAuthentication.Verify(received, Session("one"), Trust, _now);
            Assert.Equal(2, identities.Count);
            Assert.All(identities, identity => Assert.True(identity.IsVerified, identity.Code));
            Assert.All(identities, identity => Assert.Equal(_certificate.RawData, identity.Certificate!.RawData));
        }
    }

    [Fact]
    public void A_request_without_a_signature_comes_from_nobody()
    {
        var identity = ReaderAuthentication.Verify(DeviceRequest.Create(s_licence), Session("one"), Trust, _now)[0];
        Assert.False(identity.IsVerified);
        Assert.Equal(MdocCodes.ReaderAuthMissing, identity.Code);
    }

    [Fact]
    public async Task What_a_stranger_says_of_itself_is_known_only_if_the_signature_is_by_its_key()
    {
        var request = await SignAsync();
        Assert.Equal(_certificate.RawData, ReaderAuthentication.Verify(request, Session("one"), TrustStore.Empty, _now)[0].UnverifiedCertificate?.RawData);
        Assert.Null(ReaderAuthentication.Verify(request, Session("another"), TrustStore.Empty, _now)[0].UnverifiedCertificate);
        Assert.Null(ReaderAuthentication.Verify(request, Session("one"), Trust, _now)[0].UnverifiedCertificate);
    }

    [Fact]
    [Trait("Row", "MDD-17")]
    public async Task No_name_is_shown_for_a_reader_that_nobody_vouches_for()
    {
        var request = await SignAsync();
        AssertRefused(request, MdocCodes.ReaderAuthInvalid, session: "another");
        AssertRefused(request, TrustCodes.NoAnchors, trust: TrustStore.Empty);
        using var others = CertificateAuthority.Create("Others", "KR", _now);
        AssertRefused(request, X509Codes.Untrusted, trust: TrustStore.Create([TrustAnchor.ForCertificate(others.Certificate, TrustPurpose.Verifier)]));
        // An authority of issuers does not vouch for readers.
        AssertRefused(request, TrustCodes.NoAnchors, trust: TrustStore.Create([TrustAnchor.ForCertificate(_authority.Certificate, TrustPurpose.CredentialIssuer)]));
        AssertRefused(request, X509Codes.Validity, now: _now.AddDays(500));
        using var thief = SoftwareSigningKey.Generate(SignatureAlgorithm.Es256);
        AssertRefused(await SignAsync(thief), MdocCodes.ReaderAuthInvalid);
        // A document signer is no reader.
        using var signer = _authority.IssueDocumentSigner("Signer", _key, _now);
        AssertRefused(
            await DeviceRequest.SignAsync([s_licence], Session("one"), _key, [signer], TestContext.Current.CancellationToken), X509Codes.ExtendedKeyUsage);
    }

    [Fact]
    [Trait("Row", "MDD-17")]
    [Trait("Row", "MDD-18")]
    public async Task A_signature_over_other_items_or_in_another_place_is_refused()
    {
        // The two signatures change places.
        var signed = await SignAsync();
        var swapped = Rewrite(signed, [signed.DocRequests[0] with { ItemsRequest = s_card }, signed.DocRequests[1] with { ItemsRequest = s_licence }]);
        AssertRefused(swapped, MdocCodes.ReaderAuthInvalid);
        // One request is left out, or put elsewhere, under a signature over all of them.
        var all = await SignAllAsync();
        AssertRefused(Rewrite(all, [all.DocRequests[0]]), MdocCodes.ReaderAuthInvalid);
        AssertRefused(Rewrite(all, [all.DocRequests[1], all.DocRequests[0]]), MdocCodes.ReaderAuthInvalid);
    }

    // ISO/IEC 18013-5 Annex D.4.1.1, D.5.4
    [Fact]
    public void The_published_request_is_by_its_reader()
    {
        var (input, expect) = (AnnexD.Request.RequireObjectMember("input"), AnnexD.Request.RequireObjectMember("expect"));
        var request = DeviceRequest.Parse(input.Bytes("device_request_hex"));
        Assert.Equal(input.Bytes("device_request_hex"), request.Encode());
        var identity = Assert.Single(ReaderAuthentication.Verify(
            request, AnnexD.TranscriptOf(input), AnnexD.TrustOf(AnnexD.Request, TrustPurpose.Verifier), AnnexD.NowOf(AnnexD.Request)));
        Assert.True(identity.IsVerified, identity.Code);
        Assert.Equal(expect.Bytes("reader_certificate_hex"), identity.Certificate!.RawData);
    }

    // Second edition: ReaderAuthenticationAll has all requests and what the request says besides.
    [Theory]
    [InlineData(null, null, true)]
    [InlineData("a16161 01", "a16161 01", true)]
    [InlineData("a16161 01", null, false)]
    [InlineData("a16161 01", "a16161 02", false)]
    [InlineData(null, "a16161 01", false)]
    public async Task A_signature_over_all_requests_covers_what_the_request_says_besides(string? sent, string? signed, bool accepted)
    {
        var request = Compose(sent, [await SignAllAsync(signed)]);
        Assert.Equal(sent is null, request.DeviceRequestInfo is null);
        Assert.Equal(request.Encode(), DeviceRequest.Parse(request.Encode()).Encode());
        if (!accepted) AssertRefused(request, MdocCodes.ReaderAuthInvalid);
        else Assert.All(ReaderAuthentication.Verify(request, Session("one"), Trust, _now), identity => Assert.True(identity.IsVerified, identity.Code));
    }

    [Fact]
    [Trait("Row", "MDD-17")]
    public async Task Of_several_signatures_every_one_must_verify_and_one_signer_be_trusted()
    {
        using var others = CertificateAuthority.Create("Others", "KR", _now);
        using var stranger = others.IssueAccessCertificate("Stranger", _key, [], _now);
        var (good, unknown, wrong) = (await SignAllAsync(null), await SignAllAsync(null, stranger), await SignAllAsync("a0"));
        foreach (var all in (byte[][][])[[good, unknown], [unknown, good]])
            Assert.All(ReaderAuthentication.Verify(Compose(null, all), Session("one"), Trust, _now), identity => Assert.True(identity.IsVerified, identity.Code));
        AssertRefused(Compose(null, [good, wrong]), MdocCodes.ReaderAuthInvalid);
        AssertRefused(Compose(null, [unknown]), X509Codes.Untrusted);
        // One that is for a single request beside those that are for all.
        var own = (await SignAsync()).DocRequests;
        Assert.All(ReaderAuthentication.Verify(Compose(null, [unknown], own), Session("one"), Trust, _now), identity => Assert.True(identity.IsVerified, identity.Code));
        AssertRefused(Compose(null, [wrong], own), MdocCodes.ReaderAuthInvalid);
        var one = ReaderAuthentication.Verify(Compose(null, [], [own[0], new DocRequest(s_card)]), Session("one"), Trust, _now);
        Assert.Equal([null, MdocCodes.ReaderAuthMissing], one.Select(identity => identity.Code));
    }

    [Fact]
    public async Task A_signature_without_a_certificate_that_can_be_read_is_nobodys()
    {
        var payload = ReaderAuthentication.BytesOfAll(Session("one"), [s_licence, s_card], null);
        foreach (var (header, code) in new (CoseHeader[], string)[] { ([], MdocCodes.ChainMissing), ([CoseHeader.X5Chain([new byte[] { 1, 2, 3 }])], X509Codes.Malformed) })
        {
            var auth = await CoseSign1.SignAsync(payload, _key, unprotectedHeaders: header, isDetached: true, ct: TestContext.Current.CancellationToken);
            AssertRefused(Compose(null, [auth]), code);
        }
    }

    [Theory]
    [InlineData("a1", MdocCodes.Malformed)]
    [InlineData("80", MdocCodes.Malformed)]
    [InlineData("a26776657273696f6e63312e306b646f63526571756573747380", MdocCodes.Malformed)] // no document request
    [InlineData("a26776657273696f6e63322e306b646f63526571756573747380", MdocCodes.Version)] // version 2.0
    public void What_is_no_request_is_refused(string hex, string code) =>
        Assert.Equal(code, Assert.Throws<MalformedDataException>(() => DeviceRequest.Parse(Convert.FromHexString(hex))).Code);

    private static ItemsRequest Ask(string docType, string element) => ItemsRequest.Create(docType, new Dictionary<string, IReadOnlyDictionary<string, bool>>
    {
        ["org.iso.18013.5.1"] = new Dictionary<string, bool> { [element] = true },
    });

    private static SessionTranscript Session(string name) => SessionTranscript.FromEncoded(CborWriting.Encode(writer =>
    {
        writer.WriteStartArray(3);
        writer.WriteNull();
        writer.WriteNull();
        writer.WriteTextString(name);
        writer.WriteEndArray();
    }));

    /// <summary>A request of our own making for the licence and the card.</summary>
    private static DeviceRequest Compose(string? info, IReadOnlyList<byte[]> all, IReadOnlyList<DocRequest>? requests = null) => DeviceRequest.Parse(CborWriting.Encode(writer =>
    {
        writer.WriteStartMap(2 + (info is null ? 0 : 1) + (all.Count == 0 ? 0 : 1));
        writer.WriteTextString("version");
        writer.WriteTextString("1.1");
        writer.WriteTextString("docRequests");
        WriteRequests(writer, requests ?? [new DocRequest(s_licence), new DocRequest(s_card)]);
        if (info is not null)
        {
            writer.WriteTextString("deviceRequestInfo");
            writer.WriteEncoded(Info(info));
        }

        if (all.Count > 0)
        {
            writer.WriteTextString("readerAuthAll");
            writer.WriteStartArray(all.Count);
            foreach (var one in all) writer.WriteEncoded(one);
            writer.WriteEndArray();
        }

        writer.WriteEndMap();
    }));

    private static byte[] Info(string hex) => MdocForge.Wrap(Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal)));

    /// <summary>A signature over both requests, its payload as the second edition has it.</summary>
    private async Task<byte[]> SignAllAsync(string? info, X509Certificate2? certificate = null)
    {
        var payload = MdocForge.Wrap(CborWriting.Encode(writer =>
        {
            writer.WriteStartArray(4);
            writer.WriteTextString("ReaderAuthenticationAll");
            writer.WriteEncoded(Session("one").Bytes);
            writer.WriteStartArray(2);
            writer.WriteEncoded(s_licence.Encoded.Bytes);
            writer.WriteEncoded(s_card.Encoded.Bytes);
            writer.WriteEndArray();
            if (info is null) writer.WriteNull();
            else writer.WriteEncoded(Info(info));
            writer.WriteEndArray();
        }));
        return await CoseSign1.SignAsync(
            payload, _key, unprotectedHeaders: [CoseHeader.X5Chain(X5Chain.ForHeader([certificate ?? _certificate]))], isDetached: true, ct: TestContext.Current.CancellationToken);
    }

    private static void WriteRequests(CborWriter writer, IReadOnlyList<DocRequest> requests)
    {
        writer.WriteStartArray(requests.Count);
        foreach (var one in requests)
        {
            writer.WriteStartMap(one.ReaderAuth is null ? 1 : 2);
            writer.WriteTextString("itemsRequest");
            writer.WriteEncoded(one.ItemsRequest.Encoded.Bytes);
            if (one.ReaderAuth is not null)
            {
                writer.WriteTextString("readerAuth");
                writer.WriteEncoded(one.EncodedReaderAuth);
            }

            writer.WriteEndMap();
        }

        writer.WriteEndArray();
    }

    /// <summary>The request with other document requests under the same signature over all.</summary>
    private static DeviceRequest Rewrite(DeviceRequest request, IReadOnlyList<DocRequest> requests)
    {
        var map = CborValue.Decode(request.Encode());
        return DeviceRequest.Parse(CborWriting.Encode(writer =>
        {
            writer.WriteStartMap(map.Count);
            foreach (var (key, value) in map.EnumerateMap())
            {
                writer.WriteEncoded(key.Encoded);
                if (key.TextEquals("docRequests"u8)) WriteRequests(writer, requests);
                else writer.WriteEncoded(value.Encoded);
            }

            writer.WriteEndMap();
        }));
    }

    private ValueTask<DeviceRequest> SignAsync(ISigningKey? key = null) =>
        DeviceRequest.SignAsync([s_licence, s_card], Session("one"), key ?? _key, [_certificate], TestContext.Current.CancellationToken);

    private ValueTask<DeviceRequest> SignAllAsync() =>
        DeviceRequest.SignAllAsync([s_licence, s_card], Session("one"), _key, [_certificate], TestContext.Current.CancellationToken);

    private void AssertRefused(DeviceRequest request, string code, string session = "one", TrustStore? trust = null, DateTimeOffset? now = null)
    {
        foreach (var identity in ReaderAuthentication.Verify(request, Session(session), trust ?? Trust, now ?? _now))
        {
            Assert.Equal(code, identity.Code);
            Assert.False(identity.IsVerified);
            Assert.Null(identity.Certificate);
        }
    }
}
