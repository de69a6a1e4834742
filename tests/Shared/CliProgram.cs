namespace Credentials.Tests.Shared;

/// <summary>The built command line, run as a process of its own.</summary>
public static class CliProgram
{
    private static readonly Dictionary<string, string> _environment = new()
    {
        ["CREDENTIALS_ALLOW_LOOPBACK_HTTP"] = "1",
        ["CREDENTIALS_WALLET_PASSPHRASE"] = "only for tests",
        ["CREDENTIALS_FILE_PASSPHRASE"] = "only for files of tests",
    };

    /// <summary>The program beside the tests; a test project that uses it refers to src/Cli.</summary>
    public static string Location { get; } = Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "Credentials.Cli.exe" : "Credentials.Cli");

    /// <summary>Runs it to its end; fails when it shows a stack trace, whatever it was given.</summary>
    public static Task<ShellResult> RunAsync(params IEnumerable<string> arguments) => RunWithInputAsync(null, arguments);

    /// <inheritdoc cref="RunAsync"/>
    public static Task<ShellResult> RunWithInputAsync(string? input, params IEnumerable<string> arguments) => RunToEndAsync(input, [], arguments);

    /// <summary>The same with more in its environment.</summary>
    public static Task<ShellResult> RunWithAsync(IEnumerable<KeyValuePair<string, string>> environment, params IEnumerable<string> arguments) =>
        RunToEndAsync(null, environment, arguments);

    private static async Task<ShellResult> RunToEndAsync(string? input, IEnumerable<KeyValuePair<string, string>> environment, IEnumerable<string> arguments)
    {
        using var guard = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        guard.CancelAfter(TimeSpan.FromMinutes(3));
        var result = await Shell.RunAsync(Location, arguments, environment: _environment.Concat(environment).ToDictionary(), input: input, cancellationToken: guard.Token);
        Assert.DoesNotContain("   at ", result.Stderr, StringComparison.Ordinal);
        Assert.DoesNotContain("Unhandled", result.Stderr, StringComparison.Ordinal);
        Assert.DoesNotContain("unexpected failure", result.Stderr, StringComparison.Ordinal);
        return result;
    }

    /// <summary>Starts a command that serves; dispose it to stop it.</summary>
    public static RunningScript Start(params IEnumerable<string> arguments) => StartWith([], arguments);

    /// <summary>Starts a command that serves, with more in its environment.</summary>
    public static RunningScript StartWith(IEnumerable<KeyValuePair<string, string>> environment, params IEnumerable<string> arguments) =>
        new(Shell.Start(Location, arguments, environment: _environment.Concat(environment).ToDictionary()));
}
