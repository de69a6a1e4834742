using System.Formats.Cbor;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Credentials.Codecs;
using Credentials.Cose;
using Credentials.Keys;
using Credentials.StatusLists;
using Credentials.Trust;
using Credentials.X509;
using PublicKey = Credentials.Keys.PublicKey;

namespace Credentials.QrDocuments;

/// <summary>Issues printed documents as the text of a QR code.</summary>
public static class QrDocumentIssuer
{
    /// <summary>
    /// Longest text that is issued, in characters: what a code of version 25 (117 modules a side) holds with medium correction. Telephones
    /// read that from paper of about six centimetres.
    /// </summary>
    public const int MaxTextLength = 1451;

    /// <summary>Signs a document of our own profile.</summary>
    /// <returns>The text for the QR code.</returns>
    /// <exception cref="ArgumentException">The content contradicts itself: times, a certificate of another key, claims that are no object, an empty type.</exception>
    /// <exception cref="MalformedDataException"><c>qr_document.too_large</c>.</exception>
    /// <exception cref="KeyUnavailableException">The key cannot sign.</exception>
    public static async ValueTask<string> IssueAsync(QrDocumentContent content, ISigningKey key, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(content);
        ArgumentNullException.ThrowIfNull(key);
        ArgumentException.ThrowIfNullOrEmpty(content.Type, nameof(content));
        if (content.Claims.ValueKind != JsonValueKind.Object) throw new ArgumentException("The claims are no JSON object.", nameof(content));
        Check(content.IssuedAt, content.ExpiresAt, content.Certificates.Count > 0 ? content.Certificates[0] : null, key);
        var payload = CborWriting.Encode(writer => WriteClaims(writer, content));
        var type = CoseHeader.Type(QrDocumentNames.QrCwtMediaType);
        var message = content.Certificates.Count > 0 && content.CarriesCertificates
            ? await CoseSign1.SignAsync(payload, key, [type], [CoseHeader.X5Chain(X5Chain.ForHeader(content.Certificates))], ct: ct).ConfigureAwait(false)
            : await CoseSign1.SignAsync(payload, key, [CoseHeader.KeyId(KeyIdOf(content, key)), type], ct: ct).ConfigureAwait(false);
        return ToText(QrDocumentNames.QrCwtPrefix, message);
    }

    /// <summary>Signs an HCERT with ES256.</summary>
    /// <returns>The text for the QR code.</returns>
    /// <exception cref="ArgumentException">The times go beyond the signer's certificate, it is of another key, or it may not sign this kind of certificate.</exception>
    /// <exception cref="MalformedDataException"><c>qr_document.content</c>: no DCC; <c>qr_document.too_large</c>.</exception>
    /// <exception cref="KeyUnavailableException">The key cannot sign.</exception>
    public static async ValueTask<string> IssueHcertAsync(HcertContent content, ISigningKey key, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(content);
        ArgumentNullException.ThrowIfNull(key);
        if (key.PublicKey.Algorithm != SignatureAlgorithm.Es256) throw new ArgumentException("An HCERT is signed with ES256 here.", nameof(key));
        Check(content.IssuedAt, content.ExpiresAt, content.Signer, key);
        if (content.IssuedAt < content.Signer.NotBefore) throw new ArgumentException("It is issued before the signer's certificate is valid.", nameof(content));
        var dcc = CborWriting.Encode(writer => writer.WriteJson(content.Dcc));
        if (DccContent.KindOf(CborValue.Decode(dcc)) is not { } kind) throw new MalformedDataException(QrDocumentCodes.Content, "The content is no EU Digital COVID Certificate.");
        if (!DccKeyUsage.Allows(content.Signer, kind)) throw new ArgumentException("The signer's certificate is not for this kind of certificate.", nameof(content));
        var payload = CborWriting.Encode(writer => WriteClaims(writer, content, dcc));
        var message = await CoseSign1.SignAsync(payload, key, [CoseHeader.KeyId(PinnedSigner.KeyIdOf(content.Signer))], ct: ct).ConfigureAwait(false);
        return ToText(QrDocumentNames.HcertPrefix, message);
    }

    private static void WriteClaims(CborWriter writer, QrDocumentContent content)
    {
        var optional = (content.Issuer is null ? 0 : 1) + (content.NotBefore is null ? 0 : 1) + (content.Status is null ? 0 : 1);
        writer.WriteStartMap(4 + optional);
        WriteCommon(writer, content.Issuer, content.ExpiresAt, content.NotBefore, content.IssuedAt);
        writer.WriteInt64(QrDocumentNames.Type);
        writer.WriteTextString(content.Type);
        if (content.Status is { } status)
        {
            writer.WriteInt64(QrDocumentNames.Status);
            CredentialStatus.Write(writer, status);
        }

        writer.WriteInt64(QrDocumentNames.Content);
        writer.WriteJson(content.Claims);
        writer.WriteEndMap();
    }

    private static void WriteClaims(CborWriter writer, HcertContent content, byte[] dcc)
    {
        writer.WriteStartMap(content.Country is null ? 3 : 4);
        WriteCommon(writer, content.Country, content.ExpiresAt, null, content.IssuedAt);
        writer.WriteInt64(QrDocumentNames.HealthCertificate);
        writer.WriteStartMap(1);
        writer.WriteInt64(QrDocumentNames.DccVersion1);
        writer.WriteEncoded(dcc);
        writer.WriteEndMap();
        writer.WriteEndMap();
    }

    private static void WriteCommon(CborWriter writer, string? issuer, DateTimeOffset expiresAt, DateTimeOffset? notBefore, DateTimeOffset issuedAt)
    {
        if (issuer is not null)
        {
            writer.WriteInt64(CwtNames.Issuer);
            writer.WriteTextString(issuer);
        }

        WriteTime(CwtNames.ExpiresAt, expiresAt);
        if (notBefore is { } time) WriteTime(CwtNames.NotBefore, time);
        WriteTime(CwtNames.IssuedAt, issuedAt);

        void WriteTime(long claim, DateTimeOffset value)
        {
            writer.WriteInt64(claim);
            writer.WriteInt64(NumericDate.From(value));
        }
    }

    private static void Check(DateTimeOffset issuedAt, DateTimeOffset expiresAt, X509Certificate2? signer, ISigningKey key)
    {
        if (expiresAt <= issuedAt) throw new ArgumentException("It would never be valid.");
        if (signer is null) return;
        if (!PublicKey.FromCertificate(signer).Equals(key.PublicKey)) throw new ArgumentException("The signer's certificate is of another key.");
        if (expiresAt > signer.NotAfter) throw new ArgumentException("It would be valid for longer than the signer's certificate.");
    }

    private static byte[] KeyIdOf(QrDocumentContent content, ISigningKey key) =>
        content.Certificates.Count > 0 ? PinnedSigner.KeyIdOf(content.Certificates[0]) : PinnedSigner.KeyIdOf(key.PublicKey);

    private static string ToText(string prefix, byte[] message)
    {
        var tagged = CborWriting.Encode(writer =>
        {
            writer.WriteTag((CborTag)CoseNames.Sign1Tag);
            writer.WriteEncoded(message);
        });
        var text = QrDocumentText.Encode(prefix, tagged);
        return text.Length <= MaxTextLength
            ? text
            : throw new MalformedDataException(QrDocumentCodes.TooLarge, $"The document has {text.Length} characters; a code that is read from paper has at most {MaxTextLength}.");
    }
}
