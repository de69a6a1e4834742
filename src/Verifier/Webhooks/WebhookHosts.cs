namespace Credentials.Verifier.Webhooks;

/// <summary>The hosts that the operator lets webhooks be sent to: <c>HOST</c> is its https port, <c>HOST:PORT</c> another one.</summary>
internal sealed class WebhookHosts(VerifierHostOptions options)
{
    private readonly Uri[] _hosts = [.. options.WebhookHosts.Select(host => Read(host)!)];

    /// <summary>Their names, which may lead to private addresses: the operator, not the relying party, wrote them.</summary>
    public IReadOnlyList<string> Names => [.. _hosts.Select(host => host.IdnHost).Distinct(StringComparer.Ordinal)];

    public bool Allow(Uri url) => Array.Exists(_hosts, host => host.IdnHost == url.IdnHost && host.Port == url.Port);

    /// <summary>Null for what is no host with an optional port.</summary>
    public static Uri? Read(string host) =>
        Uri.TryCreate($"https://{host}/", UriKind.Absolute, out var url) && url.UserInfo == "" && url.PathAndQuery == "/" && url.Fragment == "" && host.All(c => c is > ' ' and <= '~')
            ? url
            : null;
}
