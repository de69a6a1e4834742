namespace Credentials.Dids;

/// <summary>What a controller allows a verification method to be used for (Controlled Identifiers §2.3).</summary>
public enum VerificationRelationship
{
    /// <summary>To authenticate as the controller: proofs of presentations.</summary>
    Authentication,

    /// <summary>To make statements: proofs of credentials.</summary>
    AssertionMethod,

    /// <summary>To agree on keys.</summary>
    KeyAgreement,

    /// <summary>To use a capability.</summary>
    CapabilityInvocation,

    /// <summary>To pass a capability on.</summary>
    CapabilityDelegation,
}
