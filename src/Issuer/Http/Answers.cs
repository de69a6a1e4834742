using System.Text.Json.Nodes;
using Credentials.Codecs;

namespace Credentials.Issuer.Http;

/// <summary>Writes answers from bytes made here, so that nothing is serialized by reflection.</summary>
internal static class Answers
{
    internal static Task JsonAsync(HttpResponse response, JsonNode json, int status = 200, string type = "application/json") =>
        BytesAsync(response, StrictJson.ToUtf8(json), type, status);

    internal static async Task BytesAsync(HttpResponse response, ReadOnlyMemory<byte> bytes, string type, int status = 200)
    {
        response.StatusCode = status;
        response.ContentType = type;
        response.ContentLength = bytes.Length;
        if (!HttpMethods.IsHead(response.HttpContext.Request.Method))
            await response.Body.WriteAsync(bytes, response.HttpContext.RequestAborted);
    }

    /// <summary>A header of the answer, even if it turns out to be an error, for which what was set before is cleared.</summary>
    /// <param name="value">Made by now, while what is wrong with it can still be told.</param>
    internal static void KeepHeader(HttpResponse response, string name, string value) => response.OnStarting(() =>
    {
        response.Headers[name] = value;
        return Task.CompletedTask;
    });

    /// <summary>A document that may be read by any web page and kept for a while.</summary>
    internal static Task PublicDocumentAsync(HttpResponse response, ReadOnlyMemory<byte> bytes, string type, int maxAgeSeconds)
    {
        SecurityHeaders.AllowEverybody(response);
        response.Headers.CacheControl = $"public, max-age={maxAgeSeconds}";
        return BytesAsync(response, bytes, type);
    }
}
