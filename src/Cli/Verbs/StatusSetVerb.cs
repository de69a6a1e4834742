namespace Credentials.Cli.Verbs;

internal static class StatusSetVerb
{
    internal static async Task<int> RunAsync(CommandContext context)
    {
        var path = context.Arguments.RequiredPositional(0);
        if ((await InputFiles.ReadAsync(path, context)).AsSpan().TrimStart(" \t\r\n"u8) is not [(byte)'{', ..])
            throw CommandException.Usage("only a list made with `status create` can be changed, not a signed token");
        var list = await StatusListFile.LoadAsync(path, context);
        var index = StatusListFile.ReadIndex(context.Arguments.RequiredPositional(1), list);
        if (!Arguments.TryReadNumber(context.Arguments.RequiredPositional(2), 0, list.MaxValue, out var value))
            throw CommandException.Usage($"VALUE is from 0 to {list.MaxValue} in a list of {list.Bits} bits");
        list[index] = (byte)value;
        StatusListFile.Save(path, list);
        return ExitCode.Done;
    }
}
