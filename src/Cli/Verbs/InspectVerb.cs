using Credentials.Cli.Inspection;
using Credentials.Codecs;

namespace Credentials.Cli.Verbs;

internal static class InspectVerb
{
    internal static async Task<int> RunAsync(CommandContext context)
    {
        var description = Inspector.Describe(await Subject.ReadAsync(context));
        if (context.Json)
        {
            context.Terminal.Json(description);
            return ExitCode.Done;
        }
        context.Terminal.Line("NOT VERIFIED: this only shows what is written there. `credentials verify` checks it.");
        JsonView.Print(StrictJson.ToElement(description), context.Terminal, "");
        return ExitCode.Done;
    }
}
