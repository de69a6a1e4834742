using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Credentials.X509;

/// <summary>Whether a certificate's key is one that may sign anything here. Told from its encoding: importing a key costs more than verifying with it.</summary>
internal static class KeyStrength
{
    private const string EcPublicKey = "1.2.840.10045.2.1";
    private const string RsaPublicKey = "1.2.840.113549.1.1.1";
    private const string Ed25519 = "1.3.101.112";

    private static readonly string[] s_curves = ["1.2.840.10045.3.1.7", "1.3.132.0.34", "1.3.132.0.35"]; // P-256, P-384, P-521

    /// <exception cref="AsnContentException">The key's parameters cannot be read.</exception>
    /// <exception cref="CryptographicException">Nor can the key.</exception>
    public static bool IsEnough(X509Certificate2 certificate)
    {
        switch (certificate.PublicKey.Oid.Value)
        {
            case EcPublicKey:
                ReadOnlySpan<byte> curve = certificate.PublicKey.EncodedParameters?.RawData;
                return Asn1Tag.TryDecode(curve, out Asn1Tag tag, out _) && tag == Asn1Tag.ObjectIdentifier // not a curve of one's own
                    && s_curves.Contains(AsnDecoder.ReadObjectIdentifier(curve, AsnEncodingRules.DER, out _));
            case RsaPublicKey:
                using (RSA? key = certificate.GetRSAPublicKey()) return key?.KeySize is >= 2048 and <= 4096;
            default:
                return certificate.PublicKey.Oid.Value == Ed25519;
        }
    }
}
