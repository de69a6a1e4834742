using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.Keys;

namespace Credentials.W3c;

/// <summary>
/// A credential or presentation with the signature or proofs around it (Data Model 2.0 §4.12; VC-JOSE-COSE §3), taken apart but not
/// verified: nothing here says who made it. <see cref="W3cVerifier"/> does.
/// </summary>
public abstract class SecuredDocument
{
    private protected SecuredDocument(bool isPresentation, DataModelVersion version) => (IsPresentation, Version) = (isPresentation, version);

    /// <summary>True for a presentation, false for a credential.</summary>
    public bool IsPresentation { get; }

    /// <summary>The version of the data model that this way of securing goes with.</summary>
    public DataModelVersion Version { get; }

    /// <summary>How it is secured: one of <see cref="W3cFormats"/>, for a presentation that of such credentials.</summary>
    public abstract string Format { get; }

    /// <summary>The document: what was signed, without the signature. For an SD-JWT, the processed payload.</summary>
    public abstract JsonElement UnverifiedDocument { get; }

    /// <summary>The key id in the header, if there is one: a label, nothing else.</summary>
    public virtual string? KeyId => null;

    /// <summary>True if it says whose it is: by a key (<c>cnf</c>), or by an identifier of a subject.</summary>
    internal bool NamesHolder => HolderBindingCheck.ReadConfirmation(() => this) is not null || DataModelRules.NamesSubject(UnverifiedDocument);

    internal virtual SignatureClaims Claims => SignatureClaims.None;

    /// <summary>The certificates in the header in DER, leaf first; null if there are none.</summary>
    internal virtual IReadOnlyList<ReadOnlyMemory<byte>>? Chain => null;

    /// <summary>True if the key made the signature. False for a document with embedded proofs, which name their keys themselves.</summary>
    public abstract bool VerifySignature(PublicKey key);

    /// <summary>How the credential stands in a presentation (Data Model 2.0 §4.13.1; 1.1 §6.3.1).</summary>
    internal abstract JsonNode ToPresented();

    private protected static JsonObject Envelope(string dataUrl) => new()
    {
        [W3cNames.Context] = W3cNames.BaseContext,
        [W3cNames.Type] = W3cNames.EnvelopedCredentialType,
        [W3cNames.Id] = dataUrl,
    };

    /// <summary>Takes a secured credential apart.</summary>
    /// <param name="content">A JWT, an SD-JWT, a COSE message, or a JSON document: an enveloped credential, or one with embedded proofs.</param>
    /// <param name="acceptV1">Whether data model 1.1 is accepted too.</param>
    /// <param name="maxLength">The cap, in characters or bytes.</param>
    /// <exception cref="CredentialException">Not such a credential; its code says why.</exception>
    public static SecuredDocument ParseCredential(ReadOnlyMemory<byte> content, bool acceptV1 = false, int maxLength = 256 * 1024) =>
        Parse(content, null, new SecuredReading(IsPresentation: false, acceptV1, maxLength));

    /// <summary>Takes a secured presentation apart.</summary>
    /// <param name="content">A JWT, a COSE message, or a JSON document: an enveloped presentation, or one with embedded proofs.</param>
    /// <inheritdoc cref="ParseCredential"/>
    public static SecuredDocument ParsePresentation(ReadOnlyMemory<byte> content, bool acceptV1 = false, int maxLength = 1024 * 1024) =>
        Parse(content, null, new SecuredReading(IsPresentation: true, acceptV1, maxLength));

    /// <summary>The same for JSON that is parsed already, such as an entry of <c>verifiableCredential</c>.</summary>
    internal static SecuredDocument Parse(JsonElement json, SecuredReading reading)
    {
        var type = reading.IsPresentation ? W3cNames.EnvelopedPresentationType : W3cNames.EnvelopedCredentialType;
        if (W3cPresentation.ReadEnvelope(json, type) is not { } envelope) return new EmbeddedProofDocument(json, reading);
        // An envelope holds what a signature envelops, not another envelope.
        return IsJson(envelope.Content.Span)
            ? throw new MalformedDataException(W3cCodes.Enveloped, "An envelope holds a JSON document.")
            : Parse(envelope.Content, envelope.MediaType, reading);
    }

    /// <summary>Takes apart what came with a media type, or, where that is null, tells the kind from the content.</summary>
    internal static SecuredDocument Parse(ReadOnlyMemory<byte> content, string? mediaType, SecuredReading reading)
    {
        if (content.Length > reading.MaxLength) throw new MalformedDataException(W3cCodes.TooLarge, $"It is longer than {reading.MaxLength} bytes.");
        if (content.IsEmpty) throw new MalformedDataException(W3cCodes.Malformed, "There is nothing.");
        if (IsJson(content.Span)) return Parse(StrictJson.ParseObject(content.Span, new JsonLimits(MaxBytes: reading.MaxLength), W3cCodes.Malformed), reading);
        // No text of ours starts with a byte that a CBOR tag or array has.
        var isBinary = content.Span[0] >= 0x80;
        var kind = isBinary ? "cose" : content.Span.Contains((byte)'~') ? "sd-jwt" : "jwt";
        if (mediaType is not null && !Fits(mediaType, kind, reading.IsPresentation))
            throw new MalformedDataException(W3cCodes.Enveloped, "The content is not of its media type.");
        return kind switch
        {
            "cose" => CoseDocument.Parse(content, reading),
            // Latin-1 keeps every byte, so that one that is no ASCII is seen and refused.
            "sd-jwt" => SdJwtDocument.Parse(Encoding.Latin1.GetString(content.Span), reading),
            _ => JoseDocument.Parse(Encoding.Latin1.GetString(content.Span), reading),
        };
    }

    private static bool Fits(string mediaType, string kind, bool isPresentation)
    {
        var document = isPresentation ? "vp" : "vc";
        return mediaType == $"application/{document}+{kind}" || (mediaType, kind) is ("application/jwt", "jwt") or ("application/sd-jwt", "sd-jwt");
    }

    private static bool IsJson(ReadOnlySpan<byte> content) => !content.IsEmpty && content[0] == (byte)'{';
}
