using Credentials.Keys;

namespace Credentials.Dids;

/// <summary>did:key: an identifier that is its one public key, as a Multikey.</summary>
public static class DidKey
{
    private static readonly VerificationRelationship[] s_uses =
    [
        VerificationRelationship.Authentication, VerificationRelationship.AssertionMethod,
        VerificationRelationship.CapabilityInvocation, VerificationRelationship.CapabilityDelegation,
    ];

    /// <summary>The DID of a key.</summary>
    public static string Create(PublicKey key) => $"did:key:{Multikey.Write(key)}";

    /// <summary>The identifier of the DID's one verification method.</summary>
    public static string VerificationMethodOf(string did)
    {
        ArgumentNullException.ThrowIfNull(did);
        return $"{did}#{did["did:key:".Length..]}";
    }

    /// <summary>The document of a DID. No key for encryption is derived from it.</summary>
    /// <exception cref="MalformedDataException"><c>did.malformed</c>, also for a version; <c>multibase.malformed</c>; <c>key.invalid</c>.</exception>
    /// <exception cref="NotSupportedCredentialException"><c>key.not_supported</c>.</exception>
    public static ControlledIdentifierDocument Resolve(string did)
    {
        ArgumentNullException.ThrowIfNull(did);
        if (DidSyntax.Specific(did, "key") is not { } multikey || multikey.Contains(':')) throw DidSyntax.Malformed("Not a did:key.");
        // What cannot be read must fail here and not only when the method is used.
        _ = Multikey.Parse(multikey);
        var method = ControlledIdentifierDocument.Method(did, multikey, DidNames.Multikey, DidNames.PublicKeyMultibase, multikey);
        return ControlledIdentifierDocument.OfOneKey(did, method, s_uses);
    }
}
