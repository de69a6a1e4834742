namespace Credentials.Cli;

/// <summary>A command ends with this exit code, an <c>error:</c> line and perhaps a <c>hint:</c> line.</summary>
internal sealed class CommandException(int exitCode, string message, string? hint = null) : Exception(message)
{
    internal int ExitCode => exitCode;

    internal string? Hint => hint;

    internal static CommandException Usage(string message, string? hint = null) => new(Cli.ExitCode.Usage, message, hint);
}
