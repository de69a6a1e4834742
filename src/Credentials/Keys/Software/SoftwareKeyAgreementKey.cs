using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Credentials.Codecs;

namespace Credentials.Keys.Software;

/// <summary>A P-256 key-agreement key in memory, as made fresh for each encrypted request.</summary>
public sealed class SoftwareKeyAgreementKey : IKeyAgreementKey, IDisposable
{
    private readonly ECDiffieHellman _key;

    private SoftwareKeyAgreementKey(ECDiffieHellman key, KeyAgreementPublicKey publicKey)
    {
        _key = key;
        PublicKey = publicKey;
    }

    /// <inheritdoc/>
    public KeyAgreementPublicKey PublicKey { get; }

    /// <summary>Makes a fresh key.</summary>
    public static SoftwareKeyAgreementKey Generate()
    {
        var key = OpenSslEc.TryGenerate(ECCurve.NamedCurves.nistP256) ?? ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);
        return new SoftwareKeyAgreementKey(key, KeyAgreementPublicKey.Of(key));
    }

    /// <summary>Reads a private P-256 JWK.</summary>
    /// <param name="jwk">The JWK.</param>
    /// <param name="isOwn">It is what <see cref="ExportPrivateJwk"/> gave, and nobody else can have changed it: whether its halves belong together is not
    /// looked at again, which is most of the work.</param>
    /// <exception cref="MalformedDataException"><c>key.invalid</c>.</exception>
    public static SoftwareKeyAgreementKey FromPrivateJwk(JsonElement jwk, bool isOwn = false)
    {
        if (jwk.RequireString("crv", KeyCodes.Invalid) != "P-256")
            throw new NotSupportedCredentialException(KeyCodes.NotSupported, "Key agreement is on P-256 only.");
        var (d, x, y) = (Number(jwk, "d"), Number(jwk, "x"), Number(jwk, "y"));
        try
        {
            return new SoftwareKeyAgreementKey(Import(d, x, y, checkPair: !isOwn), new KeyAgreementPublicKey(x, y));
        }
        catch (CryptographicException e)
        {
            throw new MalformedDataException(KeyCodes.Invalid, "Not a valid private key.", e);
        }
    }

    /// <summary>The public half of a private P-256 JWK of one's own, whose private half is not touched. Whether it is a point of the curve is seen when it is used.</summary>
    /// <exception cref="MalformedDataException"><c>key.invalid</c>.</exception>
    public static KeyAgreementPublicKey PublicKeyOf(JsonElement jwk) => new(Number(jwk, "x"), Number(jwk, "y"));

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
        ECDiffieHellman other = peer.Open();
        return ValueTask.FromResult(OpenSslEc.TryDerive(_key, other) ?? _key.DeriveRawSecretAgreement(other.PublicKey));
    }

    /// <inheritdoc/>
    public void Dispose() => _key.Dispose();

    private static ECDiffieHellman Import(byte[] d, byte[] x, byte[] y, bool checkPair)
    {
        if (OpenSslEc.TryImportForAgreement(d, x, y, checkPair) is { } quick) return quick;
        // The point is calculated: that costs less than the platform's check of one that is given.
        var key = ECDiffieHellman.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, D = d });
        var point = key.ExportParameters(false).Q;
        if (point.X.AsSpan().SequenceEqual(x) && point.Y.AsSpan().SequenceEqual(y)) return key;
        key.Dispose();
        throw new CryptographicException("The point is another key's.");
    }

    // RFC 7518 §6.2.1.2, §6.2.2.1: the full length, leading zeros included.
    private static byte[] Number(JsonElement jwk, string name) =>
        StrictBase64Url.Decode(jwk.RequireString(name, KeyCodes.Invalid), KeyCodes.Invalid) is { Length: 32 } number
            ? number
            : throw new MalformedDataException(KeyCodes.Invalid, "A P-256 key's numbers have 32 bytes.");
}
