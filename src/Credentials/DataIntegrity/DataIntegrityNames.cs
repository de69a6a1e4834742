using Credentials.Dids;

namespace Credentials.DataIntegrity;

/// <summary>Names on the wire of Data Integrity 1.0 (https://www.w3.org/TR/vc-data-integrity/) and of its cryptosuites.</summary>
public static class DataIntegrityNames
{
    /// <summary>EdDSA Cryptosuites 1.0 §3.3: JSON canonicalization.</summary>
    public const string EddsaJcs2022 = "eddsa-jcs-2022";

    /// <summary>EdDSA Cryptosuites 1.0 §3.2: RDF canonicalization.</summary>
    public const string EddsaRdfc2022 = "eddsa-rdfc-2022";

    /// <summary>ECDSA Cryptosuites 1.0 §3.3: JSON canonicalization; P-256 and P-384.</summary>
    public const string EcdsaJcs2019 = "ecdsa-jcs-2019";

    /// <summary>ECDSA Cryptosuites 1.0 §3.2: RDF canonicalization; P-256 and P-384.</summary>
    public const string EcdsaRdfc2019 = "ecdsa-rdfc-2019";

    /// <summary>ECDSA Cryptosuites 1.0 §3.6: selective disclosure; P-256.</summary>
    public const string EcdsaSd2023 = "ecdsa-sd-2023";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> Cryptosuites { get; } = [EddsaJcs2022, EddsaRdfc2022, EcdsaJcs2019, EcdsaRdfc2019, EcdsaSd2023];

    internal const string Proof = "proof";
    internal const string ProofTypeValue = "DataIntegrityProof";
    internal const string Id = "id";
    internal const string Type = "type";
    internal const string Cryptosuite = "cryptosuite";
    internal const string Created = "created";
    internal const string Expires = "expires";
    internal const string VerificationMethod = "verificationMethod";
    internal const string ProofPurpose = "proofPurpose";
    internal const string ProofValue = "proofValue";
    internal const string Domain = "domain";
    internal const string Challenge = "challenge";
    internal const string Nonce = "nonce";
    internal const string PreviousProof = "previousProof";
    internal const string Context = "@context";

    internal const string SecurityVocabulary = "https://w3id.org/security#";

    /// <summary>The value of <c>proofPurpose</c> (Data Integrity 1.0 §2.2); null for a relationship that signs nothing.</summary>
    public static string? PurposeOf(VerificationRelationship relationship) => relationship switch
    {
        VerificationRelationship.AssertionMethod => "assertionMethod",
        VerificationRelationship.Authentication => "authentication",
        VerificationRelationship.CapabilityInvocation => "capabilityInvocation",
        VerificationRelationship.CapabilityDelegation => "capabilityDelegation",
        _ => null,
    };
}
