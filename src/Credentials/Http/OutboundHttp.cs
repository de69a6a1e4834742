using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Credentials.Codecs;

namespace Credentials.Http;

/// <summary>
/// The one door to the network. Every URL may come from a stranger: https only but for rules that allow http, the address is checked when the socket connects,
/// redirects, sizes and times are limited, and nothing that identifies the caller is sent. Thread-safe; make one per process.
/// </summary>
/// <remarks>Every failure is a <see cref="FetchException"/> with a code of <see cref="HttpCodes"/>, except cancellation by the caller.</remarks>
public sealed class OutboundHttp : IDisposable
{
    private const int MaxUrlLength = 4096;

    private readonly OutboundHttpOptions _options;
    private readonly HttpMessageInvoker _invoker;
    private readonly ConcurrencyGate _gate;
    private readonly SingleFlight<GetKey, FetchedDocument> _gets = new();

    private readonly record struct GetKey(string Url, FetchRule Rule, string? IfNoneMatch);

    private readonly record struct Answer(FetchedDocument? Document, Uri? Location);

    /// <summary>Makes a client; <paramref name="options"/> null: public https hosts only.</summary>
    public OutboundHttp(OutboundHttpOptions? options = null)
    {
        _options = options ?? new OutboundHttpOptions();
        _invoker = GuardedHandler.Create(_options);
        _gate = new ConcurrencyGate(_options.MaxConcurrent, _options.MaxConcurrentPerHost, _options.MaxQueued);
    }

    /// <summary>Whether plain http to this machine is allowed (<see cref="OutboundHttpOptions.AllowLoopbackHttp"/>).</summary>
    public bool AllowsLoopbackHttp => _options.AllowLoopbackHttp;

    /// <summary>Copies on disk of what was fetched before; null where none are kept.</summary>
    internal KeptDocuments? Kept => _options.Kept;

    /// <summary>Fetches a document. Equal fetches under way at the same time are one request.</summary>
    /// <param name="ifNoneMatch">Entity tag of a copy at hand: the answer may then be <see cref="FetchedDocument.IsNotModified"/>.</param>
    public Task<FetchedDocument> GetAsync(Uri url, FetchRule rule, string? ifNoneMatch = null, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Check(url, rule);
        return _gets.RunAsync(
            new GetKey(url.AbsoluteUri, rule, ifNoneMatch),
            () => ExchangeAsync(rule, url, deadline => FollowAsync(url, rule, ifNoneMatch, deadline), CancellationToken.None),
            cancellationToken);
    }

    /// <summary>Fetches a document that only the holder of a credential may see. Redirects are not followed, and nobody shares the answer.</summary>
    /// <param name="headers">Further request headers, as <c>Authorization</c>.</param>
    public Task<FetchedDocument> GetAsync(
        Uri url, FetchRule rule, IEnumerable<KeyValuePair<string, string>> headers, CancellationToken cancellationToken = default)
    {
        Check(url, rule);
        return SendOnceAsync(NewRequest(HttpMethod.Get, url, rule), url, rule, headers, cancellationToken);
    }

    /// <summary>Posts <c>application/x-www-form-urlencoded</c>.</summary>
    /// <param name="headers">Further request headers, as <c>Authorization</c> or <c>DPoP</c>.</param>
    public Task<FetchedDocument> PostFormAsync(
        Uri url, IEnumerable<KeyValuePair<string, string>> form, FetchRule rule,
        IEnumerable<KeyValuePair<string, string>>? headers = null, CancellationToken cancellationToken = default) =>
        PostAsync(url, new FormUrlEncodedContent(form), rule, headers, cancellationToken);

    /// <summary>Posts <c>application/json</c>.</summary>
    /// <inheritdoc cref="PostFormAsync"/>
    public Task<FetchedDocument> PostJsonAsync(
        Uri url, JsonNode body, FetchRule rule,
        IEnumerable<KeyValuePair<string, string>>? headers = null, CancellationToken cancellationToken = default) =>
        PostAsync(url, StrictJson.ToUtf8(body), "application/json", rule, headers, cancellationToken);

    /// <summary>Posts <paramref name="body"/> as <paramref name="contentType"/>.</summary>
    /// <inheritdoc cref="PostFormAsync"/>
    public Task<FetchedDocument> PostAsync(
        Uri url, ReadOnlyMemory<byte> body, string contentType, FetchRule rule,
        IEnumerable<KeyValuePair<string, string>>? headers = null, CancellationToken cancellationToken = default)
    {
        var content = new ReadOnlyMemoryContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue(contentType);
        return PostAsync(url, content, rule, headers, cancellationToken);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _invoker.Dispose();
        _gate.Dispose();
    }

