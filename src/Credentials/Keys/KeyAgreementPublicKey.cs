using System.Security.Cryptography;

namespace Credentials.Keys;

/// <summary>A public P-256 key for ECDH. Immutable.</summary>
public sealed class KeyAgreementPublicKey
{
    private readonly byte[] _x;
    private readonly byte[] _y;
    private ECDiffieHellman? _key;

    /// <param name="x">32 bytes.</param>
    /// <param name="y">32 bytes. Whether this is a point of the curve is seen when the key is used.</param>
    internal KeyAgreementPublicKey(byte[] x, byte[] y) => (_x, _y) = (x, y);

    /// <summary>The x-coordinate, 32 bytes.</summary>
    public ReadOnlySpan<byte> X => _x;

    /// <summary>The y-coordinate, 32 bytes.</summary>
    public ReadOnlySpan<byte> Y => _y;

    /// <summary>Makes a key from its coordinates; the point must lie on the curve.</summary>
    /// <exception cref="MalformedDataException"><c>key.invalid</c>.</exception>
    public static KeyAgreementPublicKey FromCoordinates(ReadOnlySpan<byte> x, ReadOnlySpan<byte> y)
    {
        if (x.Length != 32 || y.Length != 32) throw Invalid(null);
        KeyAgreementPublicKey key = new(x.ToArray(), y.ToArray());
        key.Open();
        return key;
    }

    /// <summary>The public half of a key that the platform holds, and has checked.</summary>
    internal static KeyAgreementPublicKey Of(ECDiffieHellman key)
    {
        var point = key.ExportParameters(false).Q;
        return new KeyAgreementPublicKey(point.X!, point.Y!);
    }

    /// <summary>The platform's key object, made once.</summary>
    internal ECDiffieHellman Open()
    {
        try
        {
            return _key ??= OpenSslEc.TryImportForAgreement(ECCurve.NamedCurves.nistP256, _x, _y)
                ?? ECDiffieHellman.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, Q = new ECPoint { X = _x, Y = _y } });
        }
        catch (CryptographicException e)
        {
            throw Invalid(e);
        }
    }

    private static MalformedDataException Invalid(Exception? inner) => new(KeyCodes.Invalid, "Not a valid P-256 public key.", inner);
}
