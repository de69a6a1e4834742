using System.Formats.Cbor;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Credentials.Codecs;
using Credentials.Cose;
using Credentials.Keys;
using Credentials.Keys.Software;
using Credentials.Mdoc;
using Credentials.StatusLists;
using Credentials.X509;

namespace Credentials.Cli.Vectors.Making;

/// <summary>The pieces that mdocs good and bad are put together from, with keys made for one run.</summary>
internal sealed class MdocParts : IDisposable
{
    internal static readonly DateTimeOffset Now = new(2026, 11, 2, 9, 0, 0, TimeSpan.Zero);

    private const string Licence = """
        { "org.iso.18013.5.1": {
            "family_name": "Kim", "given_name": "Min", "birth_date": "1990-05-01", "issue_date": "2026-01-02", "expiry_date": "2031-01-02",
            "issuing_country": "KR", "issuing_authority": "Seoul", "document_number": "11-26-123456-78", "portrait": "AAECAw",
            "driving_privileges": [ { "vehicle_category_code": "B", "issue_date": "2026-01-02" } ], "un_distinguishing_sign": "ROK", "age_over_19": true } }
        """;

    private static readonly DateTimeOffset Founded = Now.AddDays(-60);

    private readonly SoftwareSigningKey _issuerKey = SoftwareSigningKey.Generate(SignatureAlgorithm.Es256);
    private readonly SoftwareSigningKey _deviceKey = SoftwareSigningKey.Generate(SignatureAlgorithm.Es256);
    private readonly X509Certificate2 _signer;

    internal MdocParts()
    {
        Authority = CertificateAuthority.Create("Test root", "KR", Founded);
        _signer = Authority.IssueDocumentSigner("Test signer", _issuerKey, Founded);
    }

    internal CertificateAuthority Authority { get; }

    internal SoftwareSigningKey OtherKey { get; } = SoftwareSigningKey.Generate(SignatureAlgorithm.Es256);

    internal SoftwareKeyAgreementKey ReaderKey { get; } = SoftwareKeyAgreementKey.Generate();

    internal SessionTranscript Session { get; } = TranscriptOf(1);

    internal SessionTranscript OtherSession { get; } = TranscriptOf(2);

    internal MdocContent Content => new()
    {
        DocType = MdocNames.MdlDocType,
        NameSpaces = MdocElements.FromJson(MdocNames.MdlDocType, StrictJson.Parse(Licence)),
        DeviceKey = _deviceKey.PublicKey,
        Certificates = [_signer],
        Signed = Now.AddDays(-40),
        ValidUntil = Now.AddDays(30),
    };

    /// <summary>The same elements, with a name that is a number.</summary>
    internal MdocContent ContentOfWrongType()
    {
        var elements = Content.NameSpaces[MdocNames.MdlNamespace].ToDictionary();
        elements["family_name"] = CborWriting.Encode(writer => writer.WriteInt32(1));
        return Content with { NameSpaces = new Dictionary<string, IReadOnlyDictionary<string, ReadOnlyMemory<byte>>> { [MdocNames.MdlNamespace] = elements } };
    }

    /// <summary>The issuer's key, certified by an authority that nobody trusts.</summary>
    internal MdocContent ContentOfStranger()
    {
        using var stranger = CertificateAuthority.Create("Stranger", "KR", Founded);
        return Content with { Certificates = [stranger.IssueDocumentSigner("Strange signer", _issuerKey, Founded)] };
    }

    internal async Task<IssuerSigned> IssueAsync(MdocContent? content = null, ISigningKey? key = null) =>
        IssuerSigned.Parse(await MdocIssuer.IssueAnythingAsync(content ?? Content, key ?? _issuerKey));

    /// <summary>A response with a device signature, good unless something is given that is not.</summary>
    internal async Task<byte[]> SignAsync(IssuerSigned? issued = null, SessionTranscript? session = null, ISigningKey? key = null, bool isWithheld = false) =>
        MdocPresenter.Respond(await MdocPresenter.SignAsync(
            issued ?? await IssueAsync(), (_, element) => element == "family_name" || (element == "age_over_19" && !isWithheld), session ?? Session, key ?? _deviceKey)).Encode();

