using System.Diagnostics;
using System.Globalization;

namespace Credentials.Benchmarks;

/// <summary>
/// The same work on published npm libraries, in a process of its own (<c>tests/Interop/scripts/bench.mjs</c>) that works in slices, so that it
/// takes turns with ours.
/// </summary>
internal sealed class NodePeer : IDisposable
{
    private readonly Process _process;

    private NodePeer(Process process) => _process = process;

    /// <summary>Starts it; null where Node or the packages of tests/Interop are missing.</summary>
    public static NodePeer? Start()
    {
        var folder = Find();
        if (folder is null) return null;
        try
        {
            var process = Process.Start(new ProcessStartInfo("node", "scripts/bench.mjs") { WorkingDirectory = folder, RedirectStandardInput = true, RedirectStandardOutput = true })!;
            if (process.StandardOutput.ReadLine() == "ready") return new NodePeer(process);
            process.Dispose();
        }
        catch (System.ComponentModel.Win32Exception)
        {
            // no Node here
        }

        return null;
    }

    /// <summary>What it can do, each beside the operation of ours that does the same.</summary>
    /// <param name="ours">All of ours.</param>
    public IEnumerable<Operation> Operations(IReadOnlyList<Operation> ours)
    {
        foreach (var (name, start, library, goal) in new (string, string, string, double?)[]
        {
            ("sd-jwt-issue", "SD-JWT VC issue", "@sd-jwt/sd-jwt-vc", null), ("sd-jwt-present", "SD-JWT VC present", "@sd-jwt/sd-jwt-vc", null), ("sd-jwt-verify", "SD-JWT VC verify", "@sd-jwt/sd-jwt-vc", null),
            ("status-fill", "status list of 2^20 entries: fill", "@sd-jwt/jwt-status-list", null), ("status-write", "status list of 2^20 entries: write", "@sd-jwt/jwt-status-list", null),
            ("status-read", "status list of 2^20 entries: read", "@sd-jwt/jwt-status-list", null),
            ("eddsa-rdfc-sign", "eddsa-rdfc-2022 sign", "@digitalbazaar/vc", 10), ("eddsa-rdfc-verify", "eddsa-rdfc-2022 verify", "@digitalbazaar/vc", 10),
            ("ecdsa-sd-sign", "ecdsa-sd-2023 sign", "@digitalbazaar/vc", 5), ("ecdsa-sd-derive", "ecdsa-sd-2023 derive", "@digitalbazaar/vc", 5), ("ecdsa-sd-verify", "ecdsa-sd-2023 verify", "@digitalbazaar/vc", 5),
        })
        {
            if (ours.FirstOrDefault(operation => operation.Name.StartsWith(start, StringComparison.Ordinal)) is not { } same) continue;
            yield return new Operation($"{library} (npm): {start}", () => Slice(name, TimeSpan.Zero)) { SameAs = same, Goal = goal, RunFor = time => Slice(name, time) };
        }
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }

    private (double Seconds, long Count) Slice(string name, TimeSpan time)
    {
        _process.StandardInput.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name} {time.TotalMilliseconds}"));
        _process.StandardInput.Flush();
        var answer = _process.StandardOutput.ReadLine()?.Split(' ') ?? throw new InvalidOperationException("The npm libraries stopped.");
        return (double.Parse(answer[1], CultureInfo.InvariantCulture), long.Parse(answer[0], CultureInfo.InvariantCulture));
    }

    private static string? Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var scripts = Path.Combine(folder.FullName, "tests", "Interop");
            if (File.Exists(Path.Combine(folder.FullName, "Credentials.sln"))) return Directory.Exists(Path.Combine(scripts, "node_modules")) ? scripts : null;
        }

        return null;
    }
}
