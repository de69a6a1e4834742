namespace Credentials.W3c;

/// <summary>Wire names of Verifiable Credentials Data Model 2.0 and 1.1, VC-JOSE-COSE and Bitstring Status List 1.0.</summary>
public static class W3cNames
{
    /// <summary>The base context of data model 2.0.</summary>
    public const string BaseContext = "https://www.w3.org/ns/credentials/v2";

    /// <summary>The base context of data model 1.1.</summary>
    public const string BaseContextV1 = "https://www.w3.org/2018/credentials/v1";

    /// <summary>The context that defines Data Integrity proofs, for data model 1.1; that of 2.0 does so itself.</summary>
    public const string DataIntegrityContext = "https://w3id.org/security/data-integrity/v2";

    /// <summary>The context that defines status lists, for data model 1.1; that of 2.0 does so itself.</summary>
    public const string StatusListContext = "https://www.w3.org/ns/credentials/status/v1";

    /// <summary>The type that every credential has.</summary>
    public const string CredentialType = "VerifiableCredential";

    /// <summary>The type that every presentation has.</summary>
    public const string PresentationType = "VerifiablePresentation";

    /// <summary>The type of an entry of <c>credentialStatus</c> in a bitstring status list.</summary>
    public const string StatusEntryType = "BitstringStatusListEntry";

    /// <summary>The type of a status list credential.</summary>
    public const string StatusListCredentialType = "BitstringStatusListCredential";

    internal const string StatusListType = "BitstringStatusList";
    internal const string EnvelopedCredentialType = "EnvelopedVerifiableCredential";
    internal const string EnvelopedPresentationType = "EnvelopedVerifiablePresentation";

    internal const string Context = "@context";
    internal const string Id = "id";
    internal const string Type = "type";
    internal const string Name = "name";
    internal const string Description = "description";
    internal const string Issuer = "issuer";
    internal const string Subject = "credentialSubject";
    internal const string ValidFrom = "validFrom";
    internal const string ValidUntil = "validUntil";
    internal const string IssuanceDate = "issuanceDate";
    internal const string ExpirationDate = "expirationDate";
    internal const string Status = "credentialStatus";
    internal const string Schema = "credentialSchema";
    internal const string RelatedResource = "relatedResource";
    internal const string Proof = "proof";
    internal const string Holder = "holder";
    internal const string Credential = "verifiableCredential";
    internal const string DigestSri = "digestSRI";
    internal const string DigestMultibase = "digestMultibase";
    internal const string MediaType = "mediaType";

    internal const string StatusPurpose = "statusPurpose";
    internal const string StatusListIndex = "statusListIndex";
    internal const string StatusListCredential = "statusListCredential";
    internal const string StatusSize = "statusSize";
    internal const string StatusMessage = "statusMessage";
    internal const string StatusReference = "statusReference";
    internal const string EncodedList = "encodedList";
    internal const string TimeToLive = "ttl";

    // VC-JOSE-COSE §3 and the JWT claims that it builds on; §1.1.2.1 forbids the last two.
    internal const string JwtIssuer = "iss";
    internal const string JwtSubject = "sub";
    internal const string JwtId = "jti";
    internal const string JwtAudience = "aud";
    internal const string JwtNonce = "nonce";
    internal const string JwtIssuedAt = "iat";
    internal const string JwtNotBefore = "nbf";
    internal const string JwtExpires = "exp";
    internal const string JwtCredential = "vc";
    internal const string JwtPresentation = "vp";
}
