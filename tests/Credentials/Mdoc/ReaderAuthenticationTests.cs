using System.Security.Cryptography.X509Certificates;
using Credentials.Codecs;
using Credentials.Keys;
using Credentials.Keys.Software;
using Credentials.Mdoc;
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

    [Theory]
    [InlineData("a1")]
    [InlineData("80")]
    [InlineData("a26776657273696f6e63312e306b646f63526571756573747380")] // no document request
    [InlineData("a26776657273696f6e63322e306b646f63526571756573747380")] // version 2.0
    public void What_is_no_request_is_refused(string hex) =>
        Assert.StartsWith("mdoc.", Assert.Throws<MalformedDataException>(() => DeviceRequest.Parse(Convert.FromHexString(hex))).Code, StringComparison.Ordinal);

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
                if (!key.TextEquals("docRequests"u8))
                {
                    writer.WriteEncoded(value.Encoded);
                    continue;
                }

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
