using System.Text;

namespace Credentials.Verifier.Storage;

/// <summary>Files that only the service's own user may read.</summary>
internal static class PrivateFile
{
    public static void Write(string path, byte[] content)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        // Written aside and moved, so that a crash leaves either no file or a whole one.
        var draft = $"{path}.{Guid.NewGuid():N}.new";
        using (var stream = new FileStream(draft, options))
        {
            stream.Write(content);
            stream.Flush(flushToDisk: true);
        }
        File.Move(draft, path, overwrite: true);
    }

    public static void Write(string path, string content) => Write(path, Encoding.UTF8.GetBytes(content));
}
