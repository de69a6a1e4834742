using System.Globalization;

namespace Credentials.Tests.Shared;

/// <summary>
/// A disk of a few megabytes at a folder, held in memory, that can be filled and freed. Where no file system may be mounted, the test is skipped.
/// </summary>
public sealed class SmallDisk : IDisposable
{
    private readonly string _folder;

    private SmallDisk(string folder) => _folder = folder;

    private string Ballast => Path.Combine(_folder, "ballast");

    /// <param name="folder">An empty folder, which the disk's first folder takes the place of.</param>
    /// <param name="megabytes">Its size.</param>
    public static async Task<SmallDisk> MountAsync(string folder, int megabytes, CancellationToken ct)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess && Shell.Find("mount") is not null, "Only root mounts a file system, on Linux.");
        var mounted = await Shell.RunAsync("mount", ["-t", "tmpfs", "-o", string.Create(CultureInfo.InvariantCulture, $"size={megabytes}m"), "none", folder], cancellationToken: ct);
        Assert.SkipWhen(mounted.ExitCode != 0, $"No file system may be mounted here: {mounted.Stderr}");
        return new SmallDisk(folder);
    }

    /// <summary>Writes until nothing goes in any more.</summary>
    public void Fill()
    {
        var zeros = new byte[1 << 20];
        using var file = new FileStream(Ballast, FileMode.Append, FileAccess.Write, FileShare.None, bufferSize: 0);
        try
        {
            while (true)
                file.Write(zeros);
        }
        catch (IOException)
        {
            // Full.
        }
    }

    public void Free() => File.Delete(Ballast);

    // Also while a process on its way out has files open there.
    public void Dispose() => Shell.RunAsync("umount", ["-l", _folder]).GetAwaiter().GetResult();
}
