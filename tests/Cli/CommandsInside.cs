using System.Runtime.CompilerServices;
using Credentials.Tests.Shared;

namespace Credentials.Cli.Tests;

/// <summary>Lets <see cref="CliProgram"/> run commands inside the process of the tests.</summary>
internal static class CommandsInside
{
    [ModuleInitializer]
    internal static void Use() => CliProgram.RunInside(static async (words, input, output, error, cancelled) =>
    {
        using var terminal = new Terminal(input, output, error, canAsk: false, writesToPerson: false);
        return await CommandLine.RunAsync(words, terminal, TimeProvider.System, cancelled);
    });
}
