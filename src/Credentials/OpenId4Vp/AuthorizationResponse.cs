using System.Text.Json;
using System.Text.Json.Nodes;
using Credentials.Codecs;

namespace Credentials.OpenId4Vp;

/// <summary>A wallet's answer: presentations, or an error (OpenID4VP 1.0 §8.1, §8.5). Exactly one of the two is there.</summary>
public sealed record AuthorizationResponse
{
    private const int MaxTextLength = 1024;

    private AuthorizationResponse()
    {
    }

    /// <summary>The presentations.</summary>
    public VpToken? VpToken { get; private init; }

    /// <summary>The error code, for example <c>access_denied</c>.</summary>
    public string? Error { get; private init; }

    /// <summary>The request's state, given back.</summary>
    public string? State { get; private init; }

    /// <summary>An answer with presentations.</summary>
    public static AuthorizationResponse Success(VpToken vpToken, string? state) => new() { VpToken = vpToken, State = state };

    /// <summary>A refusal. It has no description: nothing in it tells a refusal by the holder from a missing credential.</summary>
    public static AuthorizationResponse Refusal(string error, string? state) => new() { Error = error, State = state };

    /// <summary>
    /// Reads the fields of a form, or the members of a decrypted response, where <c>vp_token</c> is an object. Unknown ones are
    /// ignored; an error description is not kept, since it is free text of a stranger.
    /// </summary>
    /// <exception cref="ProtocolException"><c>invalid_request</c> (<see cref="OpenId4VpCodes.ResponseMalformed"/>).</exception>
    public static AuthorizationResponse Parse(JsonElement json)
    {
        var state = Text(json, OpenId4VpNames.State);
        if (state?.Length > MaxTextLength) throw VpToken.Malformed("state is too long.");
        var error = Text(json, OpenId4VpNames.Error);
        var vpToken = json.Member(OpenId4VpNames.VpToken);
        return (vpToken, error) switch
        {
            ({ } token, null) => Success(VpToken.Parse(token), state),
            (null, not null) => Refusal(IsErrorCode(error) ? error : throw VpToken.Malformed("The error code is not one."), state),
            _ => throw VpToken.Malformed("A response has either a vp_token or an error."),
        };
    }

    internal static AuthorizationResponse ParseForm(IReadOnlyDictionary<string, string> form)
    {
        var json = new JsonObject();
        foreach (var name in new[] { OpenId4VpNames.State, OpenId4VpNames.Error })
            if (form.TryGetValue(name, out var text)) json[name] = text;
        if (form.TryGetValue(OpenId4VpNames.VpToken, out var vpToken)) json[OpenId4VpNames.VpToken] = StrictJson.ToNode(ParseJson(vpToken));
        return Parse(StrictJson.ToElement(json));
    }

    private static JsonElement ParseJson(string text)
    {
        try
        {
            return StrictJson.Parse(text, code: OpenId4VpCodes.ResponseMalformed);
        }
        catch (MalformedDataException e)
        {
            throw VpToken.Malformed("vp_token is not acceptable JSON.", e);
        }
    }

    private static string? Text(JsonElement json, string name) => json.Member(name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.String } text => text.GetString(),
        _ => throw VpToken.Malformed($"{name} is not a string."),
    };

    // Narrower than RFC 6749 §4.1.2.1 allows, and wide enough for every code that is registered.
    private static bool IsErrorCode(string error) =>
        error.Length is > 0 and <= 64 && error.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.');

    /// <summary>The members of the wire form.</summary>
    public JsonObject ToJson()
    {
        var json = new JsonObject();
        if (VpToken is not null) json[OpenId4VpNames.VpToken] = VpToken.ToJson();
        if (Error is not null) json[OpenId4VpNames.Error] = Error;
        if (State is not null) json[OpenId4VpNames.State] = State;
        return json;
    }

    /// <summary>The form fields of an unencrypted response.</summary>
    public IReadOnlyDictionary<string, string> ToForm() =>
        ToJson().ToDictionary(
            member => member.Key,
            member => member.Value is JsonObject value ? StrictJson.ToText(value) : member.Value!.GetValue<string>(),
            StringComparer.Ordinal);
}
