using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Credentials.Codecs;

namespace Credentials.Keys.Software;

/// <summary>A P-256 key-agreement key in memory, as made fresh for each encrypted request.</summary>
public sealed class SoftwareKeyAgreementKey : IKeyAgreementKey, IDisposable
{
    private readonly ECDiffieHellman _key;

    private SoftwareKeyAgreementKey(ECDiffieHellman key)
    {
        _key = key;
        PublicKey = KeyAgreementPublicKey.Of(key);
    }

    /// <inheritdoc/>
    public KeyAgreementPublicKey PublicKey { get; }

    /// <summary>Makes a fresh key.</summary>
    public static SoftwareKeyAgreementKey Generate() => new(OpenSslEc.TryGenerate(ECCurve.NamedCurves.nistP256) ?? ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256));

    /// <summary>Reads a private P-256 JWK.</summary>
    /// <exception cref="MalformedDataException"><c>key.invalid</c>.</exception>
    public static SoftwareKeyAgreementKey FromPrivateJwk(JsonElement jwk)
    {
        if (jwk.RequireString("crv", KeyCodes.Invalid) != "P-256")
            throw new NotSupportedCredentialException(KeyCodes.NotSupported, "Key agreement is on P-256 only.");
        SoftwareKeyAgreementKey key;
        var (d, x, y) = (Member(jwk, "d"), Member(jwk, "x"), Member(jwk, "y"));
        // RFC 7518 §6.2.2.1: the full length, leading zeros included.
        if (d.Length != 32) throw new MalformedDataException(KeyCodes.Invalid, "A private P-256 key has 32 bytes.");
        try
        {
            // The point is calculated: that costs less than the platform's check of one that is given.
            key = new SoftwareKeyAgreementKey(OpenSslEc.CreateForAgreement(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, D = d }));
        }
        catch (CryptographicException e)
        {
            throw new MalformedDataException(KeyCodes.Invalid, "Not a valid private key.", e);
        }

        if (key.PublicKey.X.SequenceEqual(x) && key.PublicKey.Y.SequenceEqual(y)) return key;
        key.Dispose();
        throw new MalformedDataException(KeyCodes.Invalid, "The public key is not the private one's.");
    }

    /// <summary>The public half of a private P-256 JWK, whose private half is not touched.</summary>
    /// <exception cref="MalformedDataException"><c>key.invalid</c>.</exception>
    public static KeyAgreementPublicKey PublicKeyOf(JsonElement jwk) => KeyAgreementPublicKey.FromCoordinates(Member(jwk, "x"), Member(jwk, "y"));

    /// <summary>The private key as a JWK. Whoever sees it can read what is encrypted to it.</summary>
    public JsonObject ExportPrivateJwk()
    {
        ECParameters p = _key.ExportParameters(true);
        return new JsonObject
        {
            ["kty"] = "EC",
            ["crv"] = "P-256",
            ["x"] = StrictBase64Url.Encode(p.Q.X),
            ["y"] = StrictBase64Url.Encode(p.Q.Y),
            ["d"] = StrictBase64Url.Encode(p.D),
        };
    }

    /// <inheritdoc/>
    public ValueTask<byte[]> DeriveSecretAsync(KeyAgreementPublicKey peer, CancellationToken cancellationToken = default)
    {
        using ECDiffieHellman other = peer.Open();
        return ValueTask.FromResult(OpenSslEc.TryDerive(_key, other) ?? _key.DeriveRawSecretAgreement(other.PublicKey));
    }

    /// <inheritdoc/>
    public void Dispose() => _key.Dispose();

    private static byte[] Member(JsonElement jwk, string name) => StrictBase64Url.Decode(jwk.RequireString(name, KeyCodes.Invalid), KeyCodes.Invalid);
}
