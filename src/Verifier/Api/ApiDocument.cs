using System.Text.Json;
using Credentials.Codecs;
using Credentials.Verifier.Http;

namespace Credentials.Verifier.Api;

/// <summary><c>GET /openapi.json</c>: the interface as an OpenAPI 3.1 document, from <c>openapi.json</c> beside this file; a test holds it against the routes.</summary>
internal static class ApiDocument
{
    private static readonly byte[] s_bytes = Load();

    /// <summary>The document as it was written.</summary>
    public static JsonElement Json { get; } = StrictJson.ParseObject(s_bytes, new JsonLimits(MaxMembers: 10_000, MaxDepth: 64));

    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/openapi.json", (HttpContext http) =>
    {
        // Tools that read it run in browsers of other sites too, and there is nothing secret in it.
        http.Response.Headers.AccessControlAllowOrigin = "*";
        http.Response.Headers.CacheControl = "public, max-age=300";
        return Results.Bytes(s_bytes, "application/json");
    }).WithMetadata(RouteAudience.RelyingParty);

    /// <summary>What a reference leads to; anything else as it is.</summary>
    public static JsonElement Resolve(JsonElement value)
    {
        while (value.Member("$ref") is { ValueKind: JsonValueKind.String } reference)
        {
            value = Json;
            foreach (var name in reference.GetString()!.Split('/').Skip(1))
                value = value.GetProperty(name);
        }
        return value;
    }

    private static byte[] Load()
    {
        using var stream = typeof(ApiDocument).Assembly.GetManifestResourceStream("openapi")!;
        using var content = new MemoryStream();
        stream.CopyTo(content);
        return content.ToArray();
    }
}
