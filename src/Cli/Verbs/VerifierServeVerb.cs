using System.Net;
using Credentials.Verifier;
using Credentials.X509;

namespace Credentials.Cli.Verbs;

internal static class VerifierServeVerb
{
    internal static async Task<int> RunAsync(CommandContext context)
    {
        var arguments = context.Arguments;
        var options = new VerifierHostOptions
        {
            DataFolder = arguments.Required("--data"),
            Port = ServePort.Read(arguments),
            PublicUrl = arguments.Value("--public-url"),
            Connection = arguments.Value("--connection"),
            TrustFiles = arguments.Values("--trust"),
            TrustUrls = arguments.Values("--trust-url"),
            PolicyFolder = arguments.Value("--policies"),
            PartiesFile = arguments.Value("--parties"),
            VcApi = arguments.Flag("--vc-api"),
            AcceptsDataModelV1 = arguments.Flag("--data-model-1.1"),
            AttestationFile = arguments.Value("--attestation"),
            VerifierInfoFile = arguments.Value("--verifier-info"),
            Scopes = arguments.Values("--scopes") is { Count: > 0 } scopes ? scopes : null,
            WebhookHosts = arguments.Values("--webhook-host"),
            NewApiKey = arguments.Flag("--new-api-key"),
            ApiKeyName = arguments.Value("--api-key-name"),
            JsonLogs = arguments.Flag("--json-logs"),
            Bind = arguments.Flag("--any-address") ? IPAddress.Any : null,
            TelemetryCollector = ServePort.ReadCollector(arguments),
            TrustedProxies = arguments.Values("--trusted-proxy"),
            AllowLoopbackHttp = Network.AllowsLoopbackHttp,
            Time = context.Time,
        };
        if (arguments.Value("--revocation") is { } word) options = options with { Revocation = CrlPolicy.Named(word)! };
        if (arguments.Number("--requests-per-minute", 1, 10_000_000) is { } requests) options = options with { RequestsPerMinute = (int)requests };
        if (arguments.Number("--offline-max-age", 0, 604_800) is { } age) options = options with { OfflineMaxAge = TimeSpan.FromSeconds(age) };
        if (arguments.Number("--offline-store", 0, 1 << 20) is { } megabytes) options = options with { OfflineStoreMegabytes = (int)megabytes };
        if (arguments.Value("--name") is { } name) options = options with { Name = name };
        if (arguments.Value("--relying-party") is { } party) options = options with { RelyingParty = party };
        try
        {
            await using var host = await VerifierHost.BuildAsync(options, cancellationToken: context.Cancelled);
            ServePort.Announce(context, "verifier", host.Ready.Url, host.Ready.ApiKey, host.Ready.Trust, host.Ready.PartyKeys);
            await host.RunAsync(context.Cancelled);
            return ExitCode.Done;
        }
        catch (VerifierStartException e)
        {
            throw new CommandException(ExitCode.CouldNotFinish, TextSafety.ForTerminal(e.Message));
        }
    }
}
