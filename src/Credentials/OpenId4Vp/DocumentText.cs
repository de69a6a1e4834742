using Credentials.Codecs;
using Credentials.Mdoc;
using Credentials.QrDocuments;
using Credentials.SdJwt;
using Credentials.W3c;

namespace Credentials.OpenId4Vp;

/// <summary>What the text of a document says it is. Nothing of it is verified.</summary>
public static class DocumentText
{
    private const int CborMap = 5;

    /// <summary>
    /// The credential format that a text has the shape of: a printed document has a prefix, a W3C document says so, base64url of a CBOR map is
    /// an mdoc, and everything else is read as an SD-JWT.
    /// </summary>
    public static string FormatOf(string text)
    {
        if (QrDocumentText.FormatOf(text) is { } printed) return printed;
        if (SecuredText.Find(text) is { } w3c) return w3c.Format;
        return StrictBase64Url.TryDecode(text, out var bytes) && bytes.Length > 0 && bytes[0] >> 5 == CborMap ? CredentialFormat.Mdoc : CredentialFormat.SdJwtVc;
    }

    /// <summary>The type that a document names; null if it cannot be read.</summary>
    public static string? UnverifiedTypeOf(string text)
    {
        try
        {
            return FormatOf(text) switch
            {
                CredentialFormat.Hcert or CredentialFormat.QrCwt => QrDocument.Parse(text).Type,
                CredentialFormat.Mdoc => IssuerSigned.ParseAny(StrictBase64Url.Decode(text)).SecurityObject.DocType,
                CredentialFormat.SdJwtVc => SdJwtCredential.Parse(text).UnverifiedClaims().OptionalString(SdJwtNames.Type),
                // Whatever presentation it may be in.
                _ => SecuredText.Find(text) is { IsPresentation: false }
                    ? W3cCredential.Parse(SecuredDocument.ParseCredential(SecuredText.ToContent(text), acceptV1: true).UnverifiedDocument, acceptV1: true).MainType
                    : null,
            };
        }
        catch (CredentialException)
        {
            return null;
        }
    }
}
