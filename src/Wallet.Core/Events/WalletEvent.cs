using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.Wallet.Core.Documents;
using Credentials.Wallet.Core.Storage;

namespace Credentials.Wallet.Core.Events;

/// <summary>Something that the holder may want to know of a document, raised once. It is kept in the wallet file until it was told.</summary>
public sealed record WalletEvent
{
    // Where nobody reads, the oldest give way.
    private const int MaxKept = 500;

    /// <summary>The id of the event inside the wallet.</summary>
    public required string Id { get; init; }

    /// <summary>When the wallet noticed, to the millisecond.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>What happened.</summary>
    public required WalletEventKind Kind { get; init; }

    /// <summary>To which document.</summary>
    public required string DocumentId { get; init; }

    /// <summary>What the issuer calls the document.</summary>
    public required DisplayNames Names { get; init; }

    private long Number { get; init; }

    internal static WalletEvent New(WalletEventKind kind, Document document, DateTimeOffset now) => new()
    {
        Id = RecordId.New(),
        At = DateTimeOffset.FromUnixTimeMilliseconds(now.ToUnixTimeMilliseconds()),
        Kind = kind,
        DocumentId = document.Id,
        Names = document.Names,
    };

    /// <summary>Keeps events in the transaction of what they are about: there is never one without the other.</summary>
    internal static void Put(StoreTransaction transaction, params IReadOnlyList<WalletEvent> events)
    {
        if (events.Count == 0) return;
        var kept = List(transaction);
        var number = kept.Count == 0 ? 0 : kept[^1].Number;
        foreach (var old in kept.Take(kept.Count + events.Count - MaxKept)) transaction.Delete(RecordKind.Event, old.Id);
        foreach (var one in events.TakeLast(MaxKept)) transaction.Put(RecordKind.Event, one.Id, (one with { Number = ++number }).ToStored());
    }

    /// <summary>The oldest event that was not told yet.</summary>
    internal static WalletEvent? FindOldest(StoreTransaction transaction) => List(transaction) is [var oldest, ..] ? oldest : null;

    /// <summary>Forgets what was not told yet of a document.</summary>
    internal static void DeleteOf(StoreTransaction transaction, string documentId)
    {
        foreach (var one in List(transaction).Where(one => one.DocumentId == documentId)) transaction.Delete(RecordKind.Event, one.Id);
    }

    /// <summary>What was not told yet, the oldest first.</summary>
    internal static IReadOnlyList<WalletEvent> List(StoreTransaction transaction) =>
        [.. transaction.List(RecordKind.Event).Select(FromStored).OrderBy(one => one.Number)];

    private JsonObject ToStored() => new()
    {
        ["at"] = At.ToUnixTimeMilliseconds(),
        ["kind"] = (int)Kind,
        ["document"] = DocumentId,
        ["names"] = Names.ToStored(),
        ["number"] = Number,
    };

    private static WalletEvent FromStored(StoredRecord record)
    {
        const string code = WalletCodes.StoreCorrupt;
        var body = record.Body;
        return new WalletEvent
        {
            Id = record.Id,
            At = StoredTime.Read(body, "at") ?? throw StoreErrors.Corrupt(),
            Kind = (WalletEventKind)body.GetProperty("kind").GetInt32(),
            DocumentId = body.RequireString("document", code),
            Names = DisplayNames.FromStored(body.RequireObjectMember("names", code)),
            Number = body.RequireIndex("number", code),
        };
    }
}
