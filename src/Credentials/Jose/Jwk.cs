using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.Keys;

namespace Credentials.Jose;

/// <summary>JSON Web Keys, public ones only (RFC 7517, RFC 7518 §6.2, RFC 8037 §2).</summary>
public static class Jwk
{
    private const int MaxKeysInSet = 64;

    /// <summary>RFC 7518 §6: members that only private or symmetric keys have.</summary>
    private static readonly string[] s_privateMembers = ["d", "k", "p", "q", "dp", "dq", "qi", "oth"];

    /// <summary>Reads a public key that verifies signatures.</summary>
    /// <exception cref="MalformedDataException"><c>jwk.malformed</c>, <c>jwk.private</c>, <c>jwk.use</c>, or <c>key.invalid</c> for a point off its curve.</exception>
    /// <exception cref="NotSupportedCredentialException"><c>jwk.not_supported</c>: another key type or curve.</exception>
    public static PublicKey ParsePublic(JsonElement jwk)
    {
        SignatureAlgorithm algorithm = ReadCurve(jwk);
        RequireUse(jwk, "sig", "verify");
        if (jwk.OptionalString("alg", JoseCodes.JwkMalformed) is { } alg && SignatureAlgorithm.FromJose(alg) != algorithm)
            throw new MalformedDataException(JoseCodes.JwkUse, "The key's alg is not the one of its curve.");
        return PublicKey.FromCoordinates(algorithm, Coordinate(jwk, "x"), algorithm == SignatureAlgorithm.EdDsa ? [] : Coordinate(jwk, "y"));
    }

    /// <summary>Reads a public P-256 key for ECDH-ES.</summary>
    /// <exception cref="MalformedDataException">As for <see cref="ParsePublic"/>.</exception>
    /// <exception cref="NotSupportedCredentialException"><c>jwk.not_supported</c>.</exception>
    public static KeyAgreementPublicKey ParseKeyAgreement(JsonElement jwk)
    {
        if (ReadCurve(jwk) != SignatureAlgorithm.Es256)
            throw new NotSupportedCredentialException(JoseCodes.JwkNotSupported, "Key agreement is on P-256 only.");
        RequireUse(jwk, "enc", "deriveKey", "deriveBits");
        if (jwk.OptionalString("alg", JoseCodes.JwkMalformed) is { } alg && alg != JoseNames.EcdhEs)
            throw new MalformedDataException(JoseCodes.JwkUse, "The key's alg is not ECDH-ES.");
        return KeyAgreementPublicKey.FromCoordinates(Coordinate(jwk, "x"), Coordinate(jwk, "y"));
    }

    /// <summary>The keys of a JWK Set (RFC 7517 §5), unread: a key that cannot be used does not spoil the others.</summary>
    /// <exception cref="MalformedDataException"><c>jwk.malformed</c>: no <c>keys</c> array, or more than 64 keys.</exception>
    public static IReadOnlyList<JsonElement> ParseSet(JsonElement jwks)
    {
        JsonElement keys = jwks.RequireArray("keys", JoseCodes.JwkMalformed);
        if (keys.GetArrayLength() > MaxKeysInSet) throw new MalformedDataException(JoseCodes.JwkMalformed, "Too many keys in the set.");
        return [.. keys.EnumerateArray()];
    }

    /// <summary>The public key as a JWK with the required members only.</summary>
    public static JsonObject Write(PublicKey key)
    {
        JsonObject jwk = new()
        {
            ["kty"] = key.Algorithm == SignatureAlgorithm.EdDsa ? "OKP" : "EC",
            ["crv"] = key.Algorithm.CurveName,
            ["x"] = StrictBase64Url.Encode(key.X),
        };
        if (key.Y.Length > 0) jwk["y"] = StrictBase64Url.Encode(key.Y);
        return jwk;
    }

    /// <summary>The same, written where it is to stand.</summary>
    internal static void Write(Utf8JsonWriter writer, PublicKey key)
    {
        writer.WriteStartObject();
        writer.WriteString("kty"u8, key.Algorithm == SignatureAlgorithm.EdDsa ? "OKP"u8 : "EC"u8);
        writer.WriteString("crv"u8, key.Algorithm.CurveName);
        WriteCoordinate(writer, "x"u8, key.X);
        if (key.Y.Length > 0) WriteCoordinate(writer, "y"u8, key.Y);
        writer.WriteEndObject();
    }

