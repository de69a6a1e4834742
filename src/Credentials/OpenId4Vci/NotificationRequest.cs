using System.Text.Json.Nodes;
using Credentials.Codecs;

namespace Credentials.OpenId4Vci;

/// <summary>What a wallet reports about credentials that it was issued (OpenID4VCI §11.1).</summary>
/// <param name="NotificationId">The handle of the credential response.</param>
/// <param name="Event">What became of the credentials.</param>
/// <param name="Description">Text for developers; untrusted.</param>
public sealed record NotificationRequest(string NotificationId, NotificationEvent Event, string? Description = null)
{
    private const string Bad = OpenId4VciCodes.NotificationRequest;

    /// <summary>Reads a request; unknown parameters are ignored.</summary>
    /// <exception cref="ProtocolException"><c>invalid_notification_request</c>.</exception>
    public static NotificationRequest Parse(ReadOnlyMemory<byte> body)
    {
        try
        {
            var json = StrictJson.ParseObject(body.Span, JsonLimits.Default, Bad);
            var name = json.RequireText("event", Bad);
            var description = json.OptionalString("event_description", Bad);
            // §11.1: %x20-21 / %x23-5B / %x5D-7E.
            if (description is { Length: > 1000 } || description?.Any(c => c is < ' ' or > '~' or '"' or '\\') == true)
                throw new MalformedDataException(Bad, "'event_description' has characters that it cannot have, or too many.");
            return new NotificationRequest(json.RequireText("notification_id", Bad), Read(name), description);
        }
        catch (MalformedDataException e)
        {
            throw new ProtocolException(e.Code, OpenId4VciNames.InvalidNotificationRequest, e.Message, 400);
        }
    }

    /// <summary>Writes the request.</summary>
    public JsonObject ToJson()
    {
        var json = new JsonObject { ["notification_id"] = NotificationId, ["event"] = NameOf(Event) };
        json.AddText("event_description", Description);
        return json;
    }

    /// <summary>The event as it stands on the wire.</summary>
    public static string NameOf(NotificationEvent value) => value switch
    {
        NotificationEvent.Accepted => "credential_accepted",
        NotificationEvent.Failure => "credential_failure",
        NotificationEvent.Deleted => "credential_deleted",
        _ => throw new ArgumentOutOfRangeException(nameof(value)),
    };

    private static NotificationEvent Read(string name) => name switch
    {
        "credential_accepted" => NotificationEvent.Accepted,
        "credential_failure" => NotificationEvent.Failure,
        "credential_deleted" => NotificationEvent.Deleted,
        _ => throw new MalformedDataException(Bad, "This event is unknown."),
    };
}
