using System.Security.Cryptography;

namespace Credentials.Keys;

/// <summary>A public P-256 key for ECDH. Immutable.</summary>
public sealed class KeyAgreementPublicKey
{
    private readonly ECParameters _parameters;

    private KeyAgreementPublicKey(ECParameters parameters) => _parameters = parameters;

    /// <summary>The x-coordinate, 32 bytes.</summary>
    public ReadOnlySpan<byte> X => _parameters.Q.X;

    /// <summary>The y-coordinate, 32 bytes.</summary>
    public ReadOnlySpan<byte> Y => _parameters.Q.Y;

    /// <summary>Makes a key from its coordinates; the point must lie on the curve.</summary>
    /// <exception cref="MalformedDataException"><c>key.invalid</c>.</exception>
    public static KeyAgreementPublicKey FromCoordinates(ReadOnlySpan<byte> x, ReadOnlySpan<byte> y)
    {
        if (x.Length != 32 || y.Length != 32) throw Invalid(null);
        KeyAgreementPublicKey key = new(new ECParameters
        {
            Curve = ECCurve.NamedCurves.nistP256,
            Q = new ECPoint { X = x.ToArray(), Y = y.ToArray() },
        });
        key.Open().Dispose();
        return key;
    }

    /// <summary>The public half of a key that the platform holds, and has checked.</summary>
    internal static KeyAgreementPublicKey Of(ECDiffieHellman key) => new(key.ExportParameters(false));

    /// <summary>The platform's key object; the caller disposes of it.</summary>
    internal ECDiffieHellman Open()
    {
        try
        {
            return OpenSslEc.TryImportForAgreement(_parameters.Curve, _parameters.Q.X!, _parameters.Q.Y!) ?? ECDiffieHellman.Create(_parameters);
        }
        catch (CryptographicException e)
        {
            throw Invalid(e);
        }
    }

    private static MalformedDataException Invalid(Exception? inner) => new(KeyCodes.Invalid, "Not a valid P-256 public key.", inner);
}
