using System.Text.Json;
using Credentials.Codecs;

namespace Credentials.Cli.Vectors;

/// <summary>The scenarios below a directory, and which of them are known not to come out as published, with the reason.</summary>
internal sealed class ScenarioFolder
{
    private const string SkipsFile = "skips.json";
    private const string RootName = "test-vectors";

    // What lies beside scenarios and is none.
    private static readonly string[] OtherFolders = ["reports", "schema", "keys", "tools"];

    private ScenarioFolder(IReadOnlyList<string> files, IReadOnlyDictionary<string, string> skips, bool skipsAreComplete)
    {
        Files = files;
        Skips = skips;
        SkipsAreComplete = skipsAreComplete;
    }

    internal IReadOnlyList<string> Files { get; }

    /// <summary>Scenario id to reason.</summary>
    internal IReadOnlyDictionary<string, string> Skips { get; }

    /// <summary>Whether the list of skips stands in this very directory, so that each of them must be found below it.</summary>
    internal bool SkipsAreComplete { get; }

    internal static ScenarioFolder Open(string path)
    {
        if (!Directory.Exists(path))
            throw CommandException.Usage($"{TextSafety.ForTerminal(path)} is no directory", "credentials vectors run test-vectors");
        var full = Path.GetFullPath(path);
        var files = Directory.EnumerateFiles(full, "*.json", SearchOption.AllDirectories).Where(file => IsScenario(full, file)).Order(StringComparer.Ordinal).ToList();
        if (files.Count == 0)
            throw CommandException.Usage($"{TextSafety.ForTerminal(path)} has no test vectors in it", "credentials vectors run test-vectors");
        var skips = FindSkips(full);
        return new ScenarioFolder(files, skips is null ? new Dictionary<string, string>() : ReadSkips(skips), Path.GetDirectoryName(skips) == full);
    }

    private static bool IsScenario(string root, string file)
    {
        var parts = Path.GetRelativePath(root, file).Split(Path.DirectorySeparatorChar);
        return parts[^1] != SkipsFile && !parts[..^1].Any(OtherFolders.Contains);
    }

    private static string? FindSkips(string full)
    {
        for (var folder = new DirectoryInfo(full); folder is not null; folder = folder.Parent)
        {
            var file = Path.Combine(folder.FullName, SkipsFile);
            if (File.Exists(file) && (folder.FullName == full || folder.Name == RootName))
                return file;
        }
        return null;
    }

    private static Dictionary<string, string> ReadSkips(string file) =>
        StrictJson.ParseObject(File.ReadAllBytes(file)).EnumerateObject().ToDictionary(
            skip => skip.Name,
            skip => skip.Value.ValueKind == JsonValueKind.String && skip.Value.GetString() is { Length: > 0 } reason
                ? reason
                : throw new MalformedDataException(CliCodes.VectorMalformed, $"{SkipsFile} gives no reason for {TextSafety.ForTerminal(skip.Name)}."),
            StringComparer.Ordinal);
}
