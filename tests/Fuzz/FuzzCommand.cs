using System.Diagnostics;
using System.Globalization;
using System.IO.MemoryMappedFiles;
using Credentials.Tests.Shared;
using SharpFuzz;

namespace Credentials.Fuzz.Tests;

/// <summary>The long runs, which are no tests.</summary>
internal static class FuzzCommand
{
    private const string Usage = """
        dotnet run -c Release --project tests/Fuzz -- TARGET [--executions N] [--seed N] [--keep]   changes inputs in this process
                                                      list                                          names the targets
                                                      instrument FOLDER                             lets the core in FOLDER say which branches it takes
                                                      export TARGET FOLDER                          writes the corpus for another fuzzer, one file an input
                                                      afl TARGET                                    the process that afl-fuzz talks to
                                                      try TARGET FILE                               gives one input
        """;

    /// <summary>Runs a command; null if it is none of these, and the tests are meant.</summary>
    public static int? Run(string[] args)
    {
        switch (args)
        {
            case ["help" or "--help"]:
                Console.WriteLine(Usage);
                return 0;
            case ["list"]:
                foreach (var name in FuzzTargets.Names) Console.WriteLine(name);
                return 0;
            case ["instrument", var folder]:
                Fuzzer.Instrument(Path.Combine(folder, "Credentials.dll"), _ => true, Options.Value);
                return 0;
            case ["export", var name, var folder] when FuzzTargets.Find(name) is { } target:
                Directory.CreateDirectory(folder);
                foreach (var (input, index) in Corpus.Begin(target).Select((input, index) => (input, index)))
                    File.WriteAllBytes(Path.Combine(folder, index.ToString("0000", CultureInfo.InvariantCulture)), input);
                return 0;
            case ["afl", var name] when FuzzTargets.Find(name) is { } target:
                foreach (var input in Corpus.Begin(target).Take(1)) target.Run(input);
                Fuzzer.OutOfProcess.Run(stream =>
                {
                    using var copy = new MemoryStream();
                    stream.CopyTo(copy);
                    target.Run(copy.ToArray());
                });
                return 0;
            case ["try", var name, var file] when FuzzTargets.Find(name) is { } target:
                _ = target.Seeds(new Vectors()).Count();
                Console.WriteLine(target.Run(File.ReadAllBytes(file)) ? "read" : "refused");
                return 0;
            case [var name, ..] when FuzzTargets.Find(name) is { } target:
                return RunTarget(target, Number(args, "--executions", 1_000_000), (int)Number(args, "--seed", 1), args.Contains("--keep"));
            default:
                return null;
        }
    }

    private static int RunTarget(FuzzTarget target, long executions, int seed, bool keep)
    {
        var folder = RepositoryRoot.Combine("artifacts", "fuzz");
        Directory.CreateDirectory(folder);
        var coverage = new Coverage();
        // Of this process alone: another run of the target would cut the file off under it.
        using var current = new LastInput(Path.Combine(folder, $"{target.Name}-{Environment.ProcessId}.current"));
        var run = new FuzzRun(target, seed) { OnInput = current.Write };
        var watch = Stopwatch.StartNew();
        run.Replay(Corpus.Begin(target), coverage);
        var reported = 0;
        void Report()
        {
            Console.WriteLine(run.Progress(watch.Elapsed, coverage));
            for (; reported < run.Findings.Count; reported++)
            {
                var (input, finding) = run.Findings[reported];
                var file = Path.Combine(folder, $"{target.Name}-{reported}.bin");
                File.WriteAllBytes(file, input);
                Console.WriteLine($"FINDING {file}: {finding}");
            }
        }

        Report();
        run.Mutate(executions, coverage, Report);
        Report();
        if (keep) Corpus.Add(target.Name, "reach what no vector reaches", run.Findings.Select(found => found.Input).Concat(Smallest(target, run.Discovered)));
        return run.Findings.Count == 0 ? 0 : 1;
    }

    // Of all that was discovered the short ones, as long as they reach something that those before them and the vectors do not.
    private static IEnumerable<byte[]> Smallest(FuzzTarget target, IEnumerable<byte[]> discovered)
    {
        const int MaxLength = 1024, MaxInputs = 64;
        var coverage = new Coverage();
        var run = new FuzzRun(target, 0);
        run.Replay(Corpus.Begin(target), coverage);
        var kept = 0;
        foreach (var input in discovered.Where(input => input.Length <= MaxLength).OrderBy(input => input.Length))
        {
            Coverage.Clear();
            try
            {
                target.Run(input);
            }
            catch (FindingException)
            {
            }

            if (!coverage.AddLast()) continue;
            yield return input;
            if (++kept == MaxInputs) yield break;
        }
    }

    private static long Number(string[] args, string option, long otherwise) =>
        Array.IndexOf(args, option) is >= 0 and var at ? long.Parse(args[at + 1], CultureInfo.InvariantCulture) : otherwise;

    /// <summary>The input that is being tried, in a file that outlives a process that ends in the middle: a full stack cannot be caught.</summary>
    private sealed class LastInput(string path) : IDisposable
    {
        private const int Size = 1 << 20;

        private readonly MemoryMappedFile _file = MemoryMappedFile.CreateFromFile(path, FileMode.Create, null, Size);

        private MemoryMappedViewAccessor? _view;

        public void Write(byte[] input)
        {
            _view ??= _file.CreateViewAccessor();
            _view.Write(0, input.Length);
            _view.WriteArray(sizeof(int), input, 0, Math.Min(input.Length, Size - sizeof(int)));
        }

        public void Dispose()
        {
            _view?.Dispose();
            _file.Dispose();
        }
    }
}
