using System.Security.Authentication;

namespace Credentials.Http;

/// <summary>Turns a response into a <see cref="FetchedDocument"/> within the limits of a rule, and transport errors into codes.</summary>
internal static class ResponseReader
{
    public static async Task<FetchedDocument> ReadAsync(HttpResponseMessage response, Uri url, FetchRule rule, CancellationToken deadline)
    {
        var status = (int)response.StatusCode;
        var isError = status is not 304 and (< 200 or > 299);
        if (isError && !rule.ReturnErrorStatus)
        {
            throw new FetchException(HttpCodes.StatusRefused, $"{url.IdnHost} answered with status {status}.", httpStatus: status);
        }

        var contentType = response.Content.Headers.ContentType?.MediaType?.ToLowerInvariant();
        var hasBody = status is not 204 and not 304;
        if (hasBody && !isError && rule.ContentTypes.Count > 0 && !rule.ContentTypes.Contains(contentType ?? ""))
        {
            throw new FetchException(HttpCodes.ContentTypeRefused, $"{url.IdnHost} answered with another content type.");
        }

        // None was asked for, and inflating one is how small answers become large ones.
        if (response.Content.Headers.ContentEncoding.Any(coding => !coding.Equals("identity", StringComparison.OrdinalIgnoreCase)))
        {
            throw new FetchException(HttpCodes.ResponseMalformed, $"{url.IdnHost} answered with a content coding.");
        }

        var body = await ReadBodyAsync(response.Content, rule.MaxBytes, deadline).ConfigureAwait(false);
        return new FetchedDocument(status, contentType, body, url, Headers(response));
    }

    /// <summary>The typed form of what the platform throws.</summary>
    public static FetchException Translate(Exception e, Uri url)
    {
        for (var inner = e; inner is not null; inner = inner.InnerException)
        {
            switch (inner)
            {
                case FetchException fetch:
                    return fetch;
                case AuthenticationException:
                    return new FetchException(HttpCodes.TlsFailed, $"{url.IdnHost} gave no trustworthy TLS session.", e);
            }
        }

        var error = e switch
        {
            HttpRequestException request => request.HttpRequestError,
            HttpIOException io => io.HttpRequestError,
            _ => HttpRequestError.Unknown,
        };
        return error switch
        {
            HttpRequestError.SecureConnectionError =>
                new FetchException(HttpCodes.TlsFailed, $"{url.IdnHost} gave no trustworthy TLS session.", e),
            HttpRequestError.ConfigurationLimitExceeded =>
                new FetchException(HttpCodes.TooLarge, $"{url.IdnHost} answered with too many headers.", e),
            HttpRequestError.InvalidResponse =>
                new FetchException(HttpCodes.ResponseMalformed, $"{url.IdnHost} did not answer with HTTP.", e),
            _ => new FetchException(HttpCodes.Unreachable, $"{url.IdnHost} cannot be reached.", e),
        };
    }

    private static async Task<byte[]> ReadBodyAsync(HttpContent content, int maxBytes, CancellationToken deadline)
    {
        if (content.Headers.ContentLength > maxBytes)
        {
            throw TooLarge();
        }

        await using var stream = await content.ReadAsStreamAsync(deadline).ConfigureAwait(false);
        using var body = new MemoryStream((int)(content.Headers.ContentLength ?? 0));
        var buffer = new byte[16 * 1024];
        int read;
        while ((read = await stream.ReadAsync(buffer, deadline).ConfigureAwait(false)) > 0)
        {
            if (body.Length + read > maxBytes)
            {
                throw TooLarge();
            }

            body.Write(buffer, 0, read);
        }

        return body.ToArray();
    }

    private static FetchException TooLarge() => new(HttpCodes.TooLarge, "The answer is larger than allowed.");

    private static Dictionary<string, string> Headers(HttpResponseMessage response)
    {
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, values) in response.Headers.Concat(response.Content.Headers))
        {
            headers[name] = string.Join(", ", values);
        }

        return headers;
    }
}
