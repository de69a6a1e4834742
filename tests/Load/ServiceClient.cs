using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Credentials.Codecs;

namespace Credentials.Load;

/// <summary>HTTP to one service, with its API key where a route wants one.</summary>
internal sealed class ServiceClient(string url, string apiKey) : IDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
    })
    {
        Timeout = TimeSpan.FromSeconds(60),
    };

    internal string Url => url;

    internal Task<JsonElement> PostJsonAsync(string path, JsonNode body, bool withKey, string? bearer = null) =>
        SendAsync(HttpMethod.Post, path, new StringContent(StrictJson.ToText(body), Encoding.UTF8, "application/json"), withKey ? apiKey : bearer);

    internal Task<JsonElement> PostFormAsync(string path, string form) =>
        SendAsync(HttpMethod.Post, path, new StringContent(form, Encoding.ASCII, "application/x-www-form-urlencoded"), null);

    internal Task<JsonElement> PostTextAsync(string path, string text, string mediaType) =>
        SendAsync(HttpMethod.Post, path, new StringContent(text, Encoding.UTF8, mediaType), apiKey);

    internal Task<JsonElement> PostAsync(string path) => SendAsync(HttpMethod.Post, path, null, null);

    internal Task<JsonElement> GetAsync(string path) => SendAsync(HttpMethod.Get, path, null, apiKey);

    internal async Task<byte[]> GetBytesAsync(string path, string? accept = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Absolute(path));
        if (accept is not null) request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue(accept));
        using var response = await _http.SendAsync(request);
        return await ReadAsync(response);
    }

    public void Dispose() => _http.Dispose();

    private async Task<JsonElement> SendAsync(HttpMethod method, string path, HttpContent? content, string? bearer)
    {
        using var request = new HttpRequestMessage(method, Absolute(path)) { Content = content };
        if (bearer is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", bearer);
        using var response = await _http.SendAsync(request);
        return StrictJson.ParseObject(await ReadAsync(response));
    }

    private static async Task<byte[]> ReadAsync(HttpResponseMessage response)
    {
        var body = await response.Content.ReadAsByteArrayAsync();
        return response.IsSuccessStatusCode
            ? body
            : throw new HttpRequestException($"{response.RequestMessage!.Method} {response.RequestMessage.RequestUri!.AbsolutePath}: {(int)response.StatusCode} {Encoding.UTF8.GetString(body)}");
    }

    private Uri Absolute(string path) => new(path.StartsWith("http", StringComparison.Ordinal) ? path : url + path);
}