    private static void WriteCoordinate(Utf8JsonWriter writer, ReadOnlySpan<byte> name, ReadOnlySpan<byte> coordinate)
    {
        Span<byte> text = stackalloc byte[StrictBase64Url.EncodedLength(coordinate.Length)];
        StrictBase64Url.Encode(coordinate, text);
        writer.WriteString(name, text);
    }

    /// <summary>A key-agreement key as a JWK for <c>client_metadata.jwks</c>: <c>use</c>, <c>alg</c> and, if given, <c>kid</c>.</summary>
    public static JsonObject Write(KeyAgreementPublicKey key, string? kid = null)
    {
        JsonObject jwk = WriteEpk(key);
        jwk["use"] = "enc";
        jwk["alg"] = JoseNames.EcdhEs;
        if (kid is not null) jwk["kid"] = kid;
        return jwk;
    }

    /// <summary>The SHA-256 thumbprint (RFC 7638 §3), base64url.</summary>
    public static string Thumbprint(PublicKey key) => StrictBase64Url.Encode(Thumbprint(key.Algorithm.CurveName, key.X, key.Y));

    /// <summary>The SHA-256 thumbprint (RFC 7638 §3) of a key for key agreement, 32 bytes.</summary>
    public static byte[] Thumbprint(KeyAgreementPublicKey key) => Thumbprint("P-256", key.X, key.Y);

    internal static JsonObject WriteEpk(KeyAgreementPublicKey key) => new()
    {
        ["kty"] = "EC",
        ["crv"] = "P-256",
        ["x"] = StrictBase64Url.Encode(key.X),
        ["y"] = StrictBase64Url.Encode(key.Y),
    };

    private static byte[] Thumbprint(string curve, ReadOnlySpan<byte> x, ReadOnlySpan<byte> y)
    {
        // RFC 7638 §3.2: the required members in lexicographic order, no white space.
        string encodedX = StrictBase64Url.Encode(x);
        string canonical = y.Length == 0
            ? $$"""{"crv":"{{curve}}","kty":"OKP","x":"{{encodedX}}"}"""
            : $$"""{"crv":"{{curve}}","kty":"EC","x":"{{encodedX}}","y":"{{StrictBase64Url.Encode(y)}}"}""";
        return SHA256.HashData(Encoding.ASCII.GetBytes(canonical));
    }

    private static SignatureAlgorithm ReadCurve(JsonElement jwk)
    {
        jwk.RequireObject(JoseCodes.JwkMalformed);
        foreach (string name in s_privateMembers)
            if (jwk.TryGetProperty(name, out _)) throw new MalformedDataException(JoseCodes.JwkPrivate, "A public key is expected, this one has private members.");
        string kty = jwk.RequireString("kty", JoseCodes.JwkMalformed);
        if (kty is not ("EC" or "OKP")) throw new NotSupportedCredentialException(JoseCodes.JwkNotSupported, "The key type is not supported.");
        SignatureAlgorithm? algorithm = SignatureAlgorithm.FromCurve(jwk.RequireString("crv", JoseCodes.JwkMalformed));
        if (algorithm is null || (algorithm == SignatureAlgorithm.EdDsa) != (kty == "OKP"))
            throw new NotSupportedCredentialException(JoseCodes.JwkNotSupported, "The curve is not supported.");
        return algorithm;
    }

    private static void RequireUse(JsonElement jwk, string use, params ReadOnlySpan<string> operations)
    {
        bool allowed = (jwk.OptionalString("use", JoseCodes.JwkMalformed) ?? use) == use;
        if (jwk.OptionalStringArray("key_ops", JoseCodes.JwkMalformed) is { } ops)
        {
            bool listed = false;
            foreach (string operation in operations) listed |= ops.Contains(operation);
            // RFC 7517 §4.3: no duplicates
            allowed &= listed && ops.Distinct().Count() == ops.Count;
        }
        if (!allowed) throw new MalformedDataException(JoseCodes.JwkUse, "use or key_ops forbid this use of the key.");
    }

    private static byte[] Coordinate(JsonElement jwk, string name) =>
        StrictBase64Url.Decode(jwk.RequireString(name, JoseCodes.JwkMalformed), JoseCodes.JwkMalformed);
}
