using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Credentials.X509;

/// <summary>The extensions that carry <see cref="CertificateContacts"/>: issuer alternative name and CRL distribution points.</summary>
internal static class ContactExtensions
{
    private const string IssuerAlternativeName = "2.5.29.18";
    private const string RevocationListDistributionPoints = "2.5.29.31";

    public static IReadOnlyList<X509Extension> Of(CertificateContacts contacts)
    {
        List<X509Extension> extensions = [];
        if (contacts.Website is { } website) extensions.Add(IssuerName(website));
        if (contacts.RevocationList is { } list)
            extensions.Add(CertificateRevocationListBuilder.BuildCrlDistributionPointExtension([list.AbsoluteUri], critical: false));
        return extensions;
    }

    /// <summary>Those of a root, for the certificates below it.</summary>
    public static IReadOnlyList<X509Extension> In(X509Certificate2 root) =>
        [.. root.Extensions.Where(e => e.Oid?.Value is IssuerAlternativeName or RevocationListDistributionPoints)];

    // RFC 5280 §4.2.1.6 GeneralNames; a table of ISO/IEC 18013-5 Annex B allows an e-mail address or a URI.
    private static X509Extension IssuerName(Uri website)
    {
        const int Rfc822Name = 1, UniformResourceIdentifier = 6;
        bool isMailbox = website.Scheme == Uri.UriSchemeMailto;
        AsnWriter writer = new(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            string name = isMailbox ? $"{website.UserInfo}@{website.Host}" : website.AbsoluteUri;
            writer.WriteCharacterString(UniversalTagNumber.IA5String, name, new Asn1Tag(TagClass.ContextSpecific, isMailbox ? Rfc822Name : UniformResourceIdentifier));
        }
        return new X509Extension(new Oid(IssuerAlternativeName), writer.Encode(), critical: false);
    }
}
