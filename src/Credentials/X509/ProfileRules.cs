using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Credentials.X509;

/// <summary>Holds certificates against a <see cref="CertificateProfile"/>. Each rule answers with the code of what is wrong, or null.</summary>
internal static class ProfileRules
{
    private const int MaxIacaYears = 20; // ISO/IEC 18013-5 Table B.1

    /// <summary>The rules that need no anchor.</summary>
    public static string? CheckLeaf(IReadOnlyList<X509Certificate2> leafFirst, CertificateProfile profile)
    {
        X509Certificate2 leaf = leafFirst[0];
        if (!HasWantedUsage(leaf, profile)) return X509Codes.ExtendedKeyUsage;
        if (profile.DirectlyUnderAnchor && leafFirst.Count > 1) return X509Codes.Intermediate;
        if (profile.MaxValidity is { } longest && leaf.NotAfter.ToUniversalTime() - leaf.NotBefore.ToUniversalTime() > longest) return X509Codes.ValidityTooLong;
        return null;
    }

    /// <summary>The rules about the leaf and what stands above it.</summary>
    public static string? CheckPath(IReadOnlyList<X509Certificate2> leafFirst, X509Certificate2 anchor, CertificateProfile profile)
    {
        X509Certificate2 leaf = leafFirst[0];
        if (profile.AnchorIsIaca && CheckIaca(anchor) is { } code) return code;
        if (profile.AuthorityKeyIdentifierRequired && !NamesKeyOf(leaf, leafFirst.Count > 1 ? leafFirst[1] : anchor)) return X509Codes.KeyIdentifier;
        return profile.SameCountryAsAnchor ? CheckPlace(leaf, anchor) : null;
    }

    private static bool HasWantedUsage(X509Certificate2 leaf, CertificateProfile profile)
    {
        X509EnhancedKeyUsageExtension? extension = leaf.Extensions.OfType<X509EnhancedKeyUsageExtension>().FirstOrDefault();
        List<string?> usages = [.. extension?.EnhancedKeyUsages.Cast<Oid>().Select(o => o.Value) ?? []];
        if (extension is not null && usages.Count == 0) return false; // RFC 5280 §4.2.1.12: at least one
        if (profile.RequiredUsage is { } required && !usages.Contains(required)) return false;
        return profile.AllowedUsage is not { } allowed || usages.Count == 0 || usages.Contains(allowed);
    }

    private static string? CheckIaca(X509Certificate2 anchor)
    {
        // Self-signed, CA and keyCertSign hold for every anchor that a path can end at.
        bool isLast = anchor.Extensions.OfType<X509BasicConstraintsExtension>().Any(b => b is { HasPathLengthConstraint: true, PathLengthConstraint: 0 });
        bool signsLists = anchor.Extensions.OfType<X509KeyUsageExtension>().Any(u => u.KeyUsages.HasFlag(X509KeyUsageFlags.CrlSign));
        if (!isLast || !signsLists) return X509Codes.NotIaca;
        return anchor.NotAfter.ToUniversalTime() > anchor.NotBefore.ToUniversalTime().AddYears(MaxIacaYears) ? X509Codes.ValidityTooLong : null;
    }

    private static bool NamesKeyOf(X509Certificate2 certificate, X509Certificate2 issuer) =>
        certificate.Extensions.OfType<X509AuthorityKeyIdentifierExtension>().FirstOrDefault()?.KeyIdentifier is { } named
        && issuer.Extensions.OfType<X509SubjectKeyIdentifierExtension>().FirstOrDefault() is { } own
        && named.Span.SequenceEqual(own.SubjectKeyIdentifierBytes.Span);

    private static string? CheckPlace(X509Certificate2 leaf, X509Certificate2 anchor)
    {
        CertificateSubject subject = CertificateSubject.Of(leaf), above = CertificateSubject.Of(anchor);
        if (subject.Countries.Count != 1 || !subject.Countries.SequenceEqual(above.Countries)) return X509Codes.Country;
        return subject.StatesOrProvinces.Count == 0 || above.StatesOrProvinces.Count == 0
            || subject.StatesOrProvinces.SequenceEqual(above.StatesOrProvinces) ? null : X509Codes.State;
    }
}
