using Credentials.Dids;
using Credentials.Http;
using Credentials.Jose;
using Credentials.Keys;

namespace Credentials.W3c;

/// <summary>The keys of a DID or other controlled identifier that a key id stands for (VC-JOSE-COSE §4.1.1, §4.3).</summary>
/// <param name="resolver">Finds the identifier's document.</param>
/// <param name="mismatchCode">The code where the key id names somebody else's key.</param>
/// <param name="missingCode">The code where no key has the id.</param>
internal sealed class ControllerKeys(DidResolver resolver, string mismatchCode, string missingCode)
{
    /// <summary>The keys to try, never none; and how old the copy is that they were taken from, where the network is away.</summary>
    /// <param name="identifier">Whose keys.</param>
    /// <param name="keyId">The <c>kid</c> of the header; null if it has none.</param>
    /// <param name="use">What the document must list them for.</param>
    /// <param name="maxOfflineAge">How old a copy may be; zero: none is used.</param>
    /// <exception cref="CredentialException">None can be had.</exception>
    public async ValueTask<(IReadOnlyList<PublicKey> Keys, TimeSpan? Age)> FindAsync(
        string identifier, string? keyId, VerificationRelationship use, TimeSpan maxOfflineAge, DateTimeOffset now, CancellationToken ct)
    {
        try
        {
            return await LookUpAsync(identifier, keyId, use, maxOfflineAge, now, ct).ConfigureAwait(false);
        }
        catch (FetchException e) when (e.Code == DidCodes.NotFound)
        {
            // Its host says that there is no document: that is an answer.
            throw new MalformedDataException(e.Code, e.Message, e);
        }
    }

    private async ValueTask<(IReadOnlyList<PublicKey> Keys, TimeSpan? Age)> LookUpAsync(
        string identifier, string? keyId, VerificationRelationship use, TimeSpan maxOfflineAge, DateTimeOffset now, CancellationToken ct)
    {
        if (keyId is not null && keyId.Contains('#'))
        {
            var id = keyId.StartsWith('#') ? identifier + keyId : keyId;
            // A key of somebody else proves nothing about this one.
            if (id[..id.IndexOf('#', StringComparison.Ordinal)] != identifier) throw new MalformedDataException(mismatchCode, "The key is that of another controller.");
            var (method, methodAge) = await resolver.FindMethodAsync(id, use, maxOfflineAge, now, ct).ConfigureAwait(false);
            return ([method.Key], methodAge);
        }

        // §4.1.1: a key of a DID is named by a DID URL.
        if (keyId is null && DidSyntax.IsDid(identifier)) throw Missing();
        var (document, age) = await resolver.FindDocumentAsync(identifier, maxOfflineAge, now, ct).ConfigureAwait(false);
        PublicKey[] keys = [.. document.FindAll(use, now).Where(method => keyId is null || IsNamed(method, keyId)).Select(method => method.Key)];
        if (keys.Length > 0) return (keys, age);
        // A key that a copy does not have may be a new one: nobody can say.
        throw age is null ? Missing() : new FetchException(HttpCodes.Unreachable, "The kept copy of the document has no such key, and its host cannot be asked.");
    }

    // kid is a hint: the fragment, the kid inside the JWK, or the thumbprint.
    private static bool IsNamed(VerificationMethod method, string keyId) =>
        method.Id == $"{method.Controller}#{keyId}" || method.KeyId == keyId || Jwk.Thumbprint(method.Key) == keyId;

    private MalformedDataException Missing() => new(missingCode, "No key of the controller has the key id.");
}
