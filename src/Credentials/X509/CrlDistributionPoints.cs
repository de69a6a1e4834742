using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Credentials.X509;

/// <summary>The addresses of revocation lists that a certificate names (RFC 5280 §4.2.1.13).</summary>
public static class CrlDistributionPoints
{
    private const string Oid = "2.5.29.31";
    private static readonly Asn1Tag s_name = new(TagClass.ContextSpecific, 0);

    /// <summary>Whether the certificate names any revocation list, usable or not.</summary>
    public static bool AreIn(X509Certificate2 certificate) => certificate.Extensions.Any(e => e.Oid?.Value == Oid);

    /// <summary>
    /// The URIs as written, of the points that serve for all reasons and are the issuer's own (ISO/IEC 18013-5 Annex B allows no others).
    /// A certificate without the extension has none.
    /// </summary>
    /// <exception cref="MalformedDataException"><c>x509.malformed</c>: the extension cannot be read.</exception>
    public static IReadOnlyList<string> Of(X509Certificate2 certificate)
    {
        List<string> uris = [];
        try
        {
            foreach (X509Extension extension in certificate.Extensions.Where(e => e.Oid?.Value == Oid))
            {
                AsnReader outer = new(extension.RawData, AsnEncodingRules.DER), points = outer.ReadSequence();
                outer.ThrowIfNotEmpty();
                while (points.HasData) uris.AddRange(ReadPoint(points.ReadSequence()));
            }
        }
        catch (Exception e) when (e is AsnContentException or CryptographicException)
        {
            throw new MalformedDataException(X509Codes.Malformed, "The CRL distribution points cannot be read.", e);
        }
        return uris;
    }

    /// <summary>Reads the content of a DistributionPointName; null for a name relative to the issuer.</summary>
    internal static IReadOnlyList<string>? ReadName(AsnReader name)
    {
        const int UriTag = 6;
        if (!name.PeekTag().HasSameClassAndValue(s_name)) return null;
        List<string> uris = [];
        AsnReader names = name.ReadSequence(s_name);
        name.ThrowIfNotEmpty();
        while (names.HasData)
        {
            Asn1Tag tag = names.PeekTag();
            if (tag.TagClass == TagClass.ContextSpecific && tag.TagValue == UriTag) uris.Add(names.ReadCharacterString(UniversalTagNumber.IA5String, tag));
            else names.ReadEncodedValue();
        }
        return uris;
    }

    private static IReadOnlyList<string> ReadPoint(AsnReader point)
    {
        if (!point.HasData || !point.PeekTag().HasSameClassAndValue(s_name)) return [];
        IReadOnlyList<string>? uris = ReadName(point.ReadSequence(s_name));
        // What follows is "reasons" or "cRLIssuer".
        return point.HasData ? [] : uris ?? [];
    }
}
