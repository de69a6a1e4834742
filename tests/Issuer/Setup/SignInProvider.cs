using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.Jose;
using Credentials.Keys;
using Credentials.Keys.Software;
using Credentials.OpenId4Vci;
using Credentials.Tests.Shared;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Credentials.Issuer.Tests.Setup;

/// <summary>An OpenID Connect provider where somebody is signed in already: it asks nothing, and can be told to lie.</summary>
internal sealed class SignInProvider : IAsyncDisposable
{
    internal const string ClientId = "issuer";
    internal const string ClientSecret = "a secret between the two";

    private readonly SoftwareSigningKey _key = SoftwareSigningKey.Generate(SignatureAlgorithm.Es256);
    private readonly ConcurrentDictionary<string, (string Nonce, string Challenge, string Redirect)> _codes = new();
    private readonly WebApplication _app;

    private SignInProvider(WebApplication app, string url)
    {
        _app = app;
        Url = url;
        app.MapGet("/.well-known/openid-configuration", () => Json(new JsonObject
        {
            ["issuer"] = url,
            ["authorization_endpoint"] = url + "/authorize",
            ["token_endpoint"] = url + "/token",
            ["jwks_uri"] = url + "/jwks",
            ["response_types_supported"] = new JsonArray("code"),
            ["subject_types_supported"] = new JsonArray("public"),
            ["id_token_signing_alg_values_supported"] = new JsonArray("ES256"),
        }));
        app.MapGet("/jwks", () => Json(new JsonObject { ["keys"] = new JsonArray(Jwk.Write(_key.PublicKey)) }));
        app.MapGet("/authorize", Authorize);
        app.MapPost("/token", TokenAsync);
    }

    internal string Url { get; }

    /// <summary>Changes the claims of the next ID tokens.</summary>
    internal Action<JsonObject> Claims { get; set; } = _ => { };

    /// <summary>Signs the next ID tokens; null: the key that is published.</summary>
    internal SoftwareSigningKey? Signer { get; set; }

    internal static async Task<SignInProvider> StartAsync()
    {
        var port = FreePort.Next();
        var builder = QuietServer.CreateBuilder();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ListenLocalhost(port));
        var provider = new SignInProvider(builder.Build(), $"http://localhost:{port}");
        await provider._app.StartAsync(RunningIssuer.Ct);
        return provider;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _key.Dispose();
    }

    private IResult Authorize(string client_id, string redirect_uri, string response_type, string state, string nonce, string code_challenge, string code_challenge_method)
    {
        Assert.Equal((ClientId, "code", "S256"), (client_id, response_type, code_challenge_method));
        var code = Guid.NewGuid().ToString("N");
        _codes[code] = (nonce, code_challenge, redirect_uri);
        return Results.Redirect($"{redirect_uri}?{StrictForm.Encode([new("code", code), new("state", state)])}");
    }

    private async Task<IResult> TokenAsync(HttpRequest request)
    {
        var form = await request.ReadFormAsync(RunningIssuer.Ct);
        if (!_codes.TryRemove(form["code"].ToString(), out var asked) || form["client_secret"] != ClientSecret || form["redirect_uri"] != asked.Redirect
            || !Pkce.Verify(form["code_verifier"].ToString(), asked.Challenge))
            return Results.BadRequest();
        var now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        var claims = new JsonObject { ["iss"] = Url, ["aud"] = ClientId, ["sub"] = "hong", ["iat"] = now, ["exp"] = now + 300, ["nonce"] = asked.Nonce };
        Claims(claims);
        var token = await Jws.SignAsync(new JsonObject { ["typ"] = "JWT" }, claims, Signer ?? _key);
        return Json(new JsonObject { ["access_token"] = "unused", ["token_type"] = "Bearer", ["expires_in"] = 300, ["id_token"] = token });
    }

    private static IResult Json(JsonNode json) => Results.Text(StrictJson.ToText(json), "application/json");
}
