using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using NSec.Cryptography;
using NSecKey = NSec.Cryptography.PublicKey;

namespace Credentials.Keys;

/// <summary>A public key that verifies signatures of exactly one algorithm. Immutable; safe for use by several threads at once.</summary>
public sealed class PublicKey : IEquatable<PublicKey>
{
    private readonly byte[] _x;
    private readonly byte[] _y;
    private readonly ECDsa? _ecdsa;
    private readonly NSecKey? _ed25519;

    private PublicKey(SignatureAlgorithm algorithm, byte[] x, byte[] y)
    {
        Algorithm = algorithm;
        _x = x;
        _y = y;
        if (algorithm.Curve is { } curve) _ecdsa = ImportEc(curve, x, y);
        else _ed25519 = ImportEd25519(x);
    }

    /// <summary>The only algorithm that this key verifies.</summary>
    public SignatureAlgorithm Algorithm { get; }

    /// <summary>The x-coordinate (EC, full length) or the key bytes (Ed25519).</summary>
    public ReadOnlySpan<byte> X => _x;

    /// <summary>The y-coordinate (EC, full length); empty for Ed25519.</summary>
    public ReadOnlySpan<byte> Y => _y;

    /// <summary>The platform's key, for making certificates; null for Ed25519.</summary>
    internal ECDsa? Ecdsa => _ecdsa;

    /// <summary>Makes a key from its coordinates.</summary>
    /// <exception cref="MalformedDataException"><c>key.invalid</c>: wrong length or not a point of the curve.</exception>
    public static PublicKey FromCoordinates(SignatureAlgorithm algorithm, ReadOnlySpan<byte> x, ReadOnlySpan<byte> y)
    {
        if (x.Length != algorithm.CoordinateLength || y.Length != (algorithm.Curve is null ? 0 : algorithm.CoordinateLength))
            throw Invalid(null);
        return new PublicKey(algorithm, x.ToArray(), y.ToArray());
    }

    /// <summary>The key of a certificate.</summary>
    /// <exception cref="NotSupportedCredentialException"><c>key.not_supported</c>: not an EC key on P-256, P-384 or P-521.</exception>
    public static PublicKey FromCertificate(X509Certificate2 certificate)
    {
        try
        {
            using ECDsa? key = certificate.GetECDsaPublicKey();
            if (key is not null && FromEcParameters(key.ExportParameters(false)) is { } result) return result;
        }
        catch (CryptographicException e)
        {
            throw new NotSupportedCredentialException(KeyCodes.NotSupported, "The certificate's key cannot be used.", e);
        }
        throw new NotSupportedCredentialException(KeyCodes.NotSupported, "The certificate's key is not on P-256, P-384 or P-521.");
    }

    internal static PublicKey? FromEcParameters(ECParameters parameters)
    {
        SignatureAlgorithm? algorithm = SignatureAlgorithm.All.FirstOrDefault(a => a.Curve?.Oid.Value == parameters.Curve.Oid.Value && a.Curve is not null);
        return algorithm is null ? null : FromCoordinates(algorithm, parameters.Q.X, parameters.Q.Y);
    }

    /// <summary>True if the signature (IEEE P1363 form for ECDSA) is this key's over the data. Never throws for any input.</summary>
    public bool Verify(ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature)
    {
        if (signature.Length != Algorithm.SignatureLength) return false;
        if (_ed25519 is not null) return SignatureAlgorithms.Ed25519.Verify(_ed25519, data, signature);
        try
        {
            Span<byte> der = stackalloc byte[DerSignature.MaxLength];
            return _ecdsa!.VerifyData(data, der[..DerSignature.Write(signature, der)], Algorithm.Hash, DSASignatureFormat.Rfc3279DerSequence);
        }
        catch (CryptographicException)
        {
            return false; // a signature that the platform cannot even read is no signature
        }
    }

    /// <inheritdoc/>
    public bool Equals(PublicKey? other) =>
        other is not null && Algorithm == other.Algorithm && _x.AsSpan().SequenceEqual(other._x) && _y.AsSpan().SequenceEqual(other._y);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as PublicKey);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        HashCode hash = default;
        hash.AddBytes(_x);
        return hash.ToHashCode();
    }

    private static ECDsa ImportEc(ECCurve curve, byte[] x, byte[] y)
    {
        try
        {
            return OpenSslEc.TryImport(curve, x, y) ?? ECDsa.Create(new ECParameters { Curve = curve, Q = new ECPoint { X = x, Y = y } });
        }
        catch (CryptographicException e)
        {
            throw Invalid(e);
        }
    }

    private static NSecKey ImportEd25519(byte[] bytes) =>
        NSecKey.TryImport(SignatureAlgorithms.Ed25519, bytes, KeyBlobFormat.RawPublicKey, out NSecKey? key) && key is not null ? key : throw Invalid(null);

    private static MalformedDataException Invalid(Exception? inner) => new(KeyCodes.Invalid, "Not a valid public key of its curve.", inner);

    private static class SignatureAlgorithms
    {
        public static Ed25519 Ed25519 => NSec.Cryptography.SignatureAlgorithm.Ed25519;
    }
}
