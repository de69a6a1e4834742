namespace Credentials.Tests.Shared;

/// <summary>What a program left behind.</summary>
public sealed record ShellResult(int ExitCode, string Stdout, string Stderr)
{
    /// <summary>Fails with everything the program said unless it ended with 0; returns its standard output.</summary>
    public string Succeeded()
    {
        Assert.True(ExitCode == 0, $"exit code {ExitCode}\n{Stdout}\n{Stderr}");
        return Stdout;
    }
}