    private Task<FetchedDocument> PostAsync(
        Uri url, HttpContent content, FetchRule rule, IEnumerable<KeyValuePair<string, string>>? headers, CancellationToken cancellationToken)
    {
        Check(url, rule);
        var request = NewRequest(HttpMethod.Post, url, rule);
        request.Content = content;
        return SendOnceAsync(request, url, rule, headers ?? [], cancellationToken);
    }

    private Task<FetchedDocument> SendOnceAsync(
        HttpRequestMessage request, Uri url, FetchRule rule, IEnumerable<KeyValuePair<string, string>> headers, CancellationToken cancellationToken)
    {
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return ExchangeAsync(rule, url, async deadline =>
        {
            using (request)
            {
                var answer = await SendAsync(request, rule, deadline).ConfigureAwait(false);
                return answer.Document ?? throw RedirectRefused();
            }
        }, cancellationToken);
    }

    private async Task<FetchedDocument> FollowAsync(Uri url, FetchRule rule, string? ifNoneMatch, CancellationToken deadline)
    {
        for (var redirects = 0; ; redirects++)
        {
            using var request = NewRequest(HttpMethod.Get, url, rule);
            if (ifNoneMatch is not null)
            {
                request.Headers.TryAddWithoutValidation("If-None-Match", ifNoneMatch);
            }

            var answer = await SendAsync(request, rule, deadline).ConfigureAwait(false);
            if (answer.Document is { } document)
            {
                return !document.IsNotModified || ifNoneMatch is not null
                    ? document
                    : throw new FetchException(HttpCodes.StatusRefused, "The server answered a question that was not asked.", httpStatus: 304);
            }

            if (redirects >= rule.MaxRedirects || !Uri.TryCreate(url, answer.Location, out var target))
            {
                throw RedirectRefused();
            }

            Check(target, rule);
            if (url.Scheme == Uri.UriSchemeHttps && target.Scheme != Uri.UriSchemeHttps)
            {
                throw new FetchException(HttpCodes.SchemeRefused, "The server redirected from https to another scheme.");
            }

            url = target;
        }
    }

    private static HttpRequestMessage NewRequest(HttpMethod method, Uri url, FetchRule rule)
    {
        var request = new HttpRequestMessage(method, url);
        request.Headers.TryAddWithoutValidation("Accept", rule.ContentTypes.Count == 0 ? "*/*" : string.Join(", ", rule.ContentTypes));
        request.Headers.TryAddWithoutValidation("Accept-Encoding", "identity");
        return request;
    }

    // 304 is in the 3xx range and no redirect.
    private static bool IsRedirect(HttpResponseMessage response) => (int)response.StatusCode is 301 or 302 or 303 or 307 or 308;

    /// <summary>One request and its whole answer, in one of the places of the gate.</summary>
    private async Task<Answer> SendAsync(HttpRequestMessage request, FetchRule rule, CancellationToken deadline)
    {
        var url = request.RequestUri!;
        using var place = await _gate.EnterAsync(url.IdnHost, deadline).ConfigureAwait(false);
        using var response = await _invoker.SendAsync(request, deadline).ConfigureAwait(false);
        return IsRedirect(response)
            ? new Answer(null, response.Headers.Location)
            : new Answer(await ResponseReader.ReadAsync(response, url, rule, deadline).ConfigureAwait(false), null);
    }

    private static FetchException RedirectRefused() =>
        new(HttpCodes.RedirectRefused, "The server redirected where no redirect is followed.");

    private void Check(Uri url, FetchRule rule)
    {
        if (!url.IsAbsoluteUri || url.OriginalString.Length > MaxUrlLength || url.UserInfo.Length > 0 || url.IdnHost.Length == 0)
        {
            throw new FetchException(HttpCodes.UrlMalformed, "The URL is not absolute, too long, or carries user information.");
        }

        var http = url.Scheme == Uri.UriSchemeHttp && (rule.AllowsHttp || (_options.AllowLoopbackHttp && AddressRules.IsLoopbackHost(url)));
        if (url.Scheme != Uri.UriSchemeHttps && !http)
        {
            throw new FetchException(HttpCodes.SchemeRefused, "The URL is not https.");
        }
    }

    private async Task<FetchedDocument> ExchangeAsync(
        FetchRule rule, Uri url, Func<CancellationToken, Task<FetchedDocument>> exchange, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(rule.Timeout, _options.TimeProvider);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            return await exchange(deadline.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is OperationCanceledException or HttpRequestException or IOException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw timeout.IsCancellationRequested
                ? new FetchException(HttpCodes.Timeout, $"{url.IdnHost} did not answer completely in time.", e)
                : ResponseReader.Translate(e, url);
        }
    }
}
