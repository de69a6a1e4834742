namespace Credentials.Tests.Shared;

/// <summary>Runs the scripts of <c>tests/Interop</c>, which drive other people's npm libraries.</summary>
public static class NodeScript
{
    /// <summary>The folder of package.json and node_modules.</summary>
    public static string Folder { get; } = RepositoryRoot.Combine("tests", "Interop");

    /// <summary>Why scripts cannot run here, or null when they can.</summary>
    public static string? MissingReason { get; } = FindMissing();

    /// <summary>Runs a script (path relative to <see cref="Folder"/>) to its end; skips the test where Node or its packages are missing.</summary>
    public static Task<ShellResult> RunAsync(
        string script,
        IEnumerable<string> arguments,
        IReadOnlyDictionary<string, string>? environment = null,
        CancellationToken cancellationToken = default)
    {
        SkipWhenMissing();
        return Shell.RunAsync("node", [script, .. arguments], Folder, environment, input: null, cancellationToken);
    }

    /// <summary>Starts a script that serves; dispose it to stop it.</summary>
    public static RunningScript Start(
        string script, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        SkipWhenMissing();
        return new RunningScript(Shell.Start("node", [script, .. arguments], Folder, environment));
    }

    public static void SkipWhenMissing() => Assert.SkipWhen(MissingReason is not null, MissingReason ?? "");

    private static string? FindMissing()
    {
        if (Shell.Find("node") is null)
            return "Node is not installed.";
        return Directory.Exists(Path.Combine(Folder, "node_modules")) ? null : "tests/Interop/node_modules is missing: run npm install there.";
    }
}
