using System.Text.Json;
using Credentials.Codecs;

namespace Credentials.Verifier.Http;

/// <summary>Reads bodies under a cap, before anything looks into them.</summary>
internal static class RequestBody
{
    public static async Task<JsonElement> ReadJsonObjectAsync(HttpRequest request, int maxBytes, CancellationToken ct)
    {
        if (!HasMediaType(request, "application/json"))
            throw new ProtocolException(VerifierCodes.RequestContentType, "invalid_request", "The body must be application/json.", StatusCodes.Status415UnsupportedMediaType);
        var bytes = await ReadAsync(request, maxBytes, ct);
        return StrictJson.ParseObject(bytes, JsonLimits.Default with { MaxBytes = maxBytes }, VerifierCodes.RequestMalformed);
    }

    public static async Task<byte[]> ReadAsync(HttpRequest request, int maxBytes, CancellationToken ct)
    {
        if (request.ContentLength > maxBytes)
            throw RequestRefusal.TooLarge();
        using var buffer = new MemoryStream();
        var chunk = new byte[16 * 1024];
        int read;
        while ((read = await request.Body.ReadAsync(chunk, ct)) > 0)
        {
            if (buffer.Length + read > maxBytes)
                throw RequestRefusal.TooLarge();
            buffer.Write(chunk, 0, read);
        }
        return buffer.ToArray();
    }

    /// <summary>The media type alone, whatever parameters follow; one Content-Type header only.</summary>
    public static bool HasMediaType(HttpRequest request, string mediaType) =>
        request.Headers.ContentType.Count == 1
        && request.ContentType!.Split(';', 2)[0].Trim().Equals(mediaType, StringComparison.OrdinalIgnoreCase);
}
