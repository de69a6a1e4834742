using Credentials.Issuer.Keys;
using Credentials.StatusLists;

namespace Credentials.Issuer.Tests.Crash;

/// <summary>
/// Holds what clients know against what the issuer has and serves, once nothing is under way any more: no status is shared, every credential that
/// somebody holds is in the register and every one in the register is held, revocations stand, each issuance has one answer, codes and nonces
/// were used once, and the audit log tells all of it.
/// </summary>
internal static class CrashChecker
{
    /// <summary>What is wrong, in words; empty when nothing is.</summary>
    internal static IReadOnlyList<string> Check(IssuanceHistory clients, IssuerRecords issuer) =>
    [
        .. clients.Surprises,
        .. StatusesAreNotShared(clients, issuer),
        .. RegisterIsWhatIsHeld(clients, issuer),
        .. RevocationsStand(clients, issuer),
        .. EachIssuanceHasOneAnswer(clients, issuer),
        .. CodesAndNoncesAreUsedOnce(clients, issuer),
        .. TheAuditLogTellsAll(clients, issuer),
    ];

    private static IEnumerable<string> StatusesAreNotShared(IssuanceHistory clients, IssuerRecords issuer) =>
    [
        .. Repeated(issuer.Register, row => row.Place).Select(place => $"two rows of the register share {place}"),
        .. Repeated(clients.Held, held => held.Place).Select(place => $"two credentials that wallets hold share {place}"),
        // An index is reserved in the transaction that writes the row: what is rolled back gives it back.
        .. from list in issuer.Reserved
           join row in issuer.Register on list.Key equals row.Place.ListId into used
           let rows = used.Count()
           where list.Value != rows
           select $"of list {list.Key} {list.Value} indexes are reserved for {rows} credentials",
    ];

    private static IEnumerable<string> RegisterIsWhatIsHeld(IssuanceHistory clients, IssuerRecords issuer)
    {
        var register = issuer.Register.ToLookup(row => row.Place);
        var held = clients.Held.ToLookup(credential => credential.Place);
        foreach (var credential in clients.Held)
        {
            if (!register[credential.Place].Any(row => row.DocumentHash == credential.DocumentHash && row.OfferId == credential.OfferId))
                yield return $"a wallet holds the credential at {credential.Place}, which the register does not have as it is";
        }

        foreach (var row in issuer.Register.Where(row => !held[row.Place].Any()))
            yield return $"the register has the credential at {row.Place}, which no wallet was given although every wallet asked until it was answered";
    }

    private static IEnumerable<string> RevocationsStand(IssuanceHistory clients, IssuerRecords issuer)
    {
        var register = issuer.Register.ToLookup(row => row.Place);
        var acknowledged = clients.Revocations.Select(revocation => revocation.Place).ToHashSet();
        foreach (var place in acknowledged)
        {
            if (register[place].Any(row => row.Status != StatusTypes.Invalid) || !register[place].Any())
                yield return $"the revocation of {place} was acknowledged and is not in the register";
        }

        foreach (var row in issuer.Register)
        {
            var served = issuer.Served.Select(lists => lists.TryGetValue(row.Place.ListId, out var list) ? list[row.Place.Index] : (byte?)null).ToList();
            if (acknowledged.Contains(row.Place) && served.Any(status => status != StatusTypes.Invalid))
                yield return $"the revocation of {row.Place} was acknowledged and is not served";
            if (!clients.RevocationsAsked.ContainsKey(row.Place) && (row.Status != StatusTypes.Valid || served.Any(status => status != StatusTypes.Valid)))
                yield return $"nobody asked to revoke {row.Place}, and it is not valid";
        }
    }

    private static IEnumerable<string> EachIssuanceHasOneAnswer(IssuanceHistory clients, IssuerRecords issuer)
    {
        var issuances = issuer.Issuances.CountBy(issuance => issuance).ToDictionary();
        var register = issuer.Register.CountBy(row => (row.OfferId, row.ConfigurationId)).ToDictionary();
        foreach (var issuance in clients.Answers.GroupBy(answer => (answer.OfferId, answer.ConfigurationId)))
        {
            if (issuance.DistinctBy(answer => answer.AnswerHash).Count() != 1)
                yield return $"{issuance.Key} was answered with different credentials";
            if (issuances.GetValueOrDefault(issuance.Key) != 1)
                yield return $"{issuance.Key} was answered, and is not one issuance in the database";
            var rows = register.GetValueOrDefault(issuance.Key);
            if (rows != issuance.First().Credentials.Count)
                yield return $"{issuance.Key} was answered with {issuance.First().Credentials.Count} credentials, the register has {rows}";
        }

        var issued = issuer.Issuances.Select(issuance => issuance.OfferId).ToHashSet();
        foreach (var offer in issuer.WithClaims.Where(issued.Contains))
            yield return $"the claims of offer {offer} are still there after it was issued";
    }

    private static IEnumerable<string> CodesAndNoncesAreUsedOnce(IssuanceHistory clients, IssuerRecords issuer) =>
    [
        .. Repeated(clients.Tokens, token => token.Code).Select(_ => "two tokens were given for one code"),
        .. Repeated(issuer.Tokens, offer => offer).Select(offer => $"the database has two access tokens for offer {offer}"),
        .. Repeated(clients.Answers.Select(answer => (answer.Nonce, answer.OfferId, answer.ConfigurationId)).Distinct(), answer => answer.Nonce).Select(nonce => $"nonce {nonce} was used twice"),
        .. clients.Answers.Where(answer => !issuer.UsedNonces.Contains(Convert.ToHexString(Secrets.Hash(answer.Nonce)))).Select(answer => $"nonce {answer.Nonce} was used and could be used again"),
    ];

    private static IEnumerable<string> TheAuditLogTellsAll(IssuanceHistory clients, IssuerRecords issuer)
    {
        var issued = issuer.AuditedIssuances.CountBy(offer => offer).ToDictionary();
        var rows = issuer.Issuances.CountBy(issuance => issuance.OfferId).ToDictionary();
        foreach (var offer in issued.Keys.Union(rows.Keys).Where(offer => issued.GetValueOrDefault(offer) != rows.GetValueOrDefault(offer)))
            yield return $"the audit log tells of {issued.GetValueOrDefault(offer)} issuances of offer {offer}, the database has {rows.GetValueOrDefault(offer)}";
        var ids = issuer.Register.ToLookup(row => row.Place, row => row.Id);
        foreach (var revocation in clients.Revocations.Where(revocation => !ids[revocation.Place].Any(issuer.AuditedRevocations.Contains)))
            yield return $"the audit log does not tell of the revocation of {revocation.Place}";
        foreach (var finding in issuer.AuditFindings)
            yield return $"the audit log is not whole: {finding}";
    }

    private static IEnumerable<TKey> Repeated<T, TKey>(IEnumerable<T> all, Func<T, TKey> key) =>
        all.GroupBy(key).Where(group => group.Skip(1).Any()).Select(group => group.Key);
}
