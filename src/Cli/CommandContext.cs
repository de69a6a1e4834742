namespace Credentials.Cli;

/// <summary>What a command is given: its arguments, its terminal, the clock and the signal to end.</summary>
internal sealed record CommandContext(Arguments Arguments, Terminal Terminal, TimeProvider Time, CancellationToken Cancelled)
{
    internal DateTimeOffset Now => Time.GetUtcNow();

    internal bool Json => Arguments.Flag("--json");
}
