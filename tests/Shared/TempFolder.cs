namespace Credentials.Tests.Shared;

/// <summary>A folder that is gone with the test.</summary>
public sealed class TempFolder : IDisposable
{
    public string FullPath { get; } = Directory.CreateTempSubdirectory("credentials-test-").FullName;

    /// <summary>A path inside the folder; nothing is created.</summary>
    public string Combine(params string[] parts) => Path.Combine([FullPath, .. parts]);

    /// <summary>Writes a text file and returns its path.</summary>
    public string Write(string name, string content)
    {
        var path = Combine(name);
        File.WriteAllText(path, content);
        return path;
    }

    public void Dispose()
    {
        try
        {
            Directory.Delete(FullPath, recursive: true);
        }
        catch (IOException)
        {
            // A file is still being written by a process on its way out; the system's clean-up takes the rest.
        }
    }
}
