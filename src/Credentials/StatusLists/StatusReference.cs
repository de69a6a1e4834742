using System.Formats.Cbor;
using System.Text.Json;
using System.Text.Json.Nodes;
using Credentials.Codecs;

namespace Credentials.StatusLists;

/// <summary>A place in a status list (Token Status List §6). Two credentials never share one.</summary>
/// <param name="Uri">URI of the status list token, exactly as in the credential.</param>
/// <param name="Index">Index of the status in the list; non-negative.</param>
public sealed record StatusReference(string Uri, long Index) : CredentialStatus(Uri)
{
    /// <summary>Reads the <c>status</c> claim of a credential; null when there is none.</summary>
    /// <exception cref="MalformedDataException">The claim is not a complete reference (<see cref="StatusListCodes.MalformedReference"/>).</exception>
    /// <exception cref="NotSupportedCredentialException">The claim names other mechanisms only (<see cref="StatusListCodes.UnsupportedMechanism"/>).</exception>
    public static StatusReference? FromClaims(JsonElement claims)
    {
        const string Code = StatusListCodes.MalformedReference;
        if (!claims.TryGetProperty(StatusListNames.Status, out var status))
        {
            return null;
        }

        // §6.1: an object with at least one mechanism.
        status.RequireObject(Code);
        if (!status.TryGetProperty(StatusListNames.StatusList, out _))
        {
            throw status.EnumerateObject().Any()
                ? new NotSupportedCredentialException(StatusListCodes.UnsupportedMechanism, "The status mechanism is not supported.")
                : Malformed("The status claim names no mechanism.");
        }

        var list = status.RequireObjectMember(StatusListNames.StatusList, Code);
        var uri = CheckUri(list.RequireString(StatusListNames.Uri, Code));
        return new StatusReference(uri, list.OptionalIndex(StatusListNames.Index, Code) ?? throw NoIndex());
    }

    /// <summary>Writes the value of the <c>status</c> claim.</summary>
    public JsonObject ToJson() => new()
    {
        [StatusListNames.StatusList] = new JsonObject { [StatusListNames.Index] = Index, [StatusListNames.Uri] = Uri },
    };

    /// <summary>The same, written where it is to stand.</summary>
    internal void WriteTo(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteStartObject(StatusListNames.StatusList);
        writer.WriteNumber(StatusListNames.Index, Index);
        writer.WriteString(StatusListNames.Uri, Uri);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    /// <inheritdoc/>
    protected override string Mechanism => StatusListNames.StatusList;

    /// <inheritdoc/>
    protected override void WriteInfo(CborWriter writer)
    {
        writer.WriteStartMap(Certificate is null ? 2 : 3);
        writer.WriteTextString(StatusListNames.Index);
        writer.WriteInt64(Index);
        WriteUriAndCertificate(writer);
        writer.WriteEndMap();
    }

    // StatusListInfo (§6.3)
    internal static StatusReference FromStatusListInfo(CborValue info)
    {
        var uri = ReadUri(info);
        return info.Find("idx"u8) is { Kind: CborKind.UnsignedInteger } index && index.Argument <= long.MaxValue
            ? new StatusReference(uri, index.GetInt64()) { Certificate = ReadCertificate(info) }
            : throw NoIndex();
    }

    private static MalformedDataException NoIndex() => Malformed("The status reference has no index.");
}
