using System.Text.Json;
using System.Text.Json.Nodes;
using Credentials.Codecs;

namespace Credentials.OpenId4Vci;

/// <summary>A credential response (OpenID4VCI §8.3): issued credentials, or the handle of a deferred issuance.</summary>
public sealed record CredentialResponse
{
    private const string Code = OpenId4VciCodes.CredentialResponse;

    /// <summary>Issued credentials as text: SD-JWT, JWT, base64url of bytes, or the JSON of a credential that is an object; empty when issuance is deferred. Not verified.</summary>
    public IReadOnlyList<string> Credentials { get; init; } = [];

    /// <summary>Handle of a deferred issuance.</summary>
    public string? TransactionId { get; init; }

    /// <summary>How long to wait before asking for a deferred credential.</summary>
    public TimeSpan? Interval { get; init; }

    /// <summary>Handle for notifications about these credentials.</summary>
    public string? NotificationId { get; init; }

    /// <summary>Reads a response; unknown parameters are ignored.</summary>
    /// <exception cref="MalformedDataException">Neither or both of credentials and a transaction, or a member of the wrong type.</exception>
    public static CredentialResponse Parse(JsonElement json)
    {
        json.RequireObject(Code);
        var credentials = json.OptionalArray("credentials", Code);
        var transaction = json.OptionalString("transaction_id", Code);
        if (credentials is null == transaction is null || credentials is { } list && list.GetArrayLength() == 0)
            throw new MalformedDataException(Code, "The response must have either credentials or a transaction_id.");
        var interval = json.OptionalIndex("interval", Code);
        if (transaction is not null && interval is null or 0)
            throw new MalformedDataException(Code, "A deferred response needs a positive 'interval'.");
        return new CredentialResponse
        {
            Credentials = credentials is { } issued ? [.. issued.EnumerateArray().Select(ReadCredential)] : [],
            TransactionId = transaction,
            Interval = transaction is null ? null : TimeSpan.FromSeconds(Math.Min(interval!.Value, int.MaxValue)),
            NotificationId = credentials is null ? null : json.OptionalString("notification_id", Code),
        };
    }

    /// <summary>Writes the response.</summary>
    public JsonObject ToJson()
    {
        var json = new JsonObject();
        json.AddList("credentials", Credentials.Select(credential => new JsonObject { ["credential"] = Write(credential) }));
        json.AddText("transaction_id", TransactionId);
        if (Interval is { } interval)
            json["interval"] = (long)interval.TotalSeconds;
        json.AddText("notification_id", NotificationId);
        return json;
    }

    // Appendix A.1.2.4: an object stays one. No other format has a text that begins like this.
    private static JsonNode Write(string credential) =>
        credential.StartsWith('{') ? StrictJson.ToNode(StrictJson.Parse(System.Text.Encoding.UTF8.GetBytes(credential)))! : JsonValue.Create(credential);

    private static string ReadCredential(JsonElement item)
    {
        item.RequireObject(Code);
        if (!item.TryGetProperty("credential", out var credential))
            throw new MalformedDataException(Code, "An element of 'credentials' has no 'credential'.");
        return credential.ValueKind switch
        {
            JsonValueKind.String when credential.GetString() is { Length: > 0 } text => text,
            JsonValueKind.Object => credential.GetRawText(),
            _ => throw new MalformedDataException(Code, "A credential is neither a string nor an object."),
        };
    }
}
