using System.Text.Json;
using Credentials.Verifier.Http;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Credentials.Cli.Assistant;

/// <summary>
/// Asks the person, past the model: by an elicitation, which the assistant's program shows to its user. What is asked is written by the
/// wallet from what it verified; nothing that the model said is in it.
/// </summary>
internal static class HolderConfirmation
{
    private const string Confirm = "confirm";
    private const string Code = "transaction_code";

    /// <summary>Throws unless the person says yes.</summary>
    /// <param name="needsCode">Whether a transaction code is asked for as well; it is returned, and the model does not see it.</param>
    /// <exception cref="AssistantRefusal">The person does not, or cannot be asked.</exception>
    internal static async Task<string?> AskAsync(McpServer server, string question, bool needsCode, CancellationToken cancelled)
    {
        if (server.ClientCapabilities?.Elicitation is null) throw new AssistantRefusal(AssistantCodes.CannotConfirm);
        var schema = new ElicitRequestParams.RequestSchema
        {
            Properties = new Dictionary<string, ElicitRequestParams.PrimitiveSchemaDefinition>
            {
                [Confirm] = new ElicitRequestParams.BooleanSchema { Title = "Yes, do it" },
            },
            Required = [Confirm],
        };
        if (needsCode)
        {
            schema.Properties[Code] = new ElicitRequestParams.StringSchema
            {
                Title = "Transaction code",
                MaxLength = 64,
            };
            schema.Required = [Confirm, Code];
        }
        var answer = await AskAsync(server, new ElicitRequestParams
        {
            Message = question,
            RequestedSchema = schema,
        }, cancelled);
        if (!answer.IsAccepted || Find(answer, Confirm) is not { ValueKind: JsonValueKind.True }) throw new AssistantRefusal(AssistantCodes.NotConfirmed);
        return needsCode && Find(answer, Code) is { ValueKind: JsonValueKind.String } code ? code.GetString() : null;
    }

    /// <summary>
    /// Has the person open an address: by an elicitation of the mode that is for this, where the assistant's program can do that; else it
    /// stands in the question. Throws unless the person says yes; that they went there is not known from it.
    /// </summary>
    /// <exception cref="AssistantRefusal">The person does not, or cannot be asked.</exception>
    internal static async Task LeadAsync(McpServer server, Uri address, string why, CancellationToken cancelled)
    {
        if (server.ClientCapabilities?.Elicitation?.Url is null)
        {
            await AskAsync(server, $"{why} Open this link in a browser on this machine: {address.AbsoluteUri}", needsCode: false, cancelled);
            return;
        }
        var answer = await AskAsync(server, new ElicitRequestParams
        {
            Mode = "url",
            ElicitationId = RandomToken.New(),
            Url = address.AbsoluteUri,
            Message = why,
        }, cancelled);
        if (!answer.IsAccepted) throw new AssistantRefusal(AssistantCodes.NotConfirmed);
    }

    private static JsonElement? Find(ElicitResult answer, string name) => answer.Content?.TryGetValue(name, out var value) == true ? value : null;

    private static async Task<ElicitResult> AskAsync(McpServer server, ElicitRequestParams question, CancellationToken cancelled)
    {
        try
        {
            return await server.ElicitAsync(question, cancelled);
        }
        catch (Exception e) when (e is McpException or InvalidOperationException)
        {
            throw new AssistantRefusal(AssistantCodes.CannotConfirm);
        }
    }
}
