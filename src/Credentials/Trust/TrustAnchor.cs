using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Credentials.Codecs;
using Credentials.Dids;
using Credentials.Jose;
using Credentials.X509;
using PublicKey = Credentials.Keys.PublicKey;

namespace Credentials.Trust;

/// <summary>
/// One configured authority: a CA certificate, a pinned key of one issuer, the URL of an issuer that publishes its keys there, or a
/// DID or other controlled identifier whose document lists them.
/// Equal when content and scope are equal.
/// </summary>
public sealed class TrustAnchor : IEquatable<TrustAnchor>
{
    private TrustAnchor(
        X509Certificate2? certificate, PublicKey? key, TrustPurpose purposes, IEnumerable<string>? types, string? issuer,
        CertificateProfile? profile = null, bool isControlledIdentifier = false)
    {
        Certificate = certificate;
        Key = key;
        Purposes = purposes;
        Types = types?.ToHashSet(StringComparer.Ordinal);
        Issuer = issuer;
        Profile = profile;
        IsControlledIdentifier = isControlledIdentifier;
        Id = certificate is not null ? Convert.ToHexStringLower(SHA256.HashData(certificate.RawDataMemory.Span))
            : key is not null ? Jwk.Thumbprint(key)
            : issuer!;
    }

    /// <summary>SHA-256 of the certificate in hex, the key's RFC 7638 thumbprint, or the issuer's URL or DID.</summary>
    public string Id { get; }

    /// <summary>The CA certificate; null for the other kinds.</summary>
    public X509Certificate2? Certificate { get; }

    /// <summary>The pinned key; null for the other kinds.</summary>
    public PublicKey? Key { get; }

    /// <summary>What it is trusted for.</summary>
    public TrustPurpose Purposes { get; }

    /// <summary>The credential types (<c>vct</c>, docType) it is trusted for; null: all.</summary>
    public IReadOnlySet<string>? Types { get; }

    /// <summary>For a pinned key: the issuer that it belongs to; null: any or none. For an issuer trusted by its URL or DID: that one.</summary>
    public string? Issuer { get; }

    /// <summary>True for an issuer whose keys stand in the metadata at its URL (SD-JWT VC §4).</summary>
    public bool IsIssuerUrl => Certificate is null && Key is null && !IsControlledIdentifier;

    /// <summary>True for an issuer whose keys stand in the document of its DID or other controlled identifier.</summary>
    public bool IsControlledIdentifier { get; }

    /// <summary>For a CA certificate: what every signer below it must be like, beyond what its role asks for; null: nothing more.</summary>
    public CertificateProfile? Profile { get; }

    /// <summary>Trusts the chains below a CA certificate. A certificate whose signers differ by role or type is given once for each.</summary>
    public static TrustAnchor ForCertificate(
        X509Certificate2 certificate, TrustPurpose purposes, IEnumerable<string>? types = null, CertificateProfile? profile = null) =>
        new(certificate, null, purposes, types, null, profile);

    /// <summary>Trusts one key.</summary>
    public static TrustAnchor ForKey(PublicKey key, TrustPurpose purposes, IEnumerable<string>? types = null, string? issuer = null) =>
        new(null, key, purposes, types, issuer);

    /// <summary>Trusts whatever keys an issuer of credentials publishes under its own URL (JWT VC Issuer Metadata, SD-JWT VC §4).</summary>
    /// <param name="issuer">The <c>iss</c>, exactly as credentials have it: https, no query, no fragment; http for this machine alone.</param>
    /// <param name="types">The credential types it is trusted for; null: all.</param>
    /// <exception cref="ArgumentException">No such URL.</exception>
    public static TrustAnchor ForIssuerUrl(string issuer, IEnumerable<string>? types = null)
    {
        ArgumentNullException.ThrowIfNull(issuer);
        try
        {
            ServiceUrl.RequireIdentifier(issuer, allowLoopbackHttp: true, TrustCodes.UnknownIssuer);
        }
        catch (MalformedDataException e)
        {
            throw new ArgumentException("The issuer is no https URL without query and fragment.", nameof(issuer), e);
        }

        return new(null, null, TrustPurpose.CredentialIssuer, types, issuer);
    }

    /// <summary>Trusts whatever keys the document of a DID, or of another controlled identifier, lists for the use (Controlled Identifiers §3.3).</summary>
    /// <param name="identifier">The DID, or the https URL of the document, exactly as credentials have it.</param>
    /// <param name="types">The credential types it is trusted for; null: all.</param>
    /// <exception cref="ArgumentException">Neither.</exception>
    public static TrustAnchor ForControlledIdentifier(string identifier, TrustPurpose purposes, IEnumerable<string>? types = null)
    {
        ArgumentNullException.ThrowIfNull(identifier);
        try
        {
            if (!DidSyntax.IsDid(identifier)) ServiceUrl.Require(identifier, allowLoopbackHttp: true, TrustCodes.UnknownIssuer);
        }
        catch (MalformedDataException e)
        {
            throw new ArgumentException("The identifier is no DID and no https URL without a fragment.", nameof(identifier), e);
        }

        return new(null, null, purposes, types, identifier, isControlledIdentifier: true);
    }

    /// <summary>True if it is trusted for this purpose and type; a null type asks about the purpose alone.</summary>
    public bool Covers(TrustPurpose purpose, string? type) =>
        Purposes.HasFlag(purpose) && (type is null || Types is null || Types.Contains(type));

    /// <inheritdoc/>
    public bool Equals(TrustAnchor? other) =>
        other is not null && Id == other.Id && Purposes == other.Purposes && Issuer == other.Issuer && Profile == other.Profile
        && IsControlledIdentifier == other.IsControlledIdentifier
        && (Types is null ? other.Types is null : other.Types is not null && Types.SetEquals(other.Types));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as TrustAnchor);

    /// <inheritdoc/>
    public override int GetHashCode() => Id.GetHashCode(StringComparison.Ordinal);
}
