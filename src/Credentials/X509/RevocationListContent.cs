using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Credentials.X509;

/// <summary>What a CRL says, without its encoding; the signature is kept as the digest that it is over.</summary>
internal sealed class RevocationListContent
{
    public required ReadOnlyMemory<byte> Issuer { get; init; }

    public required DateTimeOffset ThisUpdate { get; init; }

    public required DateTimeOffset NextUpdate { get; init; }

    /// <summary>Sorted.</summary>
    public required SerialNumber[] Revoked { get; init; }

    /// <summary>The URIs it is published at; null: it does not say, and speaks about all certificates of the issuer.</summary>
    public IReadOnlyList<string>? DistributionPoints { get; init; }

    public bool IsForEndEntitiesOnly { get; init; }

    public required string SignatureAlgorithm { get; init; }

    public required byte[] SignedDigest { get; init; }

    public required byte[] Signature { get; init; }

    /// <summary>The digest of a supported signature algorithm; null for another one.</summary>
    public static HashAlgorithmName? HashOf(string signatureAlgorithm) => signatureAlgorithm switch
    {
        "1.2.840.10045.4.3.2" or "1.2.840.113549.1.1.11" => HashAlgorithmName.SHA256,
        "1.2.840.10045.4.3.3" or "1.2.840.113549.1.1.12" => HashAlgorithmName.SHA384,
        "1.2.840.10045.4.3.4" or "1.2.840.113549.1.1.13" => HashAlgorithmName.SHA512,
        _ => null,
    };

    public bool IsSignedBy(X509Certificate2 authority)
    {
        try
        {
            using ECDsa? ec = authority.GetECDsaPublicKey();
            using RSA? rsa = authority.GetRSAPublicKey();
            bool isEcdsa = SignatureAlgorithm.StartsWith("1.2.840.10045.", StringComparison.Ordinal);
            return isEcdsa
                ? ec?.VerifyHash(SignedDigest, Signature, DSASignatureFormat.Rfc3279DerSequence) ?? false
                : rsa?.VerifyHash(SignedDigest, Signature, HashOf(SignatureAlgorithm)!.Value, RSASignaturePadding.Pkcs1) ?? false;
        }
        catch (CryptographicException)
        {
            return false; // a signature that the platform cannot even read is none
        }
    }
}
