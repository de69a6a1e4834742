namespace Credentials.Verifier.Http;

/// <summary>
/// The service's public base URL. It comes from configuration or the bound port, never from a request's Host or
/// forwarding headers.
/// </summary>
internal sealed class ServiceUrl
{
    private string? _base;

    public string Base
    {
        get => _base ?? throw new InvalidOperationException("The service has not been started.");
        set => _base = value;
    }

    public bool IsHttps => Base.StartsWith("https:", StringComparison.Ordinal);
    public string Host => new Uri(Base).Host;
    public string RequestUri(string requestId) => $"{Base}/wallet/requests/{requestId}";
    public string ResponseUri(string requestId) => $"{Base}/wallet/responses/{requestId}";
    public string Page(string id) => $"{Base}/v/{id}";
}
