using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.Wallet.Core.Storage;

namespace Credentials.Wallet.Core.Documents;

/// <summary>Documents and their copies in the store. Every method runs inside a transaction of its caller.</summary>
internal static class DocumentShelf
{
    /// <summary>All documents, the newest first.</summary>
    public static IReadOnlyList<Document> List(StoreTransaction transaction)
    {
        var copies = transaction.List(RecordKind.Credential).Select(StoredCredential.FromStored).ToLookup(copy => copy.DocumentId);
        return Ordered(transaction.List(RecordKind.Document).Select(record => Document.FromStored(record, copies[record.Id])));
    }

    /// <summary>The documents that are asked for by format and types, the newest first, and those of which these are not known. Others are not decrypted.</summary>
    public static IReadOnlyList<Document> List(StoreTransaction transaction, Func<string, IReadOnlyCollection<string>, bool> isAskedFor) =>
        Ordered(transaction.Index.Matching(isAskedFor).Select(id => Find(transaction, id)).OfType<Document>());

    public static int Count(StoreTransaction transaction) => transaction.ListIds(RecordKind.Document).Count;

    public static Document? Find(StoreTransaction transaction, string id) =>
        transaction.Find(RecordKind.Document, id) is { } record
            ? Document.FromStored(record, transaction.Index.CopiesOf(id).Select(copy => StoredCredential.FromStored(transaction.Find(RecordKind.Credential, copy)!)))
            : null;

    /// <summary>The picture that was drawn of a document; null where there is none.</summary>
    public static string? FindPicture(StoreTransaction transaction, string id) =>
        transaction.Find(RecordKind.Picture, id)?.Body.RequireString("svg", WalletCodes.StoreCorrupt);

    public static void Put(StoreTransaction transaction, Document document, string? picture)
    {
        if (picture is not null) transaction.Put(RecordKind.Picture, document.Id, new JsonObject { ["svg"] = picture });
        transaction.Put(RecordKind.Document, document.Id, document.ToStored());
        foreach (var copy in document.Credentials) transaction.Put(RecordKind.Credential, copy.Id, copy.ToStored());
    }

    public static void Delete(StoreTransaction transaction, Document document)
    {
        foreach (var copy in document.Credentials) transaction.Delete(RecordKind.Credential, copy.Id);
        transaction.Delete(RecordKind.Picture, document.Id);
        transaction.Delete(RecordKind.Renewal, document.Id);
        transaction.Delete(RecordKind.DocumentState, document.Id);
        transaction.Delete(RecordKind.Document, document.Id);
    }

    private static IReadOnlyList<Document> Ordered(IEnumerable<Document> documents) =>
        [.. documents.OrderByDescending(document => document.ReceivedAt).ThenBy(document => document.Id, StringComparer.Ordinal)];
}
