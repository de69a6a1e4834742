using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Credentials.Codecs;
using NSec.Cryptography;

namespace Credentials.Keys.Software;

/// <summary>A signing key in memory. For development, tests and small issuers; production keys belong into a token.</summary>
public sealed class SoftwareSigningKey : ISigningKey, IDisposable
{
    private readonly Key? _ed25519;

    private SoftwareSigningKey(ECDsa ecdsa, PublicKey publicKey)
    {
        Ecdsa = ecdsa;
        PublicKey = publicKey;
    }

    private SoftwareSigningKey(Key ed25519)
    {
        _ed25519 = ed25519;
        PublicKey = PublicKey.FromCoordinates(SignatureAlgorithm.EdDsa, ed25519.PublicKey.Export(KeyBlobFormat.RawPublicKey), []);
    }

    /// <inheritdoc/>
    public PublicKey PublicKey { get; }

    /// <summary>The platform's key, for making certificates; null for Ed25519.</summary>
    internal ECDsa? Ecdsa { get; }

    /// <summary>Makes a fresh key.</summary>
    public static SoftwareSigningKey Generate(SignatureAlgorithm algorithm)
    {
        if (algorithm.Curve is { } curve) return FromEcdsa(ECDsa.Create(curve));
        return new SoftwareSigningKey(Key.Create(NSec.Cryptography.SignatureAlgorithm.Ed25519, Exportable));
    }

    /// <summary>Reads a private JWK (RFC 7518 §6.2.2, RFC 8037 §2).</summary>
    /// <exception cref="MalformedDataException"><c>key.invalid</c>: not a private key, or its halves do not belong together.</exception>
    /// <exception cref="NotSupportedCredentialException"><c>key.not_supported</c>: another key type or curve.</exception>
    public static SoftwareSigningKey FromPrivateJwk(JsonElement jwk)
    {
        SignatureAlgorithm algorithm = SignatureAlgorithm.FromCurve(jwk.RequireString("crv", KeyCodes.Invalid))
            ?? throw new NotSupportedCredentialException(KeyCodes.NotSupported, "The key's curve is not supported.");
        byte[] d = Member(jwk, "d"), x = Member(jwk, "x"), y = algorithm.Curve is null ? [] : Member(jwk, "y");
        if (d.Length != algorithm.CoordinateLength) throw Invalid(null);
        PublicKey claimed = PublicKey.FromCoordinates(algorithm, x, y);
        try
        {
            SoftwareSigningKey key = algorithm.Curve is { } curve
                ? FromEcdsa(ECDsa.Create(new ECParameters { Curve = curve, D = d, Q = new ECPoint { X = x, Y = y } }))
                : new SoftwareSigningKey(Key.Import(NSec.Cryptography.SignatureAlgorithm.Ed25519, d, KeyBlobFormat.RawPrivateKey, Exportable));
            return key.PublicKey.Equals(claimed) ? key : throw Invalid(null);
        }
        catch (Exception e) when (e is CryptographicException or FormatException)
        {
            throw Invalid(e);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(d);
        }
    }

    /// <summary>Reads an EC private key in PKCS#8 PEM.</summary>
    /// <exception cref="MalformedDataException"><c>key.invalid</c>.</exception>
    public static SoftwareSigningKey FromPkcs8Pem(string pem)
    {
        ECDsa ecdsa = ECDsa.Create();
        try
        {
            ecdsa.ImportFromPem(pem);
            return FromEcdsa(ecdsa);
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            ecdsa.Dispose();
            throw Invalid(e);
        }
    }

    /// <summary>The private key as a JWK. Whoever sees it owns the key.</summary>
    public JsonObject ExportPrivateJwk()
    {
        byte[] d = Ecdsa is not null ? Ecdsa.ExportParameters(true).D! : _ed25519!.Export(KeyBlobFormat.RawPrivateKey);
        JsonObject jwk = new()
        {
            ["kty"] = Ecdsa is null ? "OKP" : "EC",
            ["crv"] = PublicKey.Algorithm.CurveName,
            ["alg"] = PublicKey.Algorithm.JoseName,
            ["x"] = StrictBase64Url.Encode(PublicKey.X),
        };
        if (Ecdsa is not null) jwk["y"] = StrictBase64Url.Encode(PublicKey.Y);
        jwk["d"] = StrictBase64Url.Encode(d);
        CryptographicOperations.ZeroMemory(d);
        return jwk;
    }

    /// <summary>An EC private key as PKCS#8 PEM.</summary>
    /// <exception cref="InvalidOperationException">The key is Ed25519, for which JWK is the form in use.</exception>
    public string ExportPkcs8Pem() => Ecdsa?.ExportPkcs8PrivateKeyPem() ?? throw new InvalidOperationException("Ed25519 keys are exported as JWK.");

    /// <inheritdoc/>
    public ValueTask<byte[]> SignAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        byte[] signature = Ecdsa is not null
            ? Ecdsa.SignData(data.Span, PublicKey.Algorithm.Hash, DSASignatureFormat.IeeeP1363FixedFieldConcatenation)
            : NSec.Cryptography.SignatureAlgorithm.Ed25519.Sign(_ed25519!, data.Span);
        return ValueTask.FromResult(signature);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Ecdsa?.Dispose();
        _ed25519?.Dispose();
    }

    private static KeyCreationParameters Exportable => new() { ExportPolicy = KeyExportPolicies.AllowPlaintextExport };

    private static SoftwareSigningKey FromEcdsa(ECDsa ecdsa) =>
        new(ecdsa, PublicKey.FromEcParameters(ecdsa.ExportParameters(false)) ?? throw new NotSupportedCredentialException(KeyCodes.NotSupported, "The key's curve is not supported."));

    private static byte[] Member(JsonElement jwk, string name) => StrictBase64Url.Decode(jwk.RequireString(name, KeyCodes.Invalid), KeyCodes.Invalid);

    private static MalformedDataException Invalid(Exception? inner) => new(KeyCodes.Invalid, "Not a valid private key.", inner);
}
