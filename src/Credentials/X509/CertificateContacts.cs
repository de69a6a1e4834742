namespace Credentials.X509;

/// <summary>The addresses that ISO/IEC 18013-5 Annex B wants in the certificates of an authority.</summary>
/// <param name="Website">The authority's page or mailbox (<c>mailto:</c>), for the issuer alternative name; null: none.</param>
/// <param name="RevocationList">Where its revocation list is published; null: nowhere.</param>
public sealed record CertificateContacts(Uri? Website = null, Uri? RevocationList = null);
