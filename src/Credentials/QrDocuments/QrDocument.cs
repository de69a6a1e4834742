using Credentials.Codecs;
using Credentials.Cose;
using Credentials.StatusLists;

namespace Credentials.QrDocuments;

/// <summary>A printed document as it was read. Nothing of it is verified.</summary>
public sealed class QrDocument
{
    private static readonly CborLimits s_limits = new(MaxBytes: QrDocumentText.MaxMessageBytes, MaxMembers: 500, MaxItems: 4096);

    private QrDocument(string format, CoseSign1 message, CwtClaims claims, string type, CborValue content)
    {
        Format = format;
        Message = message;
        UnverifiedClaims = claims;
        Type = type;
        UnverifiedContent = content;
    }

    /// <summary><see cref="CredentialFormat.Hcert"/> or <see cref="CredentialFormat.QrCwt"/>.</summary>
    public string Format { get; }

    /// <summary>The signed message.</summary>
    public CoseSign1 Message { get; }

    /// <summary>The claims set with issuer and times.</summary>
    public CwtClaims UnverifiedClaims { get; }

    /// <summary>The type that it claims to have: <c>vct</c>, or <see cref="QrDocumentNames.DccType"/>.</summary>
    public string Type { get; }

    /// <summary>What it says: the DCC, or the map of our profile.</summary>
    public CborValue UnverifiedContent { get; }

    /// <summary>True for an HCERT.</summary>
    internal bool IsHcert => Format == CredentialFormat.Hcert;

    /// <summary>Reads the text of a QR code.</summary>
    /// <exception cref="MalformedDataException">Codes of <see cref="QrDocumentCodes"/> and of COSE.</exception>
    public static QrDocument Parse(string text)
    {
        var value = CborValue.Decode(QrDocumentText.Decode(text), QrDocumentCodes.Malformed, s_limits);
        return text.StartsWith(QrDocumentNames.HcertPrefix, StringComparison.Ordinal) ? ParseHcert(value) : ParseQrCwt(value);
    }

    /// <summary>Reads the status references; empty if there are none.</summary>
    /// <exception cref="CredentialException">As <see cref="CredentialStatus.FromCbor"/>.</exception>
    internal IReadOnlyList<CredentialStatus> ReadStatus() =>
        UnverifiedClaims.Map.Find(QrDocumentNames.Status) is { } status ? CredentialStatus.FromCbor(status) : [];

    private static QrDocument ParseHcert(CborValue value)
    {
        // RFC 8392 §6: the tag of a CWT may stand around that of the message. Issuers of DCCs have left out both.
        if (value.Kind == CborKind.Tag && value.GetTag() == CwtNames.Tag) value = value.GetTagContent();
        var message = CoseSign1.Parse(value.Kind == CborKind.Tag ? value.GetTagged(CoseNames.Sign1Tag) : value, QrDocumentNames.HcertAllowances);
        // §3.3.2: ES256 or PS256, and nothing else.
        if (message.Headers.Algorithm != CoseNames.Ps256 && CoseAlgorithms.Find(message.Headers.Algorithm) != Keys.SignatureAlgorithm.Es256)
            throw new MalformedDataException(CoseCodes.Algorithm, "An HCERT is signed with ES256 or PS256.");
        // What says that it is another kind of message is none of these.
        if (message.Headers.Protected.Find(CoseNames.Type) is not null) throw value.Wrong("a health certificate, which names no type of message");
        var claims = ReadClaims(message, value);
        var content = claims.Map.Require(QrDocumentNames.HealthCertificate).Require(QrDocumentNames.DccVersion1);
        return new QrDocument(CredentialFormat.Hcert, message, claims, QrDocumentNames.DccType, content);
    }

    private static QrDocument ParseQrCwt(CborValue value)
    {
        var message = CoseSign1.Parse(value.GetTagged(CoseNames.Sign1Tag));
        if (message.Headers.Type != QrDocumentNames.QrCwtMediaType) throw value.Wrong("the type of a printed document in its header");
        var claims = ReadClaims(message, value);
        var type = claims.Map.Require(QrDocumentNames.Type).GetText();
        return type.Length > 0
            ? new QrDocument(CredentialFormat.QrCwt, message, claims, type, claims.Map.Require(QrDocumentNames.Content))
            : throw value.Wrong("a type that is not empty");
    }

    private static CwtClaims ReadClaims(CoseSign1 message, CborValue value) =>
        message.Payload is { } payload ? CwtClaims.Parse(payload, QrDocumentCodes.Malformed, s_limits) : throw value.Wrong("a payload in the message");
}
