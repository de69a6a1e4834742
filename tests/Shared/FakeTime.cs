using System.Globalization;

namespace Credentials.Tests.Shared;

/// <summary>
/// A clock of its own for another process, which can be set while it runs: libfaketime between the process and the C library. Timers go on by the clock
/// that cannot be set, as they do where a machine's clock is.
/// </summary>
public sealed class FakeTime : IDisposable
{
    private static readonly string? _library = Directory.Exists("/usr/lib")
        ? Directory.EnumerateDirectories("/usr/lib", "*-linux-gnu*").Select(folder => Path.Combine(folder, "faketime/libfaketimeMT.so.1")).FirstOrDefault(File.Exists)
        : null;

    private readonly TempFolder _folder = new();

    public FakeTime()
    {
        Assert.SkipWhen(_library is null, "libfaketime is not installed (Debian: apt-get install faketime).");
        Set(TimeSpan.Zero);
    }

    /// <summary>What the process is to be started with.</summary>
    public IReadOnlyDictionary<string, string> Environment => new Dictionary<string, string>
    {
        ["LD_PRELOAD"] = _library!,
        ["FAKETIME_TIMESTAMP_FILE"] = _folder.Combine("time"),
        ["FAKETIME_NO_CACHE"] = "1",
        ["FAKETIME_DONT_FAKE_MONOTONIC"] = "1",
    };

    /// <summary>Sets the clock ahead of the machine's by this much, or behind.</summary>
    public void Set(TimeSpan ahead)
    {
        // The file is read at any moment: it is replaced whole.
        _folder.Write("next", string.Create(CultureInfo.InvariantCulture, $"{ahead.TotalSeconds:+0;-0;+0}\n"));
        File.Move(_folder.Combine("next"), _folder.Combine("time"), overwrite: true);
    }

    public void Dispose() => _folder.Dispose();
}
