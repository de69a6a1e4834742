using Credentials.Cli.Inspection;
using Credentials.Codecs;

namespace Credentials.Cli.Verbs;

internal static class StatusShowVerb
{
    internal static async Task<int> RunAsync(CommandContext context)
    {
        var description = StatusListInspector.Describe(await StatusListFile.LoadAsync(context.Arguments.RequiredPositional(0), context));
        if (context.Json)
            context.Terminal.Json(description);
        else
            JsonView.Print(StrictJson.ToElement(description), context.Terminal, "");
        return ExitCode.Done;
    }
}
