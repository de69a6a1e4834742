using System.Security.Cryptography.X509Certificates;
using Credentials.Keys;

namespace Credentials.X509;

/// <summary>The request for a certificate that goes to an authority elsewhere (PKCS #10, RFC 2986).</summary>
public static class CertificationRequest
{
    /// <summary>A request as PEM, signed by the key that is to be certified.</summary>
    /// <param name="subject">The name that is asked for.</param>
    /// <param name="key">A key for ECDSA, wherever it is.</param>
    /// <param name="extensions">The extensions that are asked for.</param>
    /// <exception cref="KeyUnavailableException">The key cannot sign.</exception>
    public static string CreatePem(X500DistinguishedName subject, ISigningKey key, IEnumerable<X509Extension> extensions)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(extensions);
        CertificateRequest request = SigningKeyGenerator.NewRequest(subject, key);
        foreach (X509Extension extension in extensions) request.CertificateExtensions.Add(extension);
        return request.CreateSigningRequestPem(new SigningKeyGenerator(key)) + "\n";
    }
}
