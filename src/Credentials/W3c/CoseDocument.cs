using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.Cose;
using Credentials.Keys;

namespace Credentials.W3c;

/// <summary>A credential or presentation in COSE_Sign1 (VC-JOSE-COSE §3.3): the payload is the JSON document.</summary>
internal sealed class CoseDocument : SecuredDocument
{
    private static readonly UTF8Encoding s_utf8 = new(false, throwOnInvalidBytes: true);

    private readonly ReadOnlyMemory<byte> _content;
    private readonly CoseSign1 _message;

    private CoseDocument(ReadOnlyMemory<byte> content, CoseSign1 message, SecuredReading reading, JsonElement document)
        : base(reading.IsPresentation, DataModelVersion.V2)
    {
        (_content, _message, UnverifiedDocument) = (content, message, document);
        Claims = SignatureClaims.OfCose(message.Headers);
        Chain = message.Headers.X5Chain();
        KeyId = ReadKeyId(message.Headers);
    }

    public override string Format => W3cFormats.Cose;

    public override JsonElement UnverifiedDocument { get; }

    public override string? KeyId { get; }

    internal override SignatureClaims Claims { get; }

    internal override IReadOnlyList<ReadOnlyMemory<byte>>? Chain { get; }

    public static CoseDocument Parse(ReadOnlyMemory<byte> content, SecuredReading reading)
    {
        var value = CborValue.Decode(content, CoseCodes.Malformed, CborLimits.Default with { MaxBytes = reading.MaxLength });
        // RFC 9052 §2: the tag may be there or not where the context tells the kind.
        var message = CoseSign1.Parse(value.Kind == CborKind.Tag ? value.GetTagged(CoseNames.Sign1Tag) : value);
        if (message.Headers.Type != $"application/{reading.TypeOf("cose")}") throw reading.WrongType();
        if (message.Headers.Protected.Find(CoseNames.ContentType) is { } contentType)
            reading.CheckContentType(contentType.Kind == CborKind.TextString ? contentType.GetText() : "");
        var payload = message.Payload ?? throw new MalformedDataException(W3cCodes.Malformed, "The payload is not in the message.");
        return new CoseDocument(content, message, reading, StrictJson.ParseObject(payload.Span, new JsonLimits(MaxBytes: reading.MaxLength), W3cCodes.Malformed));
    }

    internal override JsonNode ToPresented() => Envelope(DataUrl.Write("application/vc+cose", _content.Span));

    public override bool VerifySignature(PublicKey key) => _message.Verify(key);

    // A label, in either header; one that is no text names no key of a document.
    private static string? ReadKeyId(CoseHeaders headers)
    {
        if ((headers.Protected.Find(CoseNames.KeyId) ?? headers.Unprotected.Find(CoseNames.KeyId)) is not { Kind: CborKind.ByteString } id) return null;
        try
        {
            return s_utf8.GetString(id.GetBytes().Span);
        }
        catch (DecoderFallbackException)
        {
            throw new MalformedDataException(CoseCodes.Malformed, "The key id is no text.");
        }
    }
}
