using Credentials.Keys;

namespace Credentials.Dids;

/// <summary>Identifiers that are keys themselves: did:key and did:jwk.</summary>
public static class SelfCertifying
{
    /// <summary>The key that an identifier is, if it may authenticate; null for every other identifier, and for one that is not well-formed.</summary>
    public static PublicKey? FindKey(string identifier)
    {
        ArgumentNullException.ThrowIfNull(identifier);
        try
        {
            var document = identifier.StartsWith("did:key:", StringComparison.Ordinal) ? DidKey.Resolve(identifier)
                : identifier.StartsWith("did:jwk:", StringComparison.Ordinal) ? DidJwk.Resolve(identifier)
                : null;
            return document?.FindAll(VerificationRelationship.Authentication, DateTimeOffset.UnixEpoch).FirstOrDefault()?.Key;
        }
        catch (CredentialException)
        {
            return null;
        }
    }

    /// <summary>The absolute identifier of the key of such an identifier.</summary>
    /// <exception cref="ArgumentException">Another identifier.</exception>
    public static string VerificationMethodOf(string identifier)
    {
        ArgumentNullException.ThrowIfNull(identifier);
        return identifier.StartsWith("did:key:", StringComparison.Ordinal) ? DidKey.VerificationMethodOf(identifier)
            : identifier.StartsWith("did:jwk:", StringComparison.Ordinal) ? DidJwk.VerificationMethodOf(identifier)
            : throw new ArgumentException("The identifier is no key itself.", nameof(identifier));
    }
}
