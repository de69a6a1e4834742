using System.Text.Json.Nodes;
using Credentials.Codecs;

namespace Credentials.Cli.Verbs;

/// <summary><c>issuer revoke</c>, <c>suspend</c> and <c>resume</c>: done when the changed list is being served.</summary>
internal static class IssuerStatusVerb
{
    internal static Task<int> RevokeAsync(CommandContext context) => RunAsync(context, "revoked");

    internal static Task<int> SuspendAsync(CommandContext context) => RunAsync(context, "suspended");

    internal static Task<int> ResumeAsync(CommandContext context) => RunAsync(context, "valid");

    private static async Task<int> RunAsync(CommandContext context, string status)
    {
        var id = context.Arguments.RequiredPositional(0);
        var body = new JsonObject { ["status"] = status };
        if (context.Arguments.Value("--reason") is { } reason) body["reason"] = reason;
        using var service = ServiceClient.Open(context);
        var credential = await service.PostAsync($"/agency/v1/credentials/{Uri.EscapeDataString(id)}/status?wait=published", body);
        if (context.Json) context.Terminal.Json(StrictJson.ToNode(credential)!);
        else context.Terminal.Line(TextSafety.ForTerminal($"{id} is {credential.RequireString("status")}, and verifiers can see it"));
        return ExitCode.Done;
    }
}
