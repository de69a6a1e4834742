using System.Net;
using Credentials.Trust;

namespace Credentials.Verifier.Http;

/// <summary>All options are checked together at start, and every fault is named at once.</summary>
internal static class OptionsCheck
{
    public static void Run(VerifierHostOptions options)
    {
        var faults = Faults(options).ToList();
        if (faults.Count > 0)
            throw new VerifierStartException(string.Join("; ", faults));
    }

    private static IEnumerable<string> Faults(VerifierHostOptions o)
    {
        if (string.IsNullOrWhiteSpace(o.DataFolder))
            yield return "the data folder is empty";
        if (o.Port is < 0 or > 65535)
            yield return "the port must be 0 to 65535";
        if (o.PublicUrl is { } url && !IsPublicUrl(url))
            yield return "the public URL must be https (http on loopback only), without query, fragment, user or trailing slash";
        if (o.Connection is { } connection && string.IsNullOrWhiteSpace(connection))
            yield return "the connection string is empty";
        foreach (var file in o.TrustFiles.Where(f => !File.Exists(f)))
            yield return $"the trust file {file} does not exist";
        foreach (var issuer in o.TrustUrls.Where(url => !IsIssuerUrl(url)))
            yield return $"the trusted issuer {issuer} is no https URL without query and fragment";
        if (o.PolicyFolder is { } folder && !Directory.Exists(folder))
            yield return $"the policy folder {folder} does not exist";
        foreach (var file in new[] { o.AttestationFile, o.VerifierInfoFile }.Where(f => f is not null && !File.Exists(f)))
            yield return $"the file {file} does not exist";
        if (o.PartiesFile is { } parties && !File.Exists(parties))
            yield return $"the parties file {parties} does not exist";
        if (o.Scopes?.All(ApiScopes.All.Contains) == false)
            yield return $"scopes are {string.Join(", ", ApiScopes.All)}";
        if (o.RelyingParty.Length is 0 or > 128)
            yield return "the relying party's name must have 1 to 128 characters";
        if (o.ApiKeyName is { } keyName && (string.IsNullOrWhiteSpace(keyName) || keyName.Length > Storage.ApiKeyRow.MaxName))
            yield return $"the API key's name must have 1 to {Storage.ApiKeyRow.MaxName} characters";
        if (string.IsNullOrWhiteSpace(o.Name) || o.Name.Length > 200)
            yield return "the verifier's name must have 1 to 200 characters";
        if (o.TransactionLifetime < TimeSpan.FromSeconds(1) || o.TransactionLifetime > TimeSpan.FromHours(1))
            yield return "the transaction lifetime must be 1 second to 1 hour";
        if (o.Retention < TimeSpan.Zero || o.Retention > TimeSpan.FromDays(30))
            yield return "the retention must be 0 to 30 days";
        if (o.StatusMaxAge < TimeSpan.Zero || o.StatusMaxAge > TimeSpan.FromDays(1))
            yield return "the status age must be 0 to 24 hours";
        if (o.OfflineMaxAge < TimeSpan.Zero || o.OfflineMaxAge > TimeSpan.FromDays(7))
            yield return "the offline age must be 0 to 7 days";
        if (o.OfflineStoreMegabytes is < 0 or > 1 << 20)
            yield return "the offline store must be 0 to 1048576 MiB";
        foreach (var proxy in o.TrustedProxies.Where(proxy => !TrustedProxies.TryRead(proxy, out _)))
            yield return $"the trusted proxy {proxy} is no address and no network, as 10.0.0.5 or 10.0.0.0/24";
        foreach (var host in o.WebhookHosts.Where(host => Webhooks.WebhookHosts.Read(host) is null))
            yield return $"the webhook host {host} is no host name with an optional port";
        if (o.RequestsPerMinute < 1 || o.WrongSecretsPerMinute < 1)
            yield return "the rate limits must be at least 1 per minute";
    }

    private static bool IsIssuerUrl(string text)
    {
        try
        {
            TrustAnchor.ForIssuerUrl(text);
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    public static bool IsPublicUrl(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri)
        && (uri.Scheme == Uri.UriSchemeHttps || (uri.Scheme == Uri.UriSchemeHttp && IsLoopback(uri)))
        && uri.Query == "" && uri.Fragment == "" && uri.UserInfo == "" && !text.EndsWith('/');

    public static bool IsLoopback(Uri uri) =>
        uri.Host == "localhost" || (IPAddress.TryParse(uri.Host.Trim('[', ']'), out var ip) && IPAddress.IsLoopback(ip));
}
