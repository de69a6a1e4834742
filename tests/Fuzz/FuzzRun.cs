using System.Diagnostics;
using System.Globalization;
using Credentials.Fuzz.Tests.Mutation;

namespace Credentials.Fuzz.Tests;

/// <summary>Gives a target its corpus and then changed inputs, for as many executions as wanted.</summary>
internal sealed class FuzzRun(FuzzTarget target, int seed)
{
    private const int MaxKeptLength = 8 * 1024;

    private readonly Mutator _mutator = new(seed);
    private readonly List<byte[]> _inputs = [];
    private readonly HashSet<string> _signatures = new(StringComparer.Ordinal);

    /// <summary>What must not happen and did, each kind once, with its input.</summary>
    public List<(byte[] Input, FindingException Finding)> Findings { get; } = [];

    /// <summary>Inputs given so far.</summary>
    public long Executions { get; private set; }

    /// <summary>Of these, inputs that were read.</summary>
    public long Accepted { get; private set; }

    /// <summary>Inputs that reached something new, in the order found.</summary>
    public List<byte[]> Discovered { get; } = [];

    /// <summary>Where the input stands that is being tried, for whoever finds the process gone.</summary>
    public Action<byte[]>? OnInput { get; init; }

    /// <summary>Gives every input of the corpus.</summary>
    public void Replay(IEnumerable<byte[]> corpus, Coverage? coverage = null)
    {
        foreach (var input in corpus)
        {
            Try(input, coverage);
            coverage?.AddLast();
            _inputs.Add(input);
        }
    }

    /// <summary>Gives changed inputs. Those that reach something new are changed further.</summary>
    public void Mutate(long executions, Coverage? coverage = null, Action? onProgress = null)
    {
        if (_inputs.Count == 0) _inputs.Add([]);
        var sinceProgress = Stopwatch.StartNew();
        for (var i = 0L; i < executions; i++)
        {
            // What was found last is looked at more often.
            var at = _mutator.Random.Next(4) == 0 && _inputs.Count > 16 ? _inputs.Count - 1 - _mutator.Random.Next(16) : _mutator.Random.Next(_inputs.Count);
            var input = _mutator.Change(target.Shape, _inputs[at], _inputs[_mutator.Random.Next(_inputs.Count)]);
            Try(input, coverage);
            if (coverage?.AddLast() == true && input.Length <= MaxKeptLength)
            {
                _inputs.Add(input);
                Discovered.Add(input);
            }

            if (onProgress is null || (i & 0xff) != 0 || sinceProgress.Elapsed.TotalSeconds < 30) continue;
            sinceProgress.Restart();
            onProgress();
        }
    }

    /// <summary>How far it is.</summary>
    public string Progress(TimeSpan elapsed, Coverage coverage) => string.Create(
        CultureInfo.InvariantCulture,
        $"{target.Name}: {Executions} executions, {Executions / elapsed.TotalSeconds:0}/s, {100.0 * Accepted / Math.Max(1, Executions):0.0} % read, {_inputs.Count} inputs, {coverage.Count} branches, {Findings.Count} findings");

    private void Try(byte[] input, Coverage? coverage)
    {
        OnInput?.Invoke(input);
        if (coverage is not null) Coverage.Clear();
        Executions++;
        try
        {
            if (target.Run(input)) Accepted++;
        }
        catch (FindingException finding)
        {
            if (_signatures.Add(finding.Signature)) Findings.Add((input, finding));
        }
    }
}
