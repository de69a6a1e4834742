using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.Wallet.Core.Documents;
using Credentials.Wallet.Core.Storage;

namespace Credentials.Wallet.Core.MyData;

/// <summary>
/// A deletion request or a report, from its first word to its answer. It names when which claims of which document were shown, and never
/// what they say. Comes from <see cref="MyDataRecords.PrepareAsync"/>.
/// </summary>
public sealed record RightsRequest
{
    /// <summary>Its id: 16 hexadecimal digits, which the other side is told, so that a second copy is known as one.</summary>
    public required string Id { get; init; }

    /// <summary>What is asked for.</summary>
    public required RightsRequestKind Kind { get; init; }

    /// <summary>The verifier that it is about.</summary>
    public required string Party { get; init; }

    /// <summary>The verifier's name, where it was authenticated.</summary>
    public required DisplayNames PartyNames { get; init; }

    /// <summary>When it was written.</summary>
    public required DateTimeOffset PreparedAt { get; init; }

    /// <summary>Where it goes.</summary>
    public required Uri Address { get; init; }

    /// <summary>True when the wallet posts it by itself (<see cref="MyDataRecords.SendAsync"/>); false when the holder sends it.</summary>
    public required bool IsEndpoint { get; init; }

    /// <summary>The history entries that it is about.</summary>
    public required IReadOnlyList<string> EntryIds { get; init; }

    /// <summary>The subject of the letter, one line.</summary>
    public required string Subject { get; init; }

    /// <summary>The letter, for a person to read: lines end with a line feed.</summary>
    public required string Letter { get; init; }

    /// <summary>How far it has come.</summary>
    public RightsRequestState State { get; init; } = RightsRequestState.Prepared;

    /// <summary>When it went out.</summary>
    public DateTimeOffset? SentAt { get; init; }

    /// <summary>When the other side answered.</summary>
    public DateTimeOffset? AnsweredAt { get; init; }

    /// <summary>Why the last attempt to send it did not succeed; null if none failed.</summary>
    public string? Code { get; init; }

    /// <summary>
    /// What the app opens so that the holder can send it: a <c>mailto:</c> link with subject and letter filled in (RFC 6068), or the
    /// page, into which the holder copies the letter. Null when the wallet sends it.
    /// </summary>
    public Uri? OpenUri => IsEndpoint ? null
        : Address.Scheme == Uri.UriSchemeMailto ? new Uri($"{Address.OriginalString}?subject={Uri.EscapeDataString(Subject)}&body={Uri.EscapeDataString(Letter.Replace("\n", "\r\n", StringComparison.Ordinal))}")
        : Address;

    /// <summary>True while there is something to wait for or to do.</summary>
    public bool IsOpen => State is RightsRequestState.Prepared or RightsRequestState.Sent;

    /// <summary>The request as JSON, for the holder's own use.</summary>
    public JsonObject ToJson() => MyDataExport.Of(this);

    internal static IReadOnlyList<RightsRequest> List(StoreTransaction transaction) =>
        [.. transaction.List(RecordKind.RightsRequest).Select(FromStored)
            .OrderByDescending(request => request.PreparedAt).ThenBy(request => request.Id, StringComparer.Ordinal)];

    internal static RightsRequest? Find(StoreTransaction transaction, string id) =>
        transaction.Find(RecordKind.RightsRequest, id) is { } record ? FromStored(record) : null;

    internal static void Put(StoreTransaction transaction, RightsRequest request) =>
        transaction.Put(RecordKind.RightsRequest, request.Id, request.ToStored());

    private JsonObject ToStored() => new()
    {
        ["kind"] = (int)Kind,
        ["party"] = Party,
        ["party_names"] = PartyNames.ToStored(),
        ["prepared_at"] = PreparedAt.ToUnixTimeMilliseconds(),
        ["address"] = Address.OriginalString,
        ["endpoint"] = IsEndpoint,
        ["entries"] = new JsonArray([.. EntryIds.Select(id => (JsonNode)id)]),
        ["subject"] = Subject,
        ["letter"] = Letter,
        ["state"] = (int)State,
        ["sent_at"] = SentAt?.ToUnixTimeMilliseconds(),
        ["answered_at"] = AnsweredAt?.ToUnixTimeMilliseconds(),
        ["code"] = Code ?? "",
    };

    private static RightsRequest FromStored(StoredRecord record)
    {
        const string code = WalletCodes.StoreCorrupt;
        var body = record.Body;
        return new RightsRequest
        {
            Id = record.Id,
            Kind = (RightsRequestKind)body.GetProperty("kind").GetInt32(),
            Party = body.RequireString("party", code),
            PartyNames = DisplayNames.FromStored(body.RequireObjectMember("party_names", code)),
            PreparedAt = StoredTime.Read(body, "prepared_at") ?? throw StoreErrors.Corrupt(),
            Address = new Uri(body.RequireString("address", code)),
            IsEndpoint = body.GetProperty("endpoint").GetBoolean(),
            EntryIds = body.OptionalStringArray("entries", code) ?? [],
            Subject = body.RequireString("subject", code),
            Letter = body.RequireString("letter", code),
            State = (RightsRequestState)body.GetProperty("state").GetInt32(),
            SentAt = StoredTime.Read(body, "sent_at"),
            AnsweredAt = StoredTime.Read(body, "answered_at"),
            Code = body.RequireString("code", code) is { Length: > 0 } text ? text : null,
        };
    }
}
