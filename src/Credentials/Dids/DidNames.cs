namespace Credentials.Dids;

/// <summary>Wire names of Controlled Identifiers 1.0 §2 and DID Core.</summary>
internal static class DidNames
{
    public const string Multikey = "Multikey";
    public const string JsonWebKey = "JsonWebKey";

    // The same material under the names that it had before the Recommendation; did:jwk documents still use the first.
    public const string JsonWebKey2020 = "JsonWebKey2020";
    public const string Ed25519VerificationKey2020 = "Ed25519VerificationKey2020";

    public const string DidContext = "https://www.w3.org/ns/did/v1";
    public const string DidContext11 = "https://www.w3.org/ns/did/v1.1";
    public const string ControlledIdentifierContext = "https://www.w3.org/ns/cid/v1";

    public const string Context = "@context";
    public const string Id = "id";
    public const string Type = "type";
    public const string Controller = "controller";
    public const string VerificationMethod = "verificationMethod";
    public const string PublicKeyJwk = "publicKeyJwk";
    public const string PublicKeyMultibase = "publicKeyMultibase";
    public const string Expires = "expires";
    public const string Revoked = "revoked";

    /// <summary>Members that only a secret key has; they have no business in a document (Controlled Identifiers §2.2.2, §2.2.3).</summary>
    public static readonly string[] SecretMaterial = ["secretKeyJwk", "secretKeyMultibase", "privateKeyJwk", "privateKeyMultibase"];

    public static string Of(VerificationRelationship relationship) => relationship switch
    {
        VerificationRelationship.Authentication => "authentication",
        VerificationRelationship.AssertionMethod => "assertionMethod",
        VerificationRelationship.KeyAgreement => "keyAgreement",
        VerificationRelationship.CapabilityInvocation => "capabilityInvocation",
        _ => "capabilityDelegation",
    };
}
