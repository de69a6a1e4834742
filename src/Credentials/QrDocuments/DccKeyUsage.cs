using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Credentials.QrDocuments;

/// <summary>
/// The extended key usages of a document signer (HCERT Appendix A.4): one that has any of them signs those kinds only, one that has none
/// signs all. Who is certified for DCCs signs nothing else. Certificates in use have the numbers with a zero that the specification does not print; both mean the same.
/// </summary>
internal static class DccKeyUsage
{
    private static readonly (DccKind Kind, string[] Usages)[] s_usages =
    [
        (DccKind.Test, ["1.3.6.1.4.1.1847.2021.1.1", "1.3.6.1.4.1.0.1847.2021.1.1"]),
        (DccKind.Vaccination, ["1.3.6.1.4.1.1847.2021.1.2", "1.3.6.1.4.1.0.1847.2021.1.2"]),
        (DccKind.Recovery, ["1.3.6.1.4.1.1847.2021.1.3", "1.3.6.1.4.1.0.1847.2021.1.3"]),
    ];

    /// <summary>True if the certificate may sign this kind, or, for null, documents that are no DCC. False if its usages cannot be read.</summary>
    public static bool Allows(X509Certificate2 certificate, DccKind? kind)
    {
        try
        {
            HashSet<string?> own = [.. certificate.Extensions.OfType<X509EnhancedKeyUsageExtension>()
                .SelectMany(extension => extension.EnhancedKeyUsages.Cast<Oid>()).Select(usage => usage.Value)];
            var allowed = s_usages.Where(one => one.Usages.Any(own.Contains)).Select(one => (DccKind?)one.Kind).ToList();
            return allowed.Count == 0 || allowed.Contains(kind);
        }
        catch (CryptographicException)
        {
            return false;
        }
    }
}
