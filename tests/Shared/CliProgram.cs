using System.Text;

namespace Credentials.Tests.Shared;

/// <summary>
/// The built command line. What is started by itself or given an environment of its own is a process of its own; other commands run inside the tests'
/// where a test project has said how: starting hundreds of processes takes longer than what they do.
/// </summary>
public static class CliProgram
{
    private static Func<string[], Stream, TextWriter, TextWriter, CancellationToken, Task<int>>? _inside;

    private static readonly Dictionary<string, string> _environment = new()
    {
        ["CREDENTIALS_ALLOW_LOOPBACK_HTTP"] = "1",
        ["CREDENTIALS_WALLET_PASSPHRASE"] = "only for tests",
        ["CREDENTIALS_FILE_PASSPHRASE"] = "only for files of tests",
    };

    /// <summary>The program beside the tests; a test project that uses it refers to src/Cli.</summary>
    public static string Location { get; } = Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "Credentials.Cli.exe" : "Credentials.Cli");

    /// <summary>From now on commands run inside this process.</summary>
    /// <param name="run">Runs one with these arguments, standard input, output and error, and returns its exit code.</param>
    public static void RunInside(Func<string[], Stream, TextWriter, TextWriter, CancellationToken, Task<int>> run)
    {
        foreach (var (name, value) in _environment) Environment.SetEnvironmentVariable(name, value);
        Directory.SetCurrentDirectory(RepositoryRoot.FullPath);
        _inside = run;
    }

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
        var own = environment.ToDictionary();
        var result = _inside is { } run && own.Count == 0
            ? await RunInsideAsync(run, input, arguments, guard.Token)
            : await Shell.RunAsync(Location, arguments, environment: _environment.Concat(own).ToDictionary(), input: input, cancellationToken: guard.Token);
        Assert.DoesNotContain("   at ", result.Stderr, StringComparison.Ordinal);
        Assert.DoesNotContain("Unhandled", result.Stderr, StringComparison.Ordinal);
        Assert.DoesNotContain("unexpected failure", result.Stderr, StringComparison.Ordinal);
        return result;
    }

    private static async Task<ShellResult> RunInsideAsync(
        Func<string[], Stream, TextWriter, TextWriter, CancellationToken, Task<int>> run, string? input, IEnumerable<string> arguments, CancellationToken cancellationToken)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        using var stdin = new MemoryStream(Encoding.UTF8.GetBytes(input ?? ""));
        var exitCode = await Task.Run(() => run([.. arguments], stdin, output, error, cancellationToken), cancellationToken);
        return new ShellResult(exitCode, output.ToString(), error.ToString());
    }

    /// <summary>Starts a command that serves with <c>--json</c>, and waits until it does.</summary>
    public static Task<ServingCommand> ServeAsync(params IEnumerable<string> arguments)
    {
        string[] words = [.. arguments];
        return _inside is { } run
            ? ServingCommand.InsideAsync((input, output, error, stop) => run(words, input, output, error, stop))
            : ServingCommand.OfAsync(Start(words));
    }

    /// <summary>The same with more in its environment, and therefore in a process of its own.</summary>
    public static Task<ServingCommand> ServeWithAsync(IEnumerable<KeyValuePair<string, string>> environment, params IEnumerable<string> arguments) =>
        ServingCommand.OfAsync(StartWith(environment, arguments));

    /// <summary>Starts a command as a process of its own; dispose it to kill it.</summary>
    public static RunningScript Start(params IEnumerable<string> arguments) => StartWith([], arguments);

    /// <summary>The same with more in its environment.</summary>
    public static RunningScript StartWith(IEnumerable<KeyValuePair<string, string>> environment, params IEnumerable<string> arguments) =>
        new(Shell.Start(Location, arguments, environment: _environment.Concat(environment).ToDictionary()));
}
