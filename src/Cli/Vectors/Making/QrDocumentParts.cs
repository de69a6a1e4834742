using System.Formats.Cbor;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.Cose;
using Credentials.Jose;
using Credentials.Keys;
using Credentials.Keys.Software;
using Credentials.QrDocuments;
using Credentials.X509;

namespace Credentials.Cli.Vectors.Making;

/// <summary>The pieces that printed documents good and bad are put together from, with keys made for one run.</summary>
internal sealed class QrDocumentParts : IDisposable
{
    internal const string Type = "urn:credentials:kr:resident-certificate:1";

    internal static readonly DateTimeOffset Now = new(2026, 11, 2, 9, 0, 0, TimeSpan.Zero);

    private const string Resident = """
        { "family_name": "김", "given_name": "민", "birth_date": "1990-05-01", "certificate_number": "2026-00017", "issue_date": "2026-11-02",
          "address": { "region": "서울특별시", "city": "종로구" } }
        """;

    private const string Test = """
        { "ver": "1.3.0", "dob": "1990-05-01", "nam": { "fn": "Kim", "fnt": "KIM", "gn": "Min", "gnt": "MIN" },
          "t": [ { "tg": "840539006", "tt": "LP6464-4", "sc": "2026-11-01T12:34:56Z", "tr": "260415000", "co": "AT", "is": "Ministry of Health", "ci": "URN:UVCI:01:AT:1#A" } ] }
        """;

    private readonly CertificateAuthority _authority;
    private readonly X509Certificate2 _signer;

    internal QrDocumentParts()
    {
        var founded = Now.AddDays(-60);
        _authority = CertificateAuthority.Create("Test root", "KR", founded);
        _signer = _authority.IssueDocumentSigner("Test signer", Key, founded);
    }

    internal SoftwareSigningKey Key { get; } = SoftwareSigningKey.Generate(SignatureAlgorithm.Es256);

    internal SoftwareSigningKey OtherKey { get; } = SoftwareSigningKey.Generate(SignatureAlgorithm.Es256);

    internal QrDocumentContent Content => new()
    {
        Type = Type,
        Claims = StrictJson.Parse(Resident),
        IssuedAt = Now.AddDays(-1),
        ExpiresAt = Now.AddDays(89),
        Certificates = [_signer],
    };

    internal HcertContent Hcert => new() { Dcc = StrictJson.Parse(Test), Country = "KR", IssuedAt = Now.AddDays(-1), ExpiresAt = Now.AddDays(89), Signer = _signer };

    /// <summary>Trust in the authority, for documents that carry their chain.</summary>
    internal JsonObject TrustInAuthority => Certificates(_authority.Certificate);

    /// <summary>Trust in the signer, for documents that name it.</summary>
    internal JsonObject TrustInSigner => Certificates(_signer);

    /// <summary>Trust in the signer's bare key.</summary>
    internal JsonObject TrustInKey => new() { ["keys"] = new JsonArray(new JsonObject { ["jwk"] = Jwk.Write(Key.PublicKey) }) };

    internal Task<string> IssueAsync(QrDocumentContent? content = null, ISigningKey? key = null) => QrDocumentIssuer.IssueAsync(content ?? Content, key ?? Key).AsTask();

    internal Task<string> IssueHcertAsync() => QrDocumentIssuer.IssueHcertAsync(Hcert, Key).AsTask();

    /// <summary>The issuer's key, certified by an authority that nobody trusts.</summary>
    internal async Task<string> IssueAsStrangerAsync()
    {
        using var stranger = CertificateAuthority.Create("Stranger", "KR", Now.AddDays(-60));
        return await IssueAsync(Content with { Certificates = [stranger.IssueDocumentSigner("Strange signer", Key, Now.AddDays(-60))] });
    }

    /// <summary>The good document signed anew by another key, or with one of its claims written by somebody else.</summary>
    internal async Task<string> SignAnewAsync(ISigningKey? key = null, long? claim = null, Action<CborWriter>? value = null)
    {
        var good = CborValue.Decode(QrDocument.Parse(await IssueAsync()).Message.Payload!.Value);
        var payload = CborWriting.Encode(writer =>
        {
            var isNew = claim is { } added && good.Find(added) is null;
            writer.WriteStartMap(good.Count + (isNew ? 1 : 0));
            foreach (var (name, old) in good.EnumerateMap())
            {
                writer.WriteEncoded(name.Encoded);
                if (name.GetInt64() == claim) value!(writer);
                else writer.WriteEncoded(old.Encoded);
            }

            if (isNew)
            {
                writer.WriteInt64(claim!.Value);
                value!(writer);
            }

            writer.WriteEndMap();
        });
        var message = await CoseSign1.SignAsync(
            payload, key ?? Key, [CoseHeader.Type(QrDocumentNames.QrCwtMediaType)], [CoseHeader.X5Chain(X5Chain.ForHeader([_signer]))]);
        return QrDocumentText.Encode(QrDocumentNames.QrCwtPrefix, CborWriting.Encode(writer =>
        {
            writer.WriteTag((CborTag)CoseNames.Sign1Tag);
            writer.WriteEncoded(message);
        }));
    }

    private static JsonObject Certificates(X509Certificate2 certificate) => new() { ["certificates"] = new JsonArray(certificate.ExportCertificatePem()) };

    public void Dispose()
    {
        _authority.Dispose();
        _signer.Dispose();
        Key.Dispose();
        OtherKey.Dispose();
    }
}
