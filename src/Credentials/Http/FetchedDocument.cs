using System.Globalization;
using System.Net.Http.Headers;
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

    /// <summary>How long a private cache may use the document without asking again (RFC 9111 §4.2).</summary>
    /// <param name="unstated">Where the answer says nothing.</param>
    /// <param name="atMost">However much it says.</param>
    internal TimeSpan FreshFor(TimeSpan unstated, TimeSpan atMost)
    {
        var stated = Headers.TryGetValue("Cache-Control", out var text) && !CacheControlHeaderValue.TryParse(text, out _) ? TimeSpan.Zero : Stated(text);
        var lifetime = (stated ?? unstated) - Age;
        return lifetime < TimeSpan.Zero ? TimeSpan.Zero : lifetime < atMost ? lifetime : atMost;
    }

    private TimeSpan Age =>
        Headers.TryGetValue("Age", out var text) && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            ? TimeSpan.FromSeconds(seconds)
            : TimeSpan.Zero;

    private TimeSpan? Stated(string? cacheControl)
    {
        if (CacheControlHeaderValue.TryParse(cacheControl, out var control))
        {
            if (control.NoStore || control.NoCache) return TimeSpan.Zero;
            if (control.MaxAge is { } maxAge) return maxAge;
        }

        // §5.3: an Expires that is no date is in the past.
        if (!Headers.TryGetValue("Expires", out var expires)) return null;
        return Time(expires) is { } end && Time(Headers.GetValueOrDefault("Date")) is { } date ? end - date : TimeSpan.Zero;
    }

    private static DateTimeOffset? Time(string? text) =>
        DateTimeOffset.TryParseExact(text, "r", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null;
}
