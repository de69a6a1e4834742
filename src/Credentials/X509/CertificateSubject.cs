using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Credentials.X509;

/// <summary>Where the subject of a certificate is, as its name says.</summary>
/// <param name="Countries">The values of <c>countryName</c>.</param>
/// <param name="StatesOrProvinces">The values of <c>stateOrProvinceName</c>.</param>
public sealed record CertificateSubject(IReadOnlyList<string> Countries, IReadOnlyList<string> StatesOrProvinces)
{
    private const string CountryName = "2.5.4.6";
    private const string StateOrProvinceName = "2.5.4.8";

    /// <summary>Reads the subject.</summary>
    /// <exception cref="MalformedDataException"><c>x509.malformed</c>: the name cannot be read.</exception>
    public static CertificateSubject Of(X509Certificate2 certificate)
    {
        try
        {
            List<X500RelativeDistinguishedName> names = [.. certificate.SubjectName.EnumerateRelativeDistinguishedNames().Where(n => !n.HasMultipleElements)];
            return new CertificateSubject(Values(names, CountryName), Values(names, StateOrProvinceName));
        }
        catch (CryptographicException e)
        {
            throw new MalformedDataException(X509Codes.Malformed, "The subject of the certificate cannot be read.", e);
        }
    }

    private static List<string> Values(List<X500RelativeDistinguishedName> names, string type) =>
        [.. names.Where(n => n.GetSingleElementType().Value == type).Select(n => n.GetSingleElementValue() ?? "")];
}
