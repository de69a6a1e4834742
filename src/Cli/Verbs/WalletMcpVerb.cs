using System.Text.Json.Nodes;
using Credentials.Cli.Assistant;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Credentials.Cli.Verbs;

internal static class WalletMcpVerb
{
    private const string Name = "credentials-wallet";
    private const int DefaultPort = 5104;

    internal static async Task<int> RunAsync(CommandContext context)
    {
        var isHttp = context.Arguments.Flag("--http");
        var port = context.Arguments.Number("--port", 1, 65535);
        if (!isHttp && (port is not null || context.Json)) throw CommandException.Usage("--port and --json go with --http");
        await using var access = await WalletAccess.OpenAsync(context);
        var tools = new McpServerPrimitiveCollection<McpServerTool>();
        var signIn = new AssistantSignIn(access.Wallet, LoopbackRedirect.Patience(context.Arguments), context.Arguments.Flag("--open"), context.Time);
        foreach (var tool in new AssistantTools(access.Wallet, signIn, context.Time).All) tools.Add(tool);
        void Configure(McpServerOptions options)
        {
            options.ServerInfo = new Implementation
            {
                Name = Name,
                Version = typeof(WalletMcpVerb).Assembly.GetName().Version?.ToString(3) ?? "0",
            };
            options.ServerInstructions = AssistantTools.Instructions;
            options.ToolCollection = tools;
        }
        if (!isHttp)
        {
            var options = new McpServerOptions();
            Configure(options);
            await using var server = McpServer.Create(new StdioServerTransport(Name), options);
            await server.RunAsync(context.Cancelled);
            return ExitCode.Done;
        }
        await using var http = await AssistantServer.StartAsync(Configure, (int)(port ?? DefaultPort), context.Cancelled);
        if (context.Json)
        {
            context.Terminal.JsonLine(new JsonObject { ["event"] = "ready", ["url"] = http.Url, ["token"] = http.Token });
        }
        else
        {
            context.Terminal.Line($"The assistant's program reaches the wallet at {http.Url}");
            context.Terminal.Line($"Authorization: Bearer {http.Token}");
        }
        await http.RunAsync(context.Cancelled);
        return ExitCode.Done;
    }
}
