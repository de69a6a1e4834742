using Credentials.Dcql;
using Credentials.SdJwt;

namespace Credentials.OpenId4Vp;

/// <summary>A type of transaction data that a wallet understands and can show.</summary>
/// <param name="Name">The value of <c>type</c>.</param>
/// <param name="Required">Members that an entry of this type has, beyond those of every type.</param>
/// <param name="Optional">Members that it may have. Any other makes the entry invalid (OpenID4VP 1.0 §8.5).</param>
public sealed record TransactionDataType(string Name, IReadOnlyCollection<string> Required, IReadOnlyCollection<string> Optional)
{
    private static readonly string[] s_common = [OpenId4VpNames.Type, OpenId4VpNames.CredentialIds, OpenId4VpNames.TransactionDataHashesAlg];

    /// <summary>Checks the entries of a request against the types that the wallet knows and the query they refer to.</summary>
    /// <exception cref="ProtocolException"><c>invalid_transaction_data</c>: an unknown type, missing or unknown members, no hash
    /// algorithm that is supported, or a credential that is not asked for or asked for without holder binding (B.3.3).</exception>
    public static void Check(IReadOnlyList<TransactionData> entries, DcqlQuery query, IReadOnlyList<TransactionDataType> known)
    {
        foreach (var entry in entries)
        {
            var type = known.FirstOrDefault(candidate => candidate.Name == entry.Type)
                ?? throw TransactionData.Invalid("The type of transaction is unknown.");
            var members = entry.Json.EnumerateObject().Select(member => member.Name).Except(s_common).ToHashSet(StringComparer.Ordinal);
            if (!type.Required.All(members.Contains) || !members.All(name => type.Required.Contains(name) || type.Optional.Contains(name)))
                throw TransactionData.Invalid("The transaction has not the members of its type.");
            if (!entry.CredentialIds.All(id => query.Find(id) is { } asked && TransactionData.CanBeAuthorizedBy(asked)))
                throw TransactionData.Invalid("The transaction names a credential that cannot authorize it.");
            // B.3.3.1: everybody supports SHA-256.
            if (entry.HashAlgorithms?.Contains(DisclosureHash.Sha256.Name) == false)
                throw TransactionData.Invalid("The transaction names no supported hash algorithm.");
        }
    }
}
