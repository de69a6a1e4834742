using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.OpenId4Vci;
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

    /// <summary>The picture of a logo; null where there is none.</summary>
    public static LogoImage? FindLogo(StoreTransaction transaction, string id) =>
        transaction.Find(RecordKind.Logo, id) is { } record ? LogoImage.Parse(StrictBase64Url.Decode(record.Body.RequireString("data", WalletCodes.StoreCorrupt), WalletCodes.StoreCorrupt)) : null;

    /// <summary>Stores a document with its pictures, and returns it as it was stored.</summary>
    public static Document Put(StoreTransaction transaction, Document document, Artwork artwork)
    {
        foreach (var copy in document.Credentials) transaction.Put(RecordKind.Credential, copy.Id, copy.ToStored());
        return AddArtwork(transaction, document, artwork);
    }

    /// <summary>Adds pictures to a document that is there, which keeps those that it has where there are no others; null when it was deleted.</summary>
    public static Document? AddPictures(StoreTransaction transaction, string id, Artwork artwork)
    {
        if (Find(transaction, id) is not { } old) return null;
        var stored = AddArtwork(transaction, old, artwork);
        ForgetLogos(transaction, old);
        return stored;
    }

    private static Document AddArtwork(StoreTransaction transaction, Document document, Artwork artwork)
    {
        document = document with
        {
            Logo = KeepLogo(transaction, artwork.Logo) ?? document.Logo,
            IssuerLogo = KeepLogo(transaction, artwork.IssuerLogo) ?? document.IssuerLogo,
            Background = KeepLogo(transaction, artwork.Background) ?? document.Background,
        };
        if (artwork.Card is { } card) transaction.Put(RecordKind.Picture, document.Id, new JsonObject { ["svg"] = card });
        transaction.Put(RecordKind.Document, document.Id, document.ToStored());
        return document;
    }

    /// <summary>Puts a document in the place of one with the same id, whose logos stay where there are no others.</summary>
    public static Document Replace(StoreTransaction transaction, Document old, Document document, Artwork artwork)
    {
        DeleteRecords(transaction, old);
        var stored = Put(transaction, document with { Logo = old.Logo, IssuerLogo = old.IssuerLogo, Background = old.Background }, artwork);
        ForgetLogos(transaction, old);
        return stored;
    }

    public static void Delete(StoreTransaction transaction, Document document)
    {
        DeleteRecords(transaction, document);
        ForgetLogos(transaction, document);
    }

    private static void DeleteRecords(StoreTransaction transaction, Document document)
    {
        foreach (var copy in document.Credentials) transaction.Delete(RecordKind.Credential, copy.Id);
        transaction.Delete(RecordKind.Picture, document.Id);
        transaction.Delete(RecordKind.Renewal, document.Id);
        transaction.Delete(RecordKind.DocumentState, document.Id);
        transaction.Delete(RecordKind.Document, document.Id);
    }

    // One record for a picture, however many documents came with it. Where the wallet is half full, pictures are the first to stay away.
    private static Logo? KeepLogo(StoreTransaction transaction, OfferedLogo? logo)
    {
        if (logo is null) return null;
        var id = transaction.KeyedId(RecordKind.Logo, logo.Image.Data.Span);
        if (!transaction.Contains(RecordKind.Logo, id))
        {
            if (transaction.IsHalfFull) return null;
            transaction.Put(RecordKind.Logo, id, new JsonObject { ["data"] = StrictBase64Url.Encode(logo.Image.Data.Span) });
        }
        return new Logo(id, logo.Texts);
    }

    private static void ForgetLogos(StoreTransaction transaction, Document document)
    {
        foreach (var logo in document.Pictures)
        {
            if (!transaction.Index.NamesLogo(logo.Id)) transaction.Delete(RecordKind.Logo, logo.Id);
        }
    }

    private static IReadOnlyList<Document> Ordered(IEnumerable<Document> documents) =>
        [.. documents.OrderByDescending(document => document.ReceivedAt).ThenBy(document => document.Id, StringComparer.Ordinal)];
}
