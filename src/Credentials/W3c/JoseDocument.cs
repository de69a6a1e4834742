using System.Text.Json;
using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.Jose;
using Credentials.Keys;
using Credentials.X509;

namespace Credentials.W3c;

/// <summary>A credential or presentation as a JWT: of data model 2.0 (VC-JOSE-COSE §3.1), or of 1.1 (Data Model 1.1 §6.3.1).</summary>
internal sealed class JoseDocument : SecuredDocument
{
    private readonly CompactJws _jws;

    private JoseDocument(CompactJws jws, SecuredReading reading, DataModelVersion version, JsonElement document)
        : base(reading.IsPresentation, version)
    {
        (_jws, UnverifiedDocument) = (jws, document);
        Claims = SignatureClaims.OfJwt(jws.PayloadObject) with { HeaderIssuer = jws.Header.Member(W3cNames.JwtIssuer) };
        Chain = X5c.DerOf(jws);
    }

    public override string Format => Version == DataModelVersion.V2 ? W3cFormats.Jwt : W3cFormats.JwtV1;

    public override JsonElement UnverifiedDocument { get; }

    public override string? KeyId => _jws.KeyId;

    internal override SignatureClaims Claims { get; }

    internal override IReadOnlyList<ReadOnlyMemory<byte>>? Chain { get; }

    public static JoseDocument Parse(string text, SecuredReading reading)
    {
        var jws = CompactJws.Parse(text, reading.MaxLength);
        var payload = jws.PayloadObject;
        if (jws.Type == reading.TypeOf("jwt"))
        {
            reading.CheckContentType(jws.Header.OptionalString("cty", W3cCodes.MediaType));
            // VC-JOSE-COSE §1.1.2.1
            if (payload.Member(W3cNames.JwtCredential) is not null || payload.Member(W3cNames.JwtPresentation) is not null)
                throw new MalformedDataException(W3cCodes.JwtClaim, "A JWT of data model 2.0 has neither vc nor vp.");
            return new JoseDocument(jws, reading, DataModelVersion.V2, payload);
        }

        if (!reading.AcceptV1 || jws.Type is not (null or "JWT")) throw reading.WrongType();
        return new JoseDocument(jws, reading, DataModelVersion.V1, JwtEncodingV1.Decode(payload, reading.IsPresentation));
    }

    internal override JsonNode ToPresented() =>
        Version == DataModelVersion.V2 ? Envelope(DataUrl.Write("application/vc+jwt", _jws.Text)) : JsonValue.Create(_jws.Text);

    public override bool VerifySignature(PublicKey key) => _jws.VerifySignature(key);
}
