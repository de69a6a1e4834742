using System.Collections.Concurrent;
using System.Globalization;
using System.Text;

namespace Credentials.Issuer.Http;

/// <summary>Counters and gauges in the Prometheus text format. Labels are ours (routes, types, outcomes), never a person's.</summary>
internal sealed class Metrics
{
    private static readonly Dictionary<string, string> _help = new(StringComparer.Ordinal)
    {
        ["issuer_http_requests_total"] = "Requests by route and status",
        ["issuer_offers_created_total"] = "Offers made",
        ["issuer_tokens_total"] = "Token requests by outcome",
        ["issuer_credentials_issued_total"] = "Credentials given out by type",
        ["issuer_status_changes_total"] = "Status changes by new status",
        ["issuer_status_tokens_signed_total"] = "Status list tokens signed",
    };

    private static readonly Dictionary<string, string> _gauges = new(StringComparer.Ordinal)
    {
        ["issuer_status_publisher"] = "1 where this replica signs the status lists",
        ["issuer_clock_offset_milliseconds"] = "How far this replica's clock is ahead of the database's",
    };

    private readonly ConcurrentDictionary<(string Name, string Labels), long> _counters = new();

    internal void Count(string name, string labels = "", long by = 1) => _counters.AddOrUpdate((name, labels), by, (_, old) => old + by);

    /// <summary>Sets a gauge.</summary>
    internal void Set(string name, long value) => _counters[(name, "")] = value;

    internal static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/metrics", (HttpContext http, Metrics metrics) =>
        Answers.BytesAsync(http.Response, Encoding.UTF8.GetBytes(metrics.Write()), "text/plain; version=0.0.4; charset=utf-8"));

    internal static void UseRequestCount(IApplicationBuilder app, Metrics metrics) => app.Use(async (http, next) =>
    {
        try
        {
            await next(http);
        }
        finally
        {
            var route = (http.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? "none";
            metrics.Count("issuer_http_requests_total", $"route=\"{route}\",status=\"{http.Response.StatusCode}\"");
        }
    });

    private string Write()
    {
        var text = new StringBuilder();
        foreach (var (name, help, type) in _help.Select(one => (one.Key, one.Value, "counter")).Concat(_gauges.Select(one => (one.Key, one.Value, "gauge"))))
        {
            text.Append(CultureInfo.InvariantCulture, $"# HELP {name} {help}\n# TYPE {name} {type}\n");
            foreach (var ((_, labels), value) in _counters.Where(c => c.Key.Name == name).OrderBy(c => c.Key.Labels, StringComparer.Ordinal))
                text.Append(CultureInfo.InvariantCulture, $"{name}{(labels.Length > 0 ? $"{{{labels}}}" : "")} {value}\n");
        }

        return text.ToString();
    }
}
