using System.Globalization;
using Credentials.StatusLists;

namespace Credentials.Cli.Verbs;

internal static class StatusCreateVerb
{
    private const int LargestInBits = 16 * 1024 * 1024 * 8;

    internal static Task<int> RunAsync(CommandContext context)
    {
        var bits = int.Parse(context.Arguments.Required("--bits"), CultureInfo.InvariantCulture);
        var size = context.Arguments.Number("--size", 1, LargestInBits / bits)!.Value;
        var path = context.Arguments.Required("--out");
        OutputFiles.RequireNew(path);
        StatusListFile.Save(path, StatusList.Create(bits, (int)size));
        return Task.FromResult(ExitCode.Done);
    }
}
