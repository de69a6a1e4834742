using System.Text.Json.Nodes;
using Credentials.Cli.Images;

namespace Credentials.Cli.Verbs;

internal static class QrDecodeVerb
{
    internal static async Task<int> RunAsync(CommandContext context)
    {
        var text = InputFiles.ToText(await QrImage.ReadAsync(context.Arguments.RequiredPositional(0), context));
        if (context.Json)
            context.Terminal.Json(new JsonObject { ["text"] = text });
        else
            context.Terminal.Line(context.Terminal.WritesToPerson ? TextSafety.ForTerminal(text) : text);
        return ExitCode.Done;
    }
}
