using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using Credentials.X509;

namespace Credentials.Verifier;

/// <summary>The service as a program of its own, set up by <c>--option value</c> or <c>CREDENTIALS_VERIFIER_OPTION</c>; the command line hosts it too.</summary>
internal static class Program
{
    private static async Task<int> Main(string[] args)
    {
        var settings = new ConfigurationBuilder().AddEnvironmentVariables("CREDENTIALS_VERIFIER_").AddCommandLine(args).Build();
        using var stop = new CancellationTokenSource();
        using var term = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        try
        {
            await using var host = await VerifierHost.BuildAsync(Read(settings), cancellationToken: stop.Token);
            var ready = new JsonObject { ["event"] = "ready", ["url"] = host.Ready.Url, ["trust"] = host.Ready.Trust };
            if (host.Ready.ApiKey is not null)
                ready["api_key"] = host.Ready.ApiKey;
            if (host.Ready.PartyKeys.Count > 0)
                ready["api_keys"] = new JsonObject(host.Ready.PartyKeys.Select(key => KeyValuePair.Create(key.Key, (JsonNode?)key.Value)));
            Console.WriteLine(ready.ToJsonString());
            await host.RunAsync(stop.Token);
            return 0;
        }
        catch (VerifierStartException e)
        {
            await Console.Error.WriteLineAsync($"error: {e.Message}");
            return 2;
        }

        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = true;
            stop.Cancel();
        }
    }

    private static VerifierHostOptions Read(IConfiguration settings)
    {
        var defaults = new VerifierHostOptions { DataFolder = settings["data"] ?? "verifier-data" };
        return defaults with
        {
            Port = settings.GetValue("port", defaults.Port),
            PublicUrl = settings["public-url"],
            Connection = settings["connection"],
            TrustFiles = settings["trust"]?.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries) ?? [],
            TrustUrls = settings["trust-url"]?.Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? [],
            Revocation = settings["revocation"] is { } word
                ? CrlPolicy.Named(word) ?? throw new VerifierStartException("revocation is if-available, required or skip")
                : defaults.Revocation,
            PolicyFolder = settings["policies"],
            PartiesFile = settings["parties"],
            OfflineMaxAge = TimeSpan.FromSeconds(settings.GetValue("offline-max-age", 0)),
            OfflineStoreMegabytes = settings.GetValue("offline-store", defaults.OfflineStoreMegabytes),
            WebhookHosts = settings["webhook-host"]?.Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? [],
            VcApi = settings.GetValue("vc-api", defaults.VcApi),
            AcceptsDataModelV1 = settings.GetValue("data-model-1.1", defaults.AcceptsDataModelV1),
            JsonLogs = settings.GetValue("json-logs", defaults.JsonLogs),
            Name = settings["name"] ?? defaults.Name,
            AllowLoopbackHttp = Environment.GetEnvironmentVariable("CREDENTIALS_ALLOW_LOOPBACK_HTTP") == "1",
        };
    }
}
