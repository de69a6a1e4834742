using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Credentials.Keys;

/// <summary>
/// An RSA key that verifies RSASSA-PSS with SHA-256 (<c>PS256</c>, RFC 8230 §2), for formats of others that use it. It is no
/// <see cref="PublicKey"/>, so that RSA opens nowhere else by accident. Immutable; safe for use by several threads at once.
/// </summary>
public sealed class RsaPssKey
{
    /// <summary>Smallest modulus in bits.</summary>
    public const int MinBits = 2048;

    /// <summary>Largest modulus in bits, which bounds the work of a verification.</summary>
    public const int MaxBits = 4096;

    private readonly RSA _rsa;

    private RsaPssKey(RSA rsa) => _rsa = rsa;

    /// <summary>The key of a certificate; null if it is no RSA key, or one of an unusual size or exponent.</summary>
    public static RsaPssKey? FromCertificate(X509Certificate2 certificate)
    {
        RSA? rsa = null;
        try
        {
            rsa = certificate.GetRSAPublicKey();
            if (rsa?.KeySize is >= MinBits and <= MaxBits && IsUsual(rsa.ExportParameters(false).Exponent)) return new RsaPssKey(rsa);
        }
        catch (CryptographicException)
        {
            // A key that the platform cannot read is none.
        }

        rsa?.Dispose();
        return null;
    }

    /// <summary>True if the signature is this key's over the data. Never throws for any input.</summary>
    public bool Verify(ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature)
    {
        try
        {
            // The platform's PSS has a salt as long as the hash, which RFC 8230 §2 asks for.
            return signature.Length == _rsa.KeySize / 8 && _rsa.VerifyData(data, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pss);
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    // FIPS 186-5 Appendix A.1.1: odd and above 2^16. No key in use has one of more than 32 bits.
    private static bool IsUsual(byte[]? exponent) => exponent?.Length is 3 or 4 && (exponent[^1] & 1) == 1 && exponent[0] != 0;
}
