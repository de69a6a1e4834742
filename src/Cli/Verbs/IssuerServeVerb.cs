using System.Globalization;
using System.Text.Json.Nodes;
using Credentials.Issuer;
using Credentials.Issuer.Http;

namespace Credentials.Cli.Verbs;

internal static class IssuerServeVerb
{
    internal static async Task<int> RunAsync(CommandContext context)
    {
        var arguments = context.Arguments;
        try
        {
            await using var host = await IssuerHost.BuildAsync(
                new IssuerHostOptions
                {
                    DataFolder = arguments.Required("--data"),
                    Port = ServePort.Read(arguments),
                    PublicUrl = arguments.Value("--public-url"),
                    Connection = arguments.Value("--connection"),
                    CatalogFolder = arguments.Value("--catalog"),
                    NewApiKey = arguments.Flag("--new-api-key"),
                    TelemetryCollector = ServePort.ReadCollector(arguments),
                    ListenOnAllAddresses = arguments.Flag("--any-address"),
                    JsonLogs = arguments.Flag("--json-logs"),
                    Configure = options =>
                    {
                        options.VcApi |= arguments.Flag("--vc-api");
                        options.TrustedProxies.AddRange(arguments.Values("--trusted-proxy"));
                    },
                    Time = context.Time,
                },
                context.Cancelled);
            await host.StartAsync(context.Cancelled);
            ServePort.Announce(context, "issuer", host.Url, host.ApiKey, host.TrustPath);
            await host.WaitForShutdownAsync(context.Cancelled);
            return ExitCode.Done;
        }
        catch (IssuerStartException e)
        {
            throw new CommandException(ExitCode.CouldNotFinish, TextSafety.ForTerminal(e.Message));
        }
    }
}

/// <summary>What both services say when they are ready.</summary>
internal static class ServePort
{
    internal static int Read(Arguments arguments) => (int)arguments.Number("--port", 1, 65535)!;

    /// <exception cref="CommandException">The value is no http or https URL.</exception>
    internal static Uri? ReadCollector(Arguments arguments)
    {
        if (arguments.Value("--telemetry") is not { } text) return null;
        return Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https"
            ? url
            : throw new CommandException(ExitCode.Usage, "--telemetry must be an http or https URL.");
    }

    internal static void Announce(CommandContext context, string name, string url, string? apiKey, string trust, IReadOnlyDictionary<string, string>? partyKeys = null)
    {
        if (context.Json)
        {
            var ready = new JsonObject { ["event"] = "ready", ["url"] = url };
            if (apiKey is not null) ready["api_key"] = apiKey;
            if (partyKeys?.Count > 0) ready["api_keys"] = new JsonObject(partyKeys.Select(key => KeyValuePair.Create(key.Key, (JsonNode?)key.Value)));
            ready["trust"] = trust;
            context.Terminal.JsonLine(ready);
            return;
        }
        context.Terminal.Line($"The {name} is ready at {url}");
        context.Terminal.Line(string.Create(CultureInfo.InvariantCulture, $"Others must trust  {trust}"));
        if (apiKey is not null) context.Terminal.Line($"API key, shown once  {apiKey}");
        foreach (var (party, key) in partyKeys ?? new Dictionary<string, string>()) context.Terminal.Line($"API key of {party}, shown once  {key}");
    }
}
