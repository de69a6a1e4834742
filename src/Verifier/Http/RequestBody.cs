using System.Buffers;
using System.Text.Json;
using Credentials.Codecs;

namespace Credentials.Verifier.Http;

/// <summary>Reads bodies under a cap, before anything looks into them.</summary>
internal static class RequestBody
{
    /// <summary>Bytes; an array of this length is no large object to the collector.</summary>
    internal const int Piece = 16 * 1024;

    /// <summary>How many of them every request may have, whatever others hold: an answer with a picture of its holder in it is about as large.</summary>
    internal const int FreePieces = 4;

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
        var budget = request.HttpContext.RequestServices.GetRequiredService<BodyBudget>();
        // Small pieces from the pool, as they arrive: what is promised costs nothing, and nothing is copied while it grows.
        List<byte[]> pieces = [ArrayPool<byte>.Shared.Rent(Piece)];
        var length = 0;
        try
        {
            int read;
            while ((read = await request.Body.ReadAsync(pieces[^1].AsMemory(length % Piece, Piece - (length % Piece)), ct)) > 0)
            {
                length += read;
                if (length > maxBytes)
                    throw RequestRefusal.TooLarge();
                if (length % Piece > 0)
                    continue;
                if (pieces.Count >= FreePieces && !budget.TryTake(Piece))
                    throw new ProtocolException(VerifierCodes.RequestBusy, "temporarily_unavailable", "Too many large requests at once; try again later.", StatusCodes.Status503ServiceUnavailable);
                pieces.Add(ArrayPool<byte>.Shared.Rent(Piece));
            }
            var whole = new byte[length];
            for (var at = 0; at < length; at += Piece)
                pieces[at / Piece].AsSpan(0, Math.Min(Piece, length - at)).CopyTo(whole.AsSpan(at));
            return whole;
        }
        finally
        {
            budget.GiveBack(Piece * Math.Max(0, pieces.Count - FreePieces));
            // They may hold claims.
            pieces.ForEach(piece => ArrayPool<byte>.Shared.Return(piece, clearArray: true));
        }
    }

    /// <summary>The media type alone, whatever parameters follow; one Content-Type header only.</summary>
    public static bool HasMediaType(HttpRequest request, string mediaType) =>
        request.Headers.ContentType.Count == 1
        && request.ContentType!.Split(';', 2)[0].Trim().Equals(mediaType, StringComparison.OrdinalIgnoreCase);
}
