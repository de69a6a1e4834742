using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Credentials.Jose;
using PublicKey = Credentials.Keys.PublicKey;

namespace Credentials.Trust;

/// <summary>One configured authority: a CA certificate, or a pinned key of one issuer. Equal when content and scope are equal.</summary>
public sealed class TrustAnchor : IEquatable<TrustAnchor>
{
    private TrustAnchor(X509Certificate2? certificate, PublicKey? key, TrustPurpose purposes, IEnumerable<string>? types, string? issuer)
    {
        Certificate = certificate;
        Key = key;
        Purposes = purposes;
        Types = types?.ToHashSet(StringComparer.Ordinal);
        Issuer = issuer;
        Id = certificate is not null
            ? Convert.ToHexStringLower(SHA256.HashData(certificate.RawDataMemory.Span))
            : Jwk.Thumbprint(key!);
    }

    /// <summary>SHA-256 of the certificate in hex, or the key's RFC 7638 thumbprint.</summary>
    public string Id { get; }

    /// <summary>The CA certificate; null for a pinned key.</summary>
    public X509Certificate2? Certificate { get; }

    /// <summary>The pinned key; null for a CA certificate.</summary>
    public PublicKey? Key { get; }

    /// <summary>What it is trusted for.</summary>
    public TrustPurpose Purposes { get; }

    /// <summary>The credential types (<c>vct</c>, docType) it is trusted for; null: all.</summary>
    public IReadOnlySet<string>? Types { get; }

    /// <summary>For a pinned key: the <c>iss</c> that it belongs to; null: any or none.</summary>
    public string? Issuer { get; }

    /// <summary>Trusts the chains below a CA certificate.</summary>
    public static TrustAnchor ForCertificate(X509Certificate2 certificate, TrustPurpose purposes, IEnumerable<string>? types = null) =>
        new(certificate, null, purposes, types, null);

    /// <summary>Trusts one key.</summary>
    public static TrustAnchor ForKey(PublicKey key, TrustPurpose purposes, IEnumerable<string>? types = null, string? issuer = null) =>
        new(null, key, purposes, types, issuer);

    /// <summary>True if it is trusted for this purpose and type; a null type asks about the purpose alone.</summary>
    public bool Covers(TrustPurpose purpose, string? type) =>
        Purposes.HasFlag(purpose) && (type is null || Types is null || Types.Contains(type));

    /// <inheritdoc/>
    public bool Equals(TrustAnchor? other) =>
        other is not null && Id == other.Id && Purposes == other.Purposes && Issuer == other.Issuer
        && (Types is null ? other.Types is null : other.Types is not null && Types.SetEquals(other.Types));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as TrustAnchor);

    /// <inheritdoc/>
    public override int GetHashCode() => Id.GetHashCode(StringComparison.Ordinal);
}
