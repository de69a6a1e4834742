using Credentials.Cli.Assistant;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Credentials.Cli.Verbs;

internal static class WalletMcpVerb
{
    private const string Name = "credentials-wallet";

    internal static async Task<int> RunAsync(CommandContext context)
    {
        await using var access = await WalletAccess.OpenAsync(context);
        var tools = new McpServerPrimitiveCollection<McpServerTool>();
        foreach (var tool in new AssistantTools(access.Wallet, context.Time).All) tools.Add(tool);
        var options = new McpServerOptions
        {
            ServerInfo = new Implementation
            {
                Name = Name,
                Version = typeof(WalletMcpVerb).Assembly.GetName().Version?.ToString(3) ?? "0",
            },
            ServerInstructions = AssistantTools.Instructions,
            ToolCollection = tools,
        };
        await using var server = McpServer.Create(new StdioServerTransport(Name), options);
        await server.RunAsync(context.Cancelled);
        return ExitCode.Done;
    }
}
