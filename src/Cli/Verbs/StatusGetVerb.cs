using System.Globalization;
using System.Text.Json.Nodes;

namespace Credentials.Cli.Verbs;

internal static class StatusGetVerb
{
    internal static async Task<int> RunAsync(CommandContext context)
    {
        var list = await StatusListFile.LoadAsync(context.Arguments.RequiredPositional(0), context);
        var index = StatusListFile.ReadIndex(context.Arguments.RequiredPositional(1), list);
        if (context.Json)
            context.Terminal.Json(new JsonObject { ["index"] = index, ["value"] = list[index], ["meaning"] = Meaning(list[index]) });
        else
            context.Terminal.Line($"{list[index].ToString(CultureInfo.InvariantCulture)} {Meaning(list[index])}");
        return ExitCode.Done;
    }

    // Token Status List §7.1.
    private static string Meaning(byte value) => value switch
    {
        0 => "valid",
        1 => "revoked",
        2 => "suspended",
        _ => "application-specific",
    };
}
