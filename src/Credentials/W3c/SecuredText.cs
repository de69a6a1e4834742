using System.Text;
using System.Text.Json;
using Credentials.Codecs;
using Credentials.Jose;

namespace Credentials.W3c;

/// <summary>What the text of a W3C document says that it is. Nothing of it is verified.</summary>
/// <param name="Format">One of <see cref="W3cFormats"/>.</param>
/// <param name="IsPresentation">True for a presentation.</param>
public sealed record SecuredText(string Format, bool IsPresentation)
{
    private const byte CoseSign1Tag = 0xd2;

    /// <summary>Tells what a text is: JSON, a JWT, an SD-JWT, or a COSE message in base64url. Null for what is no W3C document.</summary>
    public static SecuredText? Find(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        try
        {
            if (text.StartsWith('{')) return OfJson(StrictJson.ParseObject(Encoding.UTF8.GetBytes(text)));
            if (text.Contains('.', StringComparison.Ordinal)) return OfJwt(text);
            var isCose = StrictBase64Url.TryDecode(text, out var bytes) && bytes.Length > 0 && bytes[0] == CoseSign1Tag;
            if (!isCose) return null;
            // Only the protected header tells the two apart.
            return Read(isPresentation: false) ?? Read(isPresentation: true);

            SecuredText? Read(bool isPresentation)
            {
                try
                {
                    return new(CoseDocument.Parse(bytes, new SecuredReading(isPresentation, AcceptV1: false, W3cLimits.Default.MaxPresentationLength)).Format, isPresentation);
                }
                catch (CredentialException)
                {
                    return null;
                }
            }
        }
        catch (CredentialException)
        {
            return null;
        }
    }

    /// <summary>The bytes that <see cref="W3cVerifier"/> reads: those of a COSE message for its base64url.</summary>
    public static ReadOnlyMemory<byte> ToContent(string text) =>
        !text.StartsWith('{') && !text.Contains('.', StringComparison.Ordinal) && StrictBase64Url.TryDecode(text, out var bytes) && bytes.Length > 0 && bytes[0] == CoseSign1Tag
            ? bytes
            : Encoding.UTF8.GetBytes(text);

    private static SecuredText? OfJson(JsonElement json)
    {
        if (json.Member(W3cNames.Context) is not { } context) return null;
        var isV1 = context.ValueKind == JsonValueKind.Array && context.GetArrayLength() > 0
            && context[0].ValueKind == JsonValueKind.String && context[0].ValueEquals(W3cNames.BaseContextV1);
        if (HasType(json, W3cNames.EnvelopedCredentialType) || HasType(json, W3cNames.EnvelopedPresentationType))
            return new(W3cFormats.Jwt, HasType(json, W3cNames.EnvelopedPresentationType));
        return new(isV1 ? W3cFormats.DataIntegrityV1 : W3cFormats.DataIntegrity, HasType(json, W3cNames.PresentationType));
    }

    private static SecuredText? OfJwt(string text)
    {
        var jws = CompactJws.Parse(text.Split('~', 2)[0], W3cLimits.Default.MaxPresentationLength);
        if (text.Contains('~', StringComparison.Ordinal))
            return jws.Type == "vc+sd-jwt" && jws.PayloadObject.Member(W3cNames.Context) is not null ? new(W3cFormats.SdJwt, false) : null;
        return jws.Type switch
        {
            "vc+jwt" => new(W3cFormats.Jwt, false),
            "vp+jwt" => new(W3cFormats.Jwt, true),
            null or "JWT" when jws.PayloadObject.Member(W3cNames.JwtCredential) is not null => new(W3cFormats.JwtV1, false),
            null or "JWT" when jws.PayloadObject.Member(W3cNames.JwtPresentation) is not null => new(W3cFormats.JwtV1, true),
            _ => null,
        };
    }

    private static bool HasType(JsonElement json, string type) => json.Member(W3cNames.Type) switch
    {
        { ValueKind: JsonValueKind.String } one => one.ValueEquals(type),
        { ValueKind: JsonValueKind.Array } several => several.EnumerateArray().Any(item => item.ValueKind == JsonValueKind.String && item.ValueEquals(type)),
        _ => false,
    };
}
