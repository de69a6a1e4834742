using System.Text.Json;
using Credentials.Codecs;
using Credentials.Cose;
using Credentials.Keys;

namespace Credentials.W3c;

/// <summary>What the signature around a document says about itself: JWT claims, or CWT claims in a COSE header (VC-JOSE-COSE §3.1.3, §3.3.3).</summary>
internal sealed record SignatureClaims
{
    private const string Code = W3cCodes.TimeMalformed;

    public static readonly SignatureClaims None = new();

    /// <summary>Who signed, by <c>iss</c>.</summary>
    public string? Issuer { get; init; }

    /// <summary><c>iss</c> in the header of a JWT, which must say the same (RFC 7519 §5.3).</summary>
    public JsonElement? HeaderIssuer { get; init; }

    /// <summary>Whom it is for.</summary>
    public IReadOnlyList<string> Audience { get; init; } = [];

    /// <summary>The nonce of the request that it answers.</summary>
    public string? Nonce { get; init; }

    public DateTimeOffset? IssuedAt { get; init; }

    public DateTimeOffset? NotBefore { get; init; }

    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>True where one of the times is none; the others are then not known either.</summary>
    public bool AreTimesMalformed { get; init; }

    /// <summary>Reads the key that the credential is bound to (<c>cnf</c>); gives null where there is none.</summary>
    public Func<PublicKey?> HolderKey { get; init; } = static () => null;

    /// <summary>The claims of a JWT. Anything else in the payload belongs to the document.</summary>
    public static SignatureClaims OfJwt(JsonElement payload) => WithTimes(new SignatureClaims
    {
        Issuer = Text(payload, W3cNames.JwtIssuer),
        Audience = payload.Member(W3cNames.JwtAudience) switch
        {
            { ValueKind: JsonValueKind.String } one => [one.GetString()!],
            { ValueKind: JsonValueKind.Array } several =>
                [.. several.EnumerateArray().Where(item => item.ValueKind == JsonValueKind.String).Select(item => item.GetString()!)],
            _ => [],
        },
        Nonce = Text(payload, W3cNames.JwtNonce),
        HolderKey = () => payload.Member("cnf") is { } cnf ? ReadConfirmation(cnf) : null,
    }, name => payload.OptionalNumericDate(name, Code));

    /// <summary>The claims of a COSE message (RFC 9597), which must be protected to count.</summary>
    /// <exception cref="MalformedDataException">The header is there and holds no claims.</exception>
    public static SignatureClaims OfCose(CoseHeaders headers)
    {
        if (headers.Protected.Find(CoseNames.CwtClaims) is not { } header) return None;
        var cwt = CwtClaims.Parse(header.Encoded, Code);
        return new SignatureClaims
        {
            Issuer = cwt.Issuer,
            Audience = cwt.Map.Find(CoseMessages.Audience) is { Kind: CborKind.TextString } one ? [one.GetText()] : [],
            Nonce = cwt.Map.Find(CoseMessages.Nonce) is { Kind: CborKind.TextString } nonce ? nonce.GetText() : null,
            IssuedAt = cwt.IssuedAt,
            NotBefore = cwt.NotBefore,
            ExpiresAt = cwt.ExpiresAt,
            HolderKey = () => cwt.Map.Find(CoseMessages.Confirmation) is { } cnf ? CoseKey.Parse(cnf.Require(CoseMessages.ConfirmationKey)) : null,
        };
    }

    // RFC 7800 §3.1: exactly one method, and one that is understood.
    private static PublicKey ReadConfirmation(JsonElement cnf) =>
        cnf.Member("jwk") is { } jwk && cnf.GetPropertyCount() == 1
            ? Jose.Jwk.ParsePublic(jwk)
            : throw new MalformedDataException(SdJwt.SdJwtCodes.HolderKeyUnsupported, "cnf is not exactly one jwk.");

    private static SignatureClaims WithTimes(SignatureClaims claims, Func<string, DateTimeOffset?> read)
    {
        try
        {
            return claims with { IssuedAt = read(W3cNames.JwtIssuedAt), NotBefore = read(W3cNames.JwtNotBefore), ExpiresAt = read(W3cNames.JwtExpires) };
        }
        catch (MalformedDataException)
        {
            return claims with { AreTimesMalformed = true };
        }
    }

    private static string? Text(JsonElement payload, string name) => payload.Member(name) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;
}
