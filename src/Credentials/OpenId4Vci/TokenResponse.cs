using System.Text.Json;
using System.Text.Json.Nodes;
using Credentials.Codecs;

namespace Credentials.OpenId4Vci;

/// <summary>A successful token response (RFC 6749 §5.1, OpenID4VCI §6.2).</summary>
/// <param name="AccessToken">The access token: a secret, never logged.</param>
/// <param name="TokenType">How the token is used, as written by the server (compare without case, RFC 6749 §5.1).</param>
/// <param name="ExpiresIn">How long the token lives, if told.</param>
/// <param name="AuthorizationDetails">Credential identifiers to use, when the server gave any.</param>
public sealed record TokenResponse(string AccessToken, string TokenType, TimeSpan? ExpiresIn, IReadOnlyList<AuthorizationDetail> AuthorizationDetails)
{
    private const string Code = OpenId4VciCodes.TokenResponse;

    /// <summary>The refresh token, if one was given: a secret, never logged.</summary>
    public string? RefreshToken { get; init; }

    /// <summary>The scopes granted, where they are not those asked for (RFC 6749 §5.1).</summary>
    public string? Scope { get; init; }

    /// <summary>Says nothing about the token.</summary>
    public override string ToString() => nameof(TokenResponse);

    /// <summary>Reads a response; unknown parameters are ignored.</summary>
    /// <exception cref="MalformedDataException">The response is not well formed.</exception>
    public static TokenResponse Parse(JsonElement json)
    {
        json.RequireObject(Code);
        var token = json.RequireText("access_token", Code);
        // RFC 6750 §2.1: b64token. Anything else could not be put into the header safely.
        if (token.Length > 16384 || token.Any(c => c is <= ' ' or >= '\u007f'))
            throw new MalformedDataException(Code, "'access_token' has characters that a header cannot carry.");
        var refresh = json.OptionalString("refresh_token", Code);
        if (refresh is { Length: 0 or > 16384 })
            throw new MalformedDataException(Code, "'refresh_token' is empty or too long.");
        var seconds = json.OptionalIndex("expires_in", Code);
        return new TokenResponse(
            token,
            json.RequireText("token_type", Code),
            seconds is null ? null : TimeSpan.FromSeconds(Math.Min(seconds.Value, int.MaxValue)),
            json.OptionalArray("authorization_details", Code) is { } details ? AuthorizationDetail.ParseList(details, identifiersRequired: true, Code) : [])
        {
            RefreshToken = refresh,
            Scope = json.OptionalString("scope", Code),
        };
    }

    /// <summary>Writes the response.</summary>
    public JsonObject ToJson()
    {
        var json = new JsonObject { ["access_token"] = AccessToken, ["token_type"] = TokenType };
        if (ExpiresIn is { } lifetime)
            json["expires_in"] = (long)lifetime.TotalSeconds;
        json.AddText("refresh_token", RefreshToken);
        json.AddText("scope", Scope);
        if (AuthorizationDetails.Count > 0)
            json["authorization_details"] = AuthorizationDetail.ListToJson(AuthorizationDetails);
        return json;
    }
}
