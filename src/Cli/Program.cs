using System.CommandLine;

namespace Credentials.Cli;

internal static class Program
{
    private static Task<int> Main(string[] args) =>
        new RootCommand("Issue, hold, present and verify digital credentials.").Parse(args).InvokeAsync();
}
