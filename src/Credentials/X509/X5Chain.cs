using System.Security.Cryptography.X509Certificates;

namespace Credentials.X509;

/// <summary>The certificates of the COSE header parameter <c>x5chain</c> (RFC 9360 §2): DER byte strings, the signer's first.</summary>
public static class X5Chain
{
    /// <summary>The cap on certificates in one header.</summary>
    public const int MaxCertificates = X5c.MaxCertificates;

    /// <summary>Reads the byte strings, unverified.</summary>
    /// <exception cref="MalformedDataException"><c>x509.malformed</c> or <c>x509.too_many</c>.</exception>
    public static IReadOnlyList<X509Certificate2> Parse(IReadOnlyList<ReadOnlyMemory<byte>> der)
    {
        if (der.Count == 0) throw new MalformedDataException(X509Codes.Malformed, "x5chain has no certificate.");
        if (der.Count > MaxCertificates) throw new MalformedDataException(X509Codes.TooMany, $"x5chain has over {MaxCertificates} certificates.");
        return [.. der.Select(one => CertificateReader.FromDer(one.Span))];
    }

    /// <summary>
    /// The byte strings for a signer's own chain, leaving out the self-signed anchor on top of it. RFC 9360: one is written as a byte
    /// string, several as an array.
    /// </summary>
    /// <exception cref="ArgumentException">No certificate is left (no signer is self-signed), or more than the cap.</exception>
    public static IReadOnlyList<ReadOnlyMemory<byte>> ForHeader(IEnumerable<X509Certificate2> leafFirst)
    {
        ReadOnlyMemory<byte>[] chain = [.. WithoutAnchor(leafFirst).Select(c => c.RawDataMemory)];
        return chain.Length is > 0 and <= MaxCertificates ? chain : throw new ArgumentException("Every certificate is self-signed, or there are too many.", nameof(leafFirst));
    }

    /// <summary>The certificates without self-signed ones: a trust anchor does not go along (HAIP §6.1).</summary>
    public static IEnumerable<X509Certificate2> WithoutAnchor(IEnumerable<X509Certificate2> leafFirst) =>
        leafFirst.Where(c => !c.SubjectName.RawData.AsSpan().SequenceEqual(c.IssuerName.RawData));
}
