using System.Text.Json;
using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.Wallet.Core.Documents;
using Credentials.Wallet.Core.MyData;
using Credentials.Wallet.Core.Storage;

namespace Credentials.Wallet.Core.History;

/// <summary>One thing that happened between the holder and somebody else: who, when, why and which claims – never what they say.</summary>
public sealed record HistoryEntry
{
    /// <summary>The id of the entry inside the wallet.</summary>
    public required string Id { get; init; }

    /// <summary>When it happened, to the millisecond.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>What happened.</summary>
    public required HistoryKind Kind { get; init; }

    /// <summary>
    /// Who: the Credential Issuer Identifier, or the verifier's whole Client Identifier; the host of a link that led to nothing usable;
    /// null for what the holder did alone.
    /// </summary>
    public string? Party { get; init; }

    /// <summary>What they call themselves, where that was authenticated.</summary>
    public DisplayNames PartyNames { get; init; } = DisplayNames.None;

    /// <summary>True when the wallet's trust anchors vouched for them at the time.</summary>
    public bool IsPartyTrusted { get; init; }

    /// <summary>Why they asked, in their own words.</summary>
    public string? Purpose { get; init; }

    /// <summary>The claims received, asked for or shared.</summary>
    public IReadOnlyList<HistoryClaims> Claims { get; init; } = [];

    /// <summary>The code of what went wrong, where something did.</summary>
    public string? Code { get; init; }

    /// <summary>
    /// How the other party finds what an entry is about among its own records: the nonce of its request, which says nothing of the
    /// holder; or, for a deletion request or a report, the <see cref="RightsRequest.Id"/>.
    /// </summary>
    public string? Reference { get; init; }

    /// <summary>Where a verifier said that holders turn to; null where it did not.</summary>
    public VerifierContact? Contact { get; init; }

    /// <summary>The entry as JSON, for the holder's own use.</summary>
    public JsonObject ToJson() => new()
    {
        ["id"] = Id,
        ["at"] = MyDataExport.Time(At),
        ["kind"] = JsonNamingPolicy.SnakeCaseLower.ConvertName(Kind.ToString()),
        ["party"] = Party,
        ["party_name"] = PartyNames.In(),
        ["party_trusted"] = IsPartyTrusted,
        ["purpose"] = Purpose,
        ["code"] = Code,
        ["reference"] = Reference,
        ["claims"] = new JsonArray([.. Claims.Select(claims => (JsonNode)new JsonObject
        {
            ["document_id"] = claims.DocumentId,
            ["type"] = claims.Type,
            ["paths"] = new JsonArray([.. claims.Claims.Select(path => (JsonNode)path.ToJson())]),
        })]),
    };

    internal static HistoryEntry New(HistoryKind kind, TimeProvider time) => new() { Id = RecordId.New(), At = Now(time), Kind = kind };

    internal static void Put(StoreTransaction transaction, HistoryEntry entry) => transaction.Put(RecordKind.History, entry.Id, entry.ToStored());

    internal static HistoryEntry FromStored(StoredRecord record)
    {
        const string code = WalletCodes.StoreCorrupt;
        var body = record.Body;
        return new HistoryEntry
        {
            Id = record.Id,
            At = StoredTime.Read(body, "at") ?? throw StoreErrors.Corrupt(),
            Kind = (HistoryKind)body.GetProperty("kind").GetInt32(),
            Party = body.OptionalString("party", code),
            PartyNames = DisplayNames.FromStored(body.RequireObjectMember("party_names", code)),
            IsPartyTrusted = body.GetProperty("trusted").GetBoolean(),
            Purpose = body.OptionalString("purpose", code),
            Claims = [.. body.GetProperty("claims").EnumerateArray().Select(HistoryClaims.FromStored)],
            Code = body.OptionalString("code", code),
            Reference = body.OptionalString("reference", code),
            Contact = body.OptionalObject("contact", code) is { } contact ? VerifierContact.FromStored(contact) : null,
        };
    }

    private static DateTimeOffset Now(TimeProvider time) =>
        DateTimeOffset.FromUnixTimeMilliseconds(time.GetUtcNow().ToUnixTimeMilliseconds());

    private JsonObject ToStored()
    {
        var stored = new JsonObject
        {
            ["at"] = At.ToUnixTimeMilliseconds(),
            ["kind"] = (int)Kind,
            ["party_names"] = PartyNames.ToStored(),
            ["trusted"] = IsPartyTrusted,
            ["claims"] = new JsonArray([.. Claims.Select(claims => (JsonNode)claims.ToStored())]),
        };
        if (Party is not null) stored["party"] = Party;
        if (Purpose is not null) stored["purpose"] = Purpose;
        if (Code is not null) stored["code"] = Code;
        if (Reference is not null) stored["reference"] = Reference;
        if (Contact is not null) stored["contact"] = Contact.ToStored();
        return stored;
    }
}
