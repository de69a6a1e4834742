using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.Wallet.Core.Storage;

namespace Credentials.Wallet.Core.Issuance;

/// <summary>What a document can be renewed with: the refresh token of its issuance. Kept beside the document and deleted with it.</summary>
internal sealed record RenewalGrant(string Server, string ConfigurationId, int Copies, AccessGrant Access)
{
    public static RenewalGrant? Find(StoreTransaction transaction, string documentId) =>
        transaction.Find(RecordKind.Renewal, documentId) is { } record ? FromStored(record) : null;

    public static IReadOnlyList<RenewalGrant> List(StoreTransaction transaction) => [.. transaction.List(RecordKind.Renewal).Select(FromStored)];

    public static void Put(StoreTransaction transaction, string documentId, RenewalGrant grant) => transaction.Put(RecordKind.Renewal, documentId, new JsonObject
    {
        ["server"] = grant.Server,
        ["configuration"] = grant.ConfigurationId,
        ["copies"] = grant.Copies,
        ["access"] = grant.Access.ToStored(),
    });

    private static RenewalGrant FromStored(StoredRecord record)
    {
        const string code = WalletCodes.StoreCorrupt;
        return new RenewalGrant(
            record.Body.RequireString("server", code),
            record.Body.RequireString("configuration", code),
            record.Body.GetProperty("copies").GetInt32(),
            AccessGrant.FromStored(record.Body.RequireObjectMember("access", code)));
    }
}
