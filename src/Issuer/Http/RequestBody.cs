using System.Text.Json;
using Credentials.Codecs;
using Microsoft.AspNetCore.Http.Features;

namespace Credentials.Issuer.Http;

/// <summary>Reads request bodies up to the cap of their route.</summary>
internal static class RequestBody
{
    /// <summary>A token request is a handful of short parameters.</summary>
    internal const int TokenCap = 16 * 1024;

    /// <summary>A pushed authorization request.</summary>
    internal const int ParCap = 64 * 1024;

    /// <summary>A credential request holds up to 20 proofs.</summary>
    internal const int CredentialCap = 256 * 1024;

    /// <summary>An offer may carry portraits.</summary>
    internal const int AgencyCap = 1024 * 1024;

    internal static async Task<byte[]> ReadAsync(HttpContext http, int cap)
    {
        // Kestrel enforces the cap also where no length is told; what is over it is never read.
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } feature)
            feature.MaxRequestBodySize = cap;
        if (http.Request.ContentLength > cap)
            throw new BadHttpRequestException("The body is too large.", StatusCodes.Status413PayloadTooLarge);
        using var bytes = new MemoryStream((int)(http.Request.ContentLength ?? 0));
        await http.Request.Body.CopyToAsync(bytes, http.RequestAborted);
        return bytes.ToArray();
    }

    /// <summary>A JSON object for the agency API.</summary>
    internal static async Task<JsonElement> ReadJsonAsync(HttpContext http)
    {
        if (!IsType(http.Request, "application/json"))
            throw new MalformedDataException(IssuerCodes.Request, "The body must be application/json.");
        var bytes = await ReadAsync(http, AgencyCap);
        return StrictJson.ParseObject(bytes, JsonLimits.Default, IssuerCodes.Request);
    }

    internal static bool IsType(HttpRequest request, string type)
    {
        var given = request.ContentType.AsSpan();
        var end = given.IndexOf(';');
        return (end < 0 ? given : given[..end]).Trim().Equals(type, StringComparison.OrdinalIgnoreCase);
    }
}