    /// <summary>A response with a device MAC for <see cref="ReaderKey"/>.</summary>
    internal async Task<byte[]> AuthenticateAsync()
    {
        using var device = SoftwareKeyAgreementKey.FromPrivateJwk(StrictJson.ToElement(_deviceKey.ExportPrivateJwk()));
        return MdocPresenter.Respond(await MdocPresenter.AuthenticateAsync(
            await IssueAsync(), (_, element) => element is "family_name" or "age_over_19", Session, device, ReaderKey.PublicKey)).Encode();
    }

    /// <summary>A response whose device signature covers another document type, or a data element of the device's own.</summary>
    internal async Task<byte[]> SignAsync(string docType, bool hasOwnElement)
    {
        var elements = EncodedCbor.Wrap(CborWriting.Encode(writer => WriteDeviceElements(writer, hasOwnElement)));
        var signature = await CoseSign1.SignAsync(DeviceAuthentication.Bytes(Session, docType, elements), _deviceKey, isDetached: true);
        var deviceSigned = CborWriting.Encode(writer =>
        {
            writer.WriteStartMap(2);
            writer.WriteTextString("nameSpaces");
            writer.WriteEncoded(elements.Bytes);
            writer.WriteTextString("deviceAuth");
            writer.WriteStartMap(1);
            writer.WriteTextString("deviceSignature");
            writer.WriteEncoded(signature);
            writer.WriteEndMap();
            writer.WriteEndMap();
        });
        var document = new MdocDocument(docType, await IssueAsync(), DeviceSigned.Parse(CborValue.Decode(deviceSigned)));
        return MdocPresenter.Respond(document).Encode();
    }

    /// <summary>The same bytes with one text for another of the same length.</summary>
    internal static byte[] Replace(byte[] bytes, string text, string other)
    {
        var at = bytes.AsSpan().IndexOf(Encoding.UTF8.GetBytes(text));
        var changed = bytes.ToArray();
        Encoding.UTF8.GetBytes(other).CopyTo(changed, at);
        return changed;
    }

    /// <summary>A status reference without an index.</summary>
    internal sealed record IncompleteStatus() : CredentialStatus("https://status.example/1")
    {
        protected override string Mechanism => "status_list";

        protected override void WriteInfo(CborWriter writer)
        {
            writer.WriteStartMap(1);
            writer.WriteTextString("uri");
            writer.WriteTextString(Uri);
            writer.WriteEndMap();
        }
    }

    private static void WriteDeviceElements(CborWriter writer, bool hasOwnElement)
    {
        writer.WriteStartMap(hasOwnElement ? 1 : 0);
        if (hasOwnElement)
        {
            writer.WriteTextString(MdocNames.MdlNamespace);
            writer.WriteStartMap(1);
            writer.WriteTextString("family_name");
            writer.WriteTextString("Lee");
            writer.WriteEndMap();
        }
        writer.WriteEndMap();
    }

    // A transcript of the shape that OpenID4VP has (Appendix B.2.6).
    private static SessionTranscript TranscriptOf(byte session) => SessionTranscript.FromEncoded(CborWriting.Encode(writer =>
    {
        writer.WriteStartArray(3);
        writer.WriteNull();
        writer.WriteNull();
        writer.WriteStartArray(2);
        writer.WriteTextString("OpenID4VPHandover");
        writer.WriteByteString([.. Enumerable.Repeat(session, 32)]);
        writer.WriteEndArray();
        writer.WriteEndArray();
    }));

    public void Dispose()
    {
        _issuerKey.Dispose();
        _deviceKey.Dispose();
        _signer.Dispose();
        OtherKey.Dispose();
        ReaderKey.Dispose();
        Authority.Dispose();
    }
}
