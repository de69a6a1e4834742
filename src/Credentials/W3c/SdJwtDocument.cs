using System.Text.Json;
using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.Keys;
using Credentials.SdJwt;
using Credentials.X509;

namespace Credentials.W3c;

/// <summary>A credential as an SD-JWT in compact form (VC-JOSE-COSE §3.2), with a key binding JWT or without.</summary>
internal sealed class SdJwtDocument : SecuredDocument
{
    private SdJwtDocument(SdJwtCredential sdJwt, SecuredReading reading)
        : base(reading.IsPresentation, DataModelVersion.V2)
    {
        SdJwt = sdJwt;
        (var payload, DigestFault, DisclosureFault) = sdJwt.Resolve();
        UnverifiedDocument = payload?.Claims ?? sdJwt.IssuerJwt.PayloadObject;
        // What the signature says of itself is never a disclosure's to say.
        Claims = SignatureClaims.OfJwt(sdJwt.IssuerJwt.PayloadObject) with { HeaderIssuer = sdJwt.IssuerJwt.Header.Member(W3cNames.JwtIssuer) };
        Chain = X5c.DerOf(sdJwt.IssuerJwt);
    }

    public override string Format => W3cFormats.SdJwt;

    public override JsonElement UnverifiedDocument { get; }

    public override string? KeyId => SdJwt.IssuerJwt.KeyId;

    /// <summary>The SD-JWT.</summary>
    public SdJwtCredential SdJwt { get; }

    /// <summary>The rule of RFC 9901 §7.1 that its digests break, as a code; null if none.</summary>
    public string? DigestFault { get; }

    /// <summary>The same for its disclosures.</summary>
    public string? DisclosureFault { get; }

    internal override SignatureClaims Claims { get; }

    internal override IReadOnlyList<ReadOnlyMemory<byte>>? Chain { get; }

    public static SdJwtDocument Parse(string text, SecuredReading reading)
    {
        // vp+sd-jwt is not supported: a presentation is not selectively disclosed.
        if (reading.IsPresentation) throw reading.WrongType();
        var sdJwt = SdJwtCredential.Parse(text, SdJwtLimits.Default with { MaxLength = reading.MaxLength });
        var jwt = sdJwt.IssuerJwt;
        if (jwt.Type != reading.TypeOf("sd-jwt")) throw reading.WrongType();
        reading.CheckContentType(jwt.Header.OptionalString("cty", W3cCodes.MediaType));
        if (jwt.PayloadObject.Member(W3cNames.JwtCredential) is not null || jwt.PayloadObject.Member(W3cNames.JwtPresentation) is not null)
            throw new MalformedDataException(W3cCodes.JwtClaim, "An SD-JWT of data model 2.0 has neither vc nor vp.");
        return new SdJwtDocument(sdJwt, reading);
    }

    // A key binding JWT would bind it to somebody else than the presentation does.
    internal override JsonNode ToPresented() => Envelope(DataUrl.Write("application/vc+sd-jwt", SdJwt.WithoutKeyBinding));

    public override bool VerifySignature(PublicKey key) => SdJwt.IssuerJwt.VerifySignature(key);
}
