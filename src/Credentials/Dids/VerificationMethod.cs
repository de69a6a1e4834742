using System.Text.Json;
using Credentials.Codecs;
using Credentials.Jose;
using Credentials.Keys;

namespace Credentials.Dids;

/// <summary>One public key that a controlled identifier document lists (Controlled Identifiers §2.2).</summary>
/// <param name="Id">Its absolute identifier, with a fragment.</param>
/// <param name="Type">How the document writes the key: <c>Multikey</c> or <c>JsonWebKey</c>, or an older name of either.</param>
/// <param name="Controller">Whose it is.</param>
/// <param name="Key">The key.</param>
public sealed record VerificationMethod(string Id, string Type, string Controller, PublicKey Key)
{
    private const string Code = DidCodes.MethodMalformed;

    /// <summary>The <c>kid</c> inside its JWK, where there is one.</summary>
    public string? KeyId { get; private init; }

    /// <summary>From when on it is no longer to be used; null: no such time is set.</summary>
    public DateTimeOffset? Expires { get; private init; }

    /// <summary>From when on it must not be used any more; null: no such time is set.</summary>
    public DateTimeOffset? Revoked { get; private init; }

    internal static VerificationMethod Read(JsonElement json, string id)
    {
        if (Array.Exists(DidNames.SecretMaterial, name => json.TryGetProperty(name, out _)))
            throw new MalformedDataException(Code, "The verification method has secret key material.");
        var type = json.RequireString(DidNames.Type, Code);
        var (jwk, multibase) = (json.OptionalObject(DidNames.PublicKeyJwk, Code), json.OptionalString(DidNames.PublicKeyMultibase, Code));
        // §2.2.1: not the same material twice
        if (jwk is not null && multibase is not null) throw new MalformedDataException(Code, "The verification method has two kinds of key material.");
        return new VerificationMethod(id, type, json.RequireString(DidNames.Controller, Code), ReadKey(type, jwk, multibase))
        {
            KeyId = jwk?.OptionalString("kid", JoseCodes.JwkMalformed),
            Expires = Time(json, DidNames.Expires),
            Revoked = Time(json, DidNames.Revoked),
        };
    }

    private static PublicKey ReadKey(string type, JsonElement? jwk, string? multibase)
    {
        switch (type)
        {
            case DidNames.JsonWebKey or DidNames.JsonWebKey2020:
                return Jwk.ParsePublic(jwk ?? throw new MalformedDataException(Code, "The verification method has no publicKeyJwk."));
            case DidNames.Multikey or DidNames.Ed25519VerificationKey2020:
                var key = Multikey.Parse(multibase ?? throw new MalformedDataException(Code, "The verification method has no publicKeyMultibase."));
                return type == DidNames.Multikey || key.Algorithm == SignatureAlgorithm.EdDsa
                    ? key
                    : throw new MalformedDataException(Code, "The key is not of the type of the verification method.");
            default:
                throw new NotSupportedCredentialException(DidCodes.MethodTypeNotSupported, "The verification method is neither a Multikey nor a JsonWebKey.");
        }
    }

    private static DateTimeOffset? Time(JsonElement json, string name) =>
        json.OptionalString(name, Code) is { } text ? DateTimeStamp.Parse(text, Code) : null;
}
