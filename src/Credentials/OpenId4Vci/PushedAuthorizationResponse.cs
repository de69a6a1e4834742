using System.Text.Json;
using System.Text.Json.Nodes;
using Credentials.Codecs;

namespace Credentials.OpenId4Vci;

/// <summary>The answer to a pushed authorization request (RFC 9126 §2.2), HTTP status 201.</summary>
/// <param name="RequestUri">What the authorization endpoint is called with: a secret until then.</param>
/// <param name="ExpiresIn">How long it can be used.</param>
public sealed record PushedAuthorizationResponse(string RequestUri, TimeSpan ExpiresIn)
{
    private const string Code = OpenId4VciCodes.PushedAuthorizationResponse;

    /// <summary>Says nothing about the URI.</summary>
    public override string ToString() => nameof(PushedAuthorizationResponse);

    /// <summary>Reads an answer; unknown parameters are ignored.</summary>
    /// <exception cref="MalformedDataException">No usable request URI or lifetime.</exception>
    public static PushedAuthorizationResponse Parse(JsonElement json)
    {
        json.RequireObject(Code);
        var uri = json.RequireText("request_uri", Code);
        var seconds = json.RequireIndex("expires_in", Code);
        return uri.Length <= 2048 && seconds > 0
            ? new PushedAuthorizationResponse(uri, TimeSpan.FromSeconds(Math.Min(seconds, int.MaxValue)))
            : throw new MalformedDataException(Code, "'request_uri' is too long, or 'expires_in' is not positive.");
    }

    /// <summary>Writes the answer.</summary>
    public JsonObject ToJson() => new() { ["request_uri"] = RequestUri, ["expires_in"] = (long)ExpiresIn.TotalSeconds };
}
