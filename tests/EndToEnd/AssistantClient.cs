using System.Text.Json;
using Credentials.Codecs;
using Credentials.Tests.Shared;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace Credentials.EndToEnd.Tests;

/// <summary>An assistant's program at the wallet of a folder, by the protocol's own client, and everything that its model got to see.</summary>
internal sealed class AssistantClient : IAsyncDisposable
{
    private readonly McpClient _client;

    private AssistantClient(McpClient client) => _client = client;

    /// <summary>The answers of all tools.</summary>
    public List<string> Seen { get; } = [];

    /// <param name="home">The wallet's folder.</param>
    /// <param name="person">Answers what the person is asked; null: the program cannot ask.</param>
    /// <param name="opensAddresses">The program says that it can have the person open an address.</param>
    /// <param name="options">More options of the command.</param>
    public static Task<AssistantClient> StartAsync(
        string home, Func<ElicitRequestParams, CancellationToken, ValueTask<ElicitResult>>? person, bool opensAddresses = false, params string[] options) =>
        ConnectAsync(
            new StdioClientTransport(new StdioClientTransportOptions
            {
                Command = CliProgram.Location,
                Arguments = ["wallet", "mcp", "--home", home, .. options],
                EnvironmentVariables = new Dictionary<string, string?>
                {
                    ["CREDENTIALS_ALLOW_LOOPBACK_HTTP"] = "1",
                    ["CREDENTIALS_WALLET_PASSPHRASE"] = "only for tests",
                },
            }),
            person, opensAddresses);

    /// <summary>Over a connection of the test's own.</summary>
    public static async Task<AssistantClient> ConnectAsync(
        IClientTransport transport, Func<ElicitRequestParams, CancellationToken, ValueTask<ElicitResult>>? person, bool opensAddresses = false)
    {
        var options = new McpClientOptions();
        if (person is not null)
        {
            options.Handlers.ElicitationHandler = (question, cancelled) => person(question!, cancelled);
            if (opensAddresses) options.Capabilities = new ClientCapabilities { Elicitation = new ElicitationCapability { Form = new(), Url = new() } };
        }
        return new AssistantClient(await McpClient.CreateAsync(transport, options, cancellationToken: TestContext.Current.CancellationToken));
    }

    public async Task<JsonElement> CallAsync(string tool, params (string Name, object? Value)[] arguments)
    {
        var result = await _client.CallToolAsync(
            tool, arguments.ToDictionary(argument => argument.Name, argument => argument.Value), cancellationToken: TestContext.Current.CancellationToken);
        var text = Assert.IsType<TextContentBlock>(Assert.Single(result.Content)).Text;
        Assert.True(result.IsError is not true, text);
        Seen.Add(text);
        return StrictJson.Parse(text);
    }

    /// <summary>The person's yes, or a form that was sent with the box left empty.</summary>
    public static ElicitResult Answer(bool confirm, string? code = null)
    {
        var content = new Dictionary<string, JsonElement> { ["confirm"] = StrictJson.Parse(confirm ? "true" : "false") };
        if (code is not null) content["transaction_code"] = StrictJson.Parse($"\"{code}\"");
        return new ElicitResult { Action = "accept", Content = content };
    }

    public static ElicitResult Decline { get; } = new() { Action = "decline" };

    public ValueTask DisposeAsync() => _client.DisposeAsync();
}
