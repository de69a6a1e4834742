using System.Diagnostics;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Credentials.Issuer.Http;

/// <summary>
/// Traces and metrics by the OpenTelemetry protocol (HTTP, protobuf), where an operator names a collector. Routes, methods and outcomes are
/// told; addresses, paths and queries are not: they hold the secrets of offers and requests, or say who asked.
/// </summary>
internal static class Telemetry
{
    private static readonly string[] s_told = ["http.request.method", "http.route", "http.response.status_code", "error.type"];

    internal static void Add(IServiceCollection services, Uri? collector)
    {
        if (collector is null)
            return;
        void Send(OtlpExporterOptions exporter, string path)
        {
            exporter.Protocol = OtlpExportProtocol.HttpProtobuf;
            exporter.Endpoint = new Uri($"{collector.AbsoluteUri.TrimEnd('/')}/{path}");
        }

        services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService("credentials-issuer"))
            .WithTracing(traces => traces.AddAspNetCoreInstrumentation().AddHttpClientInstrumentation().AddProcessor(new Reduction()).AddOtlpExporter(exporter => Send(exporter, "v1/traces")))
            .WithMetrics(metrics => metrics.AddMeter("Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "System.Runtime").AddOtlpExporter(exporter => Send(exporter, "v1/metrics")));
    }

    /// <summary>Takes from a span what is not told, before it leaves the process.</summary>
    private sealed class Reduction : BaseProcessor<Activity>
    {
        public override void OnEnd(Activity data)
        {
            foreach (var (name, _) in data.TagObjects.Where(tag => !s_told.Contains(tag.Key)).ToList())
                data.SetTag(name, null);
            // Without the description, which may quote an exception.
            data.SetStatus(data.Status);
        }
    }
}
