using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Credentials.X509;

/// <summary>Reads certificates strictly: the platform's loader also takes PEM text and trailing bytes, which makes hashes ambiguous.</summary>
#pragma warning disable RS0030 // the banned loader's one home
public static class CertificateReader
{
    private const int MaxDerBytes = 16 * 1024;
    private const int MaxPemChars = 4 << 20;

    /// <summary>Reads exactly one DER certificate.</summary>
    /// <exception cref="MalformedDataException"><c>x509.malformed</c>.</exception>
    public static X509Certificate2 FromDer(ReadOnlySpan<byte> der)
    {
        if (der.Length is 0 or > MaxDerBytes) throw Malformed(null);
        try
        {
            X509Certificate2 certificate = X509CertificateLoader.LoadCertificate(der);
            // The platform reads the times when they are first asked for, and throws then if they are none.
            _ = (certificate.NotBefore, certificate.NotAfter);
            return certificate.RawDataMemory.Span.SequenceEqual(der) ? certificate : throw Malformed(null);
        }
        catch (CryptographicException e)
        {
            throw Malformed(e);
        }
    }

    /// <summary>Reads every certificate of an operator's PEM text; other PEM blocks are refused.</summary>
    /// <exception cref="MalformedDataException"><c>x509.malformed</c>: no certificate, another kind of block, or a broken one.</exception>
    public static IReadOnlyList<X509Certificate2> FromPem(string pem)
    {
        if (pem.Length > MaxPemChars) throw Malformed(null);
        List<X509Certificate2> certificates = [];
        ReadOnlySpan<char> rest = pem;
        while (PemEncoding.TryFind(rest, out PemFields block))
        {
            if (!rest[block.Label].SequenceEqual("CERTIFICATE")) throw Malformed(null);
            byte[] der = new byte[block.DecodedDataLength];
            if (!Convert.TryFromBase64Chars(rest[block.Base64Data], der, out int written) || written != der.Length) throw Malformed(null);
            certificates.Add(FromDer(der));
            rest = rest[block.Location.End..];
        }
        return certificates.Count > 0 ? certificates : throw Malformed(null);
    }

    private static MalformedDataException Malformed(Exception? inner) => new(X509Codes.Malformed, "Not an acceptable X.509 certificate.", inner);
}
