using Credentials.Codecs;
using Credentials.Jose;
using Credentials.SdJwt;

namespace Credentials.OpenId4Vp;

/// <summary>
/// Which presentation must authorize which transaction. The wallet chooses one of the credentials that an entry names (OpenID4VP
/// 1.0 §5.1), so its choice is read from what it sent; the verifier of the format then checks it as the only one allowed.
/// </summary>
internal static class TransactionAssignment
{
    public static IReadOnlyDictionary<Presentation, IReadOnlyList<ExpectedTransactionData>> Assign(
        IReadOnlyList<TransactionData> entries, IReadOnlyList<Presentation> presentations)
    {
        var assigned = presentations.ToDictionary(presentation => presentation, _ => new List<ExpectedTransactionData>());
        foreach (var entry in entries)
        {
            var possible = presentations
                .Where(presentation => entry.CredentialIds.Contains(presentation.Query.Id) && TransactionData.CanBeAuthorizedBy(presentation.Query)).ToList();
            var chosen = possible.Find(presentation => Claims(presentation.Text, entry)) ?? possible.FirstOrDefault();
            if (chosen is not null) assigned[chosen].Add(new ExpectedTransactionData(entry.Encoded, entry.HashAlgorithms));
        }
        return assigned.ToDictionary(pair => pair.Key, pair => (IReadOnlyList<ExpectedTransactionData>)pair.Value);
    }

    /// <summary>True if the key binding JWT, unverified, has the entry's hash.</summary>
    private static bool Claims(string presentation, TransactionData entry)
    {
        try
        {
            if (SdJwtCredential.Parse(presentation).KeyBindingJwt is not { } text) return false;
            var claims = CompactJws.Parse(text).PayloadObject;
            var hash = DisclosureHash.FromName(claims.OptionalString(SdJwtNames.TransactionDataHashAlgorithm) ?? DisclosureHash.Sha256.Name);
            return hash is not null && claims.OptionalStringArray(SdJwtNames.TransactionDataHashes)?.Contains(hash.Digest(entry.Encoded)) == true;
        }
        catch (CredentialException)
        {
            return false;
        }
    }
}
