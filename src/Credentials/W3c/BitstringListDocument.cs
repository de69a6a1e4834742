using System.Text.Json;
using Credentials.Codecs;
using Credentials.StatusLists;

namespace Credentials.W3c;

/// <summary>A status list credential that was verified (Bitstring Status List §2.2): the bitstring, and what it is about.</summary>
/// <param name="Bytes">The bitstring.</param>
/// <param name="Purposes">What its statuses are about.</param>
internal sealed record BitstringListDocument(byte[] Bytes, IReadOnlyList<string> Purposes)
{
    private const string Code = StatusListCodes.TokenMalformed;

    public DateTimeOffset? ValidFrom { get; private init; }

    public DateTimeOffset? ValidUntil { get; private init; }

    public TimeSpan? TimeToLive { get; private init; }

    public bool IsOver(DateTimeOffset now) => ValidUntil < now;

    /// <summary>Reads what a list says.</summary>
    /// <param name="credential">The verified credential.</param>
    /// <param name="url">Where it was fetched.</param>
    /// <exception cref="MalformedDataException">A code of <see cref="StatusListCodes"/>.</exception>
    public static BitstringListDocument Read(W3cCredential credential, string url)
    {
        // §2.2: the id, where it stands, is that of the list that was asked for.
        if (credential.Id is not null && credential.Id != url) throw new MalformedDataException(StatusListCodes.SubjectMismatch, "The list is another one.");
        var subject = credential.Json.Member(W3cNames.Subject) is { ValueKind: JsonValueKind.Object } only
            ? only
            : throw new MalformedDataException(Code, "A status list credential has one subject.");
        DataModelRules.ReadTypes(subject, W3cNames.StatusListType, Code);
        var ttl = subject.OptionalIndex(W3cNames.TimeToLive, Code);
        return new BitstringListDocument(BitstringStatusList.Expand(subject.RequireString(W3cNames.EncodedList, Code)), ReadPurposes(subject))
        {
            ValidFrom = credential.ValidFrom,
            ValidUntil = credential.ValidUntil,
            TimeToLive = ttl is { } milliseconds ? TimeSpan.FromMilliseconds(milliseconds) : null,
        };
    }

    /// <summary>What the list says of an entry (§3.2).</summary>
    public StatusResult Read(BitstringStatusListEntry entry, TimeSpan age)
    {
        if (!Purposes.Contains(entry.Purpose)) return new StatusResult(StatusOutcome.Refused, StatusListCodes.PurposeMismatch, age);
        var list = BitstringStatusList.Over(Bytes, entry.StatusSize);
        if (list.Size < BitstringStatusList.MinSize) return new StatusResult(StatusOutcome.Unknown, StatusListCodes.ListMalformed, age);
        if (entry.Index is not { } index || index >= list.Size) return new StatusResult(StatusOutcome.Refused, StatusListCodes.IndexOutOfRange, age);
        if (list[index] == 0) return new StatusResult(StatusOutcome.Valid, Age: age);
        return entry.Purpose switch
        {
            StatusPurposes.Revocation => new StatusResult(StatusOutcome.Revoked, StatusListCodes.Revoked, age),
            StatusPurposes.Suspension => new StatusResult(StatusOutcome.Suspended, StatusListCodes.Suspended, age),
            // §2.1: neither takes the credential's validity away.
            StatusPurposes.Refresh => new StatusResult(StatusOutcome.Valid, StatusListCodes.RefreshDue, age),
            StatusPurposes.Message => new StatusResult(StatusOutcome.Valid, StatusListCodes.Message, age),
            _ => new StatusResult(StatusOutcome.Refused, StatusListCodes.UnknownValue, age),
        };
    }

    private static IReadOnlyList<string> ReadPurposes(JsonElement subject)
    {
        JsonElement[] values = subject.Member(W3cNames.StatusPurpose) switch
        {
            { ValueKind: JsonValueKind.Array } several => [.. several.EnumerateArray()],
            { } one => [one],
            null => [],
        };
        return values.Length is > 0 and <= 16 && Array.TrueForAll(values, value => value.ValueKind == JsonValueKind.String)
            ? [.. values.Select(value => value.GetString()!)]
            : throw new MalformedDataException(Code, "The list does not say what its statuses are about.");
    }
}
