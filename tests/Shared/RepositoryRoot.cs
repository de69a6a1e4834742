namespace Credentials.Tests.Shared;

/// <summary>Where the checkout is, found from the test assembly upwards.</summary>
public static class RepositoryRoot
{
    public static string FullPath { get; } = Find();

    /// <summary>A path inside the checkout, from its parts.</summary>
    public static string Combine(params string[] parts) => Path.Combine([FullPath, .. parts]);

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "Credentials.sln")))
                return folder.FullName;
        throw new InvalidOperationException($"No Credentials.sln above {AppContext.BaseDirectory}.");
    }
}
