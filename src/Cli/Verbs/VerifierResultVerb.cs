using System.Text.Json;
using Credentials.Codecs;

namespace Credentials.Cli.Verbs;

internal static class VerifierResultVerb
{
    internal static async Task<int> RunAsync(CommandContext context)
    {
        using var service = ServiceClient.Open(context);
        var result = await service.GetAsync($"/verifications/{Uri.EscapeDataString(context.Arguments.RequiredPositional(0))}");
        if (context.Json) context.Terminal.Json(StrictJson.ToNode(result)!);
        else Print(result, context.Terminal);
        return result.RequireString("state") == "accepted" ? ExitCode.Done : ExitCode.Refused;
    }

    private static void Print(JsonElement result, Terminal terminal)
    {
        terminal.Line(TextSafety.ForTerminal(result.RequireString("state")));
        if (result.Member("report") is { ValueKind: JsonValueKind.Object } report) JsonView.Print(report, terminal, "  ");
    }
}
