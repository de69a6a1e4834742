using System.Text.Json.Nodes;
using Credentials.Cli.WebWallet;
using Credentials.Trust;

namespace Credentials.Cli.Verbs;

internal static class WalletServeVerb
{
    internal const int DefaultPort = 5103;

    internal static async Task<int> RunAsync(CommandContext context)
    {
        var port = (int)(context.Arguments.Number("--port", 1, 65535) ?? DefaultPort);
        await using var access = await WalletAccess.OpenAsync(context);
        await access.KeepTrustAsync("--trust-issuer", WalletAccess.IssuerPurposes, context);
        await access.KeepTrustAsync("--trust-verifier", TrustPurpose.Verifier, context);
        await using var server = await WalletServer.StartAsync(access.Wallet, port, context.Time, context.Cancelled);
        if (context.Json)
        {
            context.Terminal.JsonLine(new JsonObject { ["event"] = "ready", ["url"] = server.Session.BaseUrl, ["open"] = server.Session.OpenUrl });
        }
        else
        {
            context.Terminal.Line("The wallet is open. This link works once, in one browser on this machine:");
            context.Terminal.Line(server.Session.OpenUrl);
        }
        await server.RunAsync(context.Cancelled);
        return ExitCode.Done;
    }
}
