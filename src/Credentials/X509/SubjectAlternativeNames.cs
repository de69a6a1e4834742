using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Credentials.X509;

/// <summary>The names of a certificate's subject alternative name extension (RFC 5280 §4.2.1.6).</summary>
/// <param name="DnsNames">The <c>dNSName</c> entries.</param>
/// <param name="Uris">The <c>uniformResourceIdentifier</c> entries.</param>
public sealed record SubjectAlternativeNames(IReadOnlyList<string> DnsNames, IReadOnlyList<string> Uris)
{
    private const string Oid = "2.5.29.17";
    private const int DnsTag = 2;
    private const int UriTag = 6;

    /// <summary>
    /// True if the certificate names exactly this host (RFC 5280 §7.2: without regard to case). A wildcard, an address, a name with a
    /// closing dot and a name in Unicode are no host names here, and the subject's common name never counts.
    /// </summary>
    public bool NamesHost(string host) =>
        Uri.CheckHostName(host) == UriHostNameType.Dns && !host.EndsWith('.') && host.All(char.IsAscii)
        && DnsNames.Contains(host, StringComparer.OrdinalIgnoreCase);

    /// <summary>Reads the names; a certificate without the extension has none.</summary>
    /// <exception cref="MalformedDataException"><c>x509.malformed</c>: the extension cannot be read.</exception>
    public static SubjectAlternativeNames Of(X509Certificate2 certificate)
    {
        List<string> dnsNames = [], uris = [];
        try
        {
            foreach (X509Extension extension in certificate.Extensions.Where(e => e.Oid?.Value == Oid))
            {
                AsnReader value = new(extension.RawData, AsnEncodingRules.DER);
                AsnReader names = value.ReadSequence();
                value.ThrowIfNotEmpty();
                while (names.HasData)
                {
                    Asn1Tag tag = names.PeekTag();
                    if (tag.TagClass == TagClass.ContextSpecific && tag.TagValue is DnsTag or UriTag)
                        (tag.TagValue == DnsTag ? dnsNames : uris).Add(names.ReadCharacterString(UniversalTagNumber.IA5String, tag));
                    else names.ReadEncodedValue();
                }
            }
        }
        catch (Exception e) when (e is AsnContentException or CryptographicException)
        {
            throw new MalformedDataException(X509Codes.Malformed, "The subject alternative names cannot be read.", e);
        }
        return new SubjectAlternativeNames(dnsNames, uris);
    }
}
