using Credentials.Tests.Shared;

namespace Credentials.Tests.Repository;

/// <summary>One C# file of the checkout: its path from the root, with forward slashes, and its lines.</summary>
internal sealed record SourceFile(string Path, string[] Lines)
{
    public string Name => System.IO.Path.GetFileNameWithoutExtension(Path);

    public string Text => string.Join('\n', Lines);
}

internal static class SourceTree
{
    /// <summary>Every C# file below a folder that a person wrote.</summary>
    public static IReadOnlyList<SourceFile> Under(string folder) =>
    [
        .. Directory.EnumerateFiles(RepositoryRoot.Combine(folder), "*.cs", SearchOption.AllDirectories)
            .Select(file => (File: file, Path: System.IO.Path.GetRelativePath(RepositoryRoot.FullPath, file).Replace('\\', '/')))
            .Where(item => !item.Path.Split('/').Any(part => part is "bin" or "obj" or "node_modules" or "Migrations"))
            .OrderBy(item => item.Path, StringComparer.Ordinal)
            .Select(item => new SourceFile(item.Path, File.ReadAllLines(item.File))),
    ];

    /// <summary>Set CREDENTIALS_UPDATE_SPEC=1 to let the tests write the pages of spec/ that are made from the sources.</summary>
    public static bool UpdateSpec => Environment.GetEnvironmentVariable("CREDENTIALS_UPDATE_SPEC") == "1";

    /// <summary>Compares a generated page with the committed one, or writes it.</summary>
    public static void AssertIsCurrent(string path, string expected)
    {
        var full = RepositoryRoot.Combine(path);
        if (UpdateSpec)
            File.WriteAllText(full, expected);
        Assert.True(
            File.Exists(full) && File.ReadAllText(full) == expected,
            $"{path} is not what the sources say. Run the tests of tests/Credentials once with CREDENTIALS_UPDATE_SPEC=1 and look at the difference.");
    }
}
