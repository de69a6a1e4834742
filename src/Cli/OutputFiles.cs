using System.Text;

namespace Credentials.Cli;

/// <summary>Writes files so that an interruption leaves the old one or the new one, and never a half.</summary>
internal static class OutputFiles
{
    /// <summary>Writes a file that others may read, replacing an older one.</summary>
    internal static void Write(string path, ReadOnlySpan<byte> bytes) => Write(path, bytes, secret: false);

    internal static void Write(string path, string text) => Write(path, Encoding.UTF8.GetBytes(text));

    /// <summary>Writes a file that only its owner may read. A key is never overwritten: it could not be made again.</summary>
    internal static void WriteNewSecret(string path, string text) => WriteNewSecret(path, Encoding.UTF8.GetBytes(text));

    /// <inheritdoc cref="WriteNewSecret(string, string)"/>
    internal static void WriteNewSecret(string path, ReadOnlySpan<byte> bytes)
    {
        RequireNew(path);
        Write(path, bytes, secret: true);
    }

    /// <summary>Writes a file that only its owner may read and that can be made again, replacing an older one.</summary>
    internal static void WriteSecret(string path, string text) => Write(path, Encoding.UTF8.GetBytes(text), secret: true, replace: true);

    internal static void RequireNew(string path)
    {
        if (File.Exists(path))
            throw CommandException.Usage($"{TextSafety.ForTerminal(path)} exists and is not overwritten", "choose another name, or delete it yourself");
    }

    private static void Write(string path, ReadOnlySpan<byte> bytes, bool secret, bool replace = false)
    {
        var temporary = $"{path}.{Guid.NewGuid():n}.new";
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (secret && !OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        try
        {
            using (var file = new FileStream(temporary, options))
            {
                file.Write(bytes);
                file.Flush(flushToDisk: true);
            }
            File.Move(temporary, path, overwrite: !secret || replace);
        }
        finally
        {
            File.Delete(temporary);
        }
    }
}
