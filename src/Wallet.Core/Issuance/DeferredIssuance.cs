using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.Wallet.Core.Documents;
using Credentials.Wallet.Core.Keys;
using Credentials.Wallet.Core.Storage;

namespace Credentials.Wallet.Core.Issuance;

/// <summary>
/// A document that the issuer will issue later (OpenID4VCI 1.0 §9). The wallet keeps what it needs to fetch it, also over a restart; the
/// app calls <see cref="CredentialWallet.ResumeDeferredAsync"/> from time to time.
/// </summary>
public sealed record DeferredIssuance
{
    internal DeferredIssuance(string server, AccessGrant access, string transactionId, IReadOnlyList<SecureAreaKey> keys) =>
        (Server, Access, TransactionId, HolderKeys) = (server, access, transactionId, keys);

    /// <summary>The id inside the wallet.</summary>
    public required string Id { get; init; }

    /// <summary>The Credential Issuer Identifier.</summary>
    public required string CredentialIssuer { get; init; }

    /// <summary>Which document.</summary>
    public required string ConfigurationId { get; init; }

    /// <summary>What the issuer calls the document.</summary>
    public required DisplayNames Names { get; init; }

    /// <summary>The issuer does not want to be asked before.</summary>
    public required DateTimeOffset NotBefore { get; init; }

    internal string Server { get; }

    internal AccessGrant Access { get; init; }

    internal string TransactionId { get; init; }

    internal IReadOnlyList<SecureAreaKey> HolderKeys { get; init; }

    internal static IReadOnlyList<DeferredIssuance> List(StoreTransaction transaction) =>
        [.. transaction.List(RecordKind.Deferral).Select(FromStored).OrderBy(deferred => deferred.NotBefore).ThenBy(deferred => deferred.Id, StringComparer.Ordinal)];

    internal static void Put(StoreTransaction transaction, DeferredIssuance deferred) => transaction.Put(RecordKind.Deferral, deferred.Id, deferred.ToStored());

    private JsonObject ToStored() => new()
    {
        ["issuer"] = CredentialIssuer,
        ["server"] = Server,
        ["configuration"] = ConfigurationId,
        ["names"] = Names.ToStored(),
        ["not_before"] = NotBefore.ToUnixTimeMilliseconds(),
        ["transaction"] = TransactionId,
        ["access"] = Access.ToStored(),
        ["keys"] = new JsonArray([.. HolderKeys.Select(key => (JsonNode)StoredKey.Write(key))]),
    };

    private static DeferredIssuance FromStored(StoredRecord record)
    {
        const string code = WalletCodes.StoreCorrupt;
        var body = record.Body;
        return new DeferredIssuance(
            body.RequireString("server", code),
            AccessGrant.FromStored(body.RequireObjectMember("access", code)),
            body.RequireString("transaction", code),
            [.. body.GetProperty("keys").EnumerateArray().Select(StoredKey.Read)])
        {
            Id = record.Id,
            CredentialIssuer = body.RequireString("issuer", code),
            ConfigurationId = body.RequireString("configuration", code),
            Names = DisplayNames.FromStored(body.RequireObjectMember("names", code)),
            NotBefore = StoredTime.Read(body, "not_before") ?? throw StoreErrors.Corrupt(),
        };
    }
}
