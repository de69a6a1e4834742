namespace Credentials.Cli;

/// <summary>One command: its name, the synopsis its arguments are read by, one line of what it does, further notes, and the code.</summary>
internal sealed record Verb(string Name, string Synopsis, string Summary, Func<CommandContext, Task<int>> Run, string Notes = "");
