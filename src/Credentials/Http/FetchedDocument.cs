using System.Text.Json;
using Credentials.Codecs;

namespace Credentials.Http;

/// <summary>An answer from the network, within the limits of its <see cref="FetchRule"/>.</summary>
/// <param name="Status">The HTTP status code.</param>
/// <param name="ContentType">Media type without parameters, in lower case; null when the answer has none.</param>
/// <param name="Body">The body as received.</param>
/// <param name="FinalUri">Where the answer came from, after redirects.</param>
/// <param name="Headers">All headers, names compared without case, several values joined with commas.</param>
public sealed record FetchedDocument(
    int Status, string? ContentType, ReadOnlyMemory<byte> Body, Uri FinalUri, IReadOnlyDictionary<string, string> Headers)
{
    /// <summary>True for 2xx.</summary>
    public bool IsSuccess => Status is >= 200 and <= 299;

    /// <summary>True for 304: what the caller's entity tag names is unchanged.</summary>
    public bool IsNotModified => Status == 304;

    /// <summary>The entity tag, to be sent back as <c>If-None-Match</c>.</summary>
    public string? ETag => Headers.GetValueOrDefault("ETag");

    /// <summary>Reads the body as one strict JSON object.</summary>
    /// <exception cref="MalformedDataException">The body is not one, with <paramref name="code"/>.</exception>
    public JsonElement ReadJsonObject(string code) => StrictJson.ParseObject(Body.Span, JsonLimits.Default, code);
}
