using System.Text.Json;
using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.Http;

namespace Credentials.Cli;

/// <summary>Calls to an issuer or verifier service with its API key. Its address is the operator's, so plain http to this machine is allowed.</summary>
internal sealed class ServiceClient : IDisposable
{
    private const string Code = "json.member";

    private static readonly FetchRule s_rule = new("application/json") { MaxRedirects = 0, ReturnErrorStatus = true, Timeout = TimeSpan.FromSeconds(30) };

    private readonly OutboundHttp _http = new(new OutboundHttpOptions { AllowLoopbackHttp = true });
    private readonly string _base;
    private readonly KeyValuePair<string, string>[] _authorization;
    private readonly CancellationToken _cancelled;

    internal ServiceClient(string url, string apiKey, CancellationToken cancelled)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out _)) throw CommandException.Usage("--url is the address of the service, for example http://localhost:5101");
        _base = url.TrimEnd('/');
        _authorization = [KeyValuePair.Create("Authorization", $"Bearer {apiKey}")];
        _cancelled = cancelled;
    }

    internal static ServiceClient Open(CommandContext context) =>
        new(context.Arguments.Required("--url"), context.Arguments.Required("--api-key"), context.Cancelled);

    internal async Task<JsonElement> GetAsync(string path) => Read(await _http.GetAsync(new Uri(_base + path), s_rule, _authorization, _cancelled));

    internal async Task<JsonElement> PostAsync(string path, JsonObject body) =>
        Read(await _http.PostJsonAsync(new Uri(_base + path), body, s_rule, _authorization, _cancelled));

    /// <summary>Posts a file as it is, which may take as long as a large one takes.</summary>
    internal async Task<JsonElement> PostAsync(string path, byte[] body, string contentType) =>
        Read(await _http.PostAsync(new Uri(_base + path), body, contentType, s_rule with { Timeout = TimeSpan.FromMinutes(30) }, _authorization, _cancelled));

    /// <summary>An answer with many rows in it.</summary>
    internal async Task<JsonElement> GetLargeAsync(string path)
    {
        var limits = new JsonLimits(MaxBytes: 64 * 1024 * 1024);
        var answer = await _http.GetAsync(new Uri(_base + path), s_rule with { MaxBytes = limits.MaxBytes }, _authorization, _cancelled);
        return answer.IsSuccess ? StrictJson.ParseObject(answer.Body.Span, limits, Code) : Read(answer);
    }

    public void Dispose() => _http.Dispose();

    private static JsonElement Read(FetchedDocument answer)
    {
        if (answer.IsSuccess) return answer.ReadJsonObject(Code);
        throw new CommandException(ExitCode.Refused, $"the service refused: {Reason(answer)} (HTTP {answer.Status})");
    }

    private static string Reason(FetchedDocument answer)
    {
        try
        {
            var body = answer.ReadJsonObject(Code);
            string?[] parts = [.. new[] { "error", "code", "error_description", "title", "detail" }
                .Select(name => body.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null)];
            return TextSafety.ForTerminal(string.Join(" – ", parts.OfType<string>()));
        }
        catch (MalformedDataException)
        {
            return "no reason given";
        }
    }
}
