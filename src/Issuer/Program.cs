using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.Issuer.Http;

namespace Credentials.Issuer;

/// <summary>Runs one issuer: <c>--data DIR --port N [--public-url URL] [--connection STRING] [--catalog DIR] [--new-api-key] [--any-address] [--json-logs]</c>.</summary>
internal static class Program
{
    private static async Task<int> Main(string[] args)
    {
        IssuerHostOptions options;
        try
        {
            options = ReadArguments(args);
        }
        catch (ArgumentException e)
        {
            await Console.Error.WriteLineAsync($"error: {e.Message}");
            return 2;
        }

        try
        {
            await using var host = await IssuerHost.BuildAsync(options);
            await host.StartAsync();
            var ready = new JsonObject { ["event"] = "ready", ["url"] = host.Url, ["trust"] = host.TrustPath };
            if (host.ApiKey is not null)
                ready["api_key"] = host.ApiKey;
            await Console.Out.WriteLineAsync(StrictJson.ToText(ready));
            await host.WaitForShutdownAsync();
            return 0;
        }
        catch (Exception e) when (e is IssuerStartException or IOException)
        {
            await Console.Error.WriteLineAsync($"error: {e.Message}");
            return 3;
        }
    }

    private static IssuerHostOptions ReadArguments(string[] args)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var i = 0; i < args.Length; i++)
        {
            if (args[i] is "--new-api-key" or "--any-address" or "--json-logs")
                values[args[i]] = "";
            else if (args[i] is "--data" or "--port" or "--public-url" or "--connection" or "--catalog" && i + 1 < args.Length)
                values[args[i]] = args[++i];
            else
                throw new ArgumentException($"'{args[i]}' is not an option, or its value is missing.");
        }

        if (!values.TryGetValue("--data", out var data) || !values.TryGetValue("--port", out var port) || !ushort.TryParse(port, out var number) || number == 0)
            throw new ArgumentException("--data DIR and --port N are needed.");
        return new IssuerHostOptions
        {
            DataFolder = data,
            Port = number,
            PublicUrl = values.GetValueOrDefault("--public-url"),
            Connection = values.GetValueOrDefault("--connection"),
            CatalogFolder = values.GetValueOrDefault("--catalog"),
            NewApiKey = values.ContainsKey("--new-api-key"),
            ListenOnAllAddresses = values.ContainsKey("--any-address"),
            JsonLogs = values.ContainsKey("--json-logs"),
        };
    }
}
