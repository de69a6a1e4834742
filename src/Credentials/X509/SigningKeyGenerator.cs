using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Credentials.Keys;
using PublicKey = System.Security.Cryptography.X509Certificates.PublicKey;

namespace Credentials.X509;

/// <summary>
/// Lets the platform's writers of certificates, requests and revocation lists sign with a key that may be in a token. They know no other way than
/// to wait for the signature on the thread that calls them; it is made elsewhere, and in bounded time.
/// </summary>
internal sealed class SigningKeyGenerator(ISigningKey key) : X509SignatureGenerator
{
    /// <summary>A request that only the generator has to sign.</summary>
    internal static CertificateRequest NewRequest(X500DistinguishedName subject, ISigningKey key) => new(subject, PublicKeyOf(key), key.PublicKey.Algorithm.Hash);

    // RFC 5758 §3.2: without parameters. The hash is that of the key's algorithm, whatever the writer says.
    public override byte[] GetSignatureAlgorithmIdentifier(HashAlgorithmName hashAlgorithm)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            var algorithm = key.PublicKey.Algorithm;
            writer.WriteObjectIdentifier(algorithm == SignatureAlgorithm.Es256 ? "1.2.840.10045.4.3.2" : algorithm == SignatureAlgorithm.Es384 ? "1.2.840.10045.4.3.3" : "1.2.840.10045.4.3.4");
        }

        return writer.Encode();
    }

    public override byte[] SignData(byte[] data, HashAlgorithmName hashAlgorithm)
    {
        ReadOnlySpan<byte> signature = key.SignAsync(data).AsTask().GetAwaiter().GetResult();
        // RFC 3279 §2.2.3: Ecdsa-Sig-Value.
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteIntegerUnsigned(signature[..(signature.Length / 2)].TrimStart((byte)0));
            writer.WriteIntegerUnsigned(signature[(signature.Length / 2)..].TrimStart((byte)0));
        }

        return writer.Encode();
    }

    protected override PublicKey BuildPublicKey() => PublicKeyOf(key);

    private static PublicKey PublicKeyOf(ISigningKey key) => new(key.PublicKey.Ecdsa ?? throw new ArgumentException("Certificates are for EC keys.", nameof(key)));
}
