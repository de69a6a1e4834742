using Credentials.Codecs;
using Credentials.Jose;
using Credentials.Keys;

namespace Credentials.Dids;

/// <summary>did:jwk: an identifier that is its one public key, as a JWK.</summary>
public static class DidJwk
{
    private static readonly JsonLimits s_limits = new(MaxBytes: DidSyntax.MaxLength, MaxDepth: 4, MaxMembers: 50);

    private static readonly VerificationRelationship[] s_signing =
    [
        VerificationRelationship.Authentication, VerificationRelationship.AssertionMethod,
        VerificationRelationship.CapabilityInvocation, VerificationRelationship.CapabilityDelegation,
    ];

    /// <summary>The DID of a key, with the required members of its JWK.</summary>
    public static string Create(PublicKey key) => $"did:jwk:{StrictBase64Url.Encode(StrictJson.ToUtf8(Jwk.Write(key)))}";

    /// <summary>The identifier of the DID's one verification method.</summary>
    public static string VerificationMethodOf(string did) => $"{did}#0";

    /// <summary>The document of a DID.</summary>
    /// <exception cref="MalformedDataException"><c>did.malformed</c>, <c>jwk.private</c>, <c>jwk.malformed</c>, <c>key.invalid</c>.</exception>
    /// <exception cref="NotSupportedCredentialException"><c>jwk.not_supported</c>: another key type or curve, such as X25519.</exception>
    public static ControlledIdentifierDocument Resolve(string did)
    {
        ArgumentNullException.ThrowIfNull(did);
        if (DidSyntax.Specific(did, "jwk") is not { } encoded) throw DidSyntax.Malformed("Not a did:jwk.");
        var jwk = StrictJson.ParseObject(StrictBase64Url.Decode(encoded, DidCodes.Malformed), s_limits, DidCodes.Malformed);
        var use = jwk.OptionalString("use", JoseCodes.JwkMalformed);
        if (use == "enc") _ = Jwk.ParseKeyAgreement(jwk);
        else _ = Jwk.ParsePublic(jwk);

        var method = ControlledIdentifierDocument.Method(did, "0", DidNames.JsonWebKey2020, DidNames.PublicKeyJwk, StrictJson.ToNode(jwk)!);
        // did:jwk, "To create the DID Document": use decides what the key is for.
        return ControlledIdentifierDocument.OfOneKey(did, method, use switch
        {
            "enc" => [VerificationRelationship.KeyAgreement],
            "sig" => s_signing,
            _ => [.. s_signing, VerificationRelationship.KeyAgreement],
        });
    }
}
