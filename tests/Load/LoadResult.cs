namespace Credentials.Load;

/// <summary>What came of a scenario.</summary>
/// <param name="PerSecond">Things made in a second of the measured time.</param>
/// <param name="Median">Half of the runs took less, in milliseconds.</param>
/// <param name="Percentile99">Of a hundred runs one took longer, in milliseconds.</param>
/// <param name="Failed">Runs that did not come to their end.</param>
/// <param name="FirstFailure">Why the first of them did not.</param>
/// <param name="PeakMemory">The most that a watched process had in memory, in bytes; null: none was watched.</param>
internal sealed record LoadResult(double PerSecond, double Median, double Percentile99, long Failed, string? FirstFailure, long? PeakMemory)
{
    /// <summary>
    /// Runs a scenario by so many clients at once, each beginning anew when it has ended, after a time to warm up that is not counted.
    /// </summary>
    /// <param name="scenario">What is measured.</param>
    /// <param name="arguments">For how long, and whose memory is watched.</param>
    /// <param name="clients">How many at once; null: as the arguments say.</param>
    internal static async Task<LoadResult> MeasureAsync(Scenario scenario, LoadArguments arguments, int? clients = null)
    {
        using var ending = new CancellationTokenSource();
        var measured = TimeSpan.FromSeconds(arguments.Seconds);
        var warm = TimeSpan.FromSeconds(arguments.WarmUp);
        var begin = System.Diagnostics.Stopwatch.StartNew();
        var memory = WatchAsync(arguments.Watched, ending.Token);
        var runs = await Task.WhenAll(Enumerable.Range(0, clients ?? arguments.Parallel).Select(_ => Task.Run(() => ClientAsync(scenario, begin, warm, warm + measured))));
        await ending.CancelAsync();

        var times = runs.SelectMany(client => client.Milliseconds).Order().ToArray();
        var failures = runs.SelectMany(client => client.Failures).ToList();
        double At(double share) => times.Length == 0 ? 0 : times[Math.Min(times.Length - 1, (int)(times.Length * share))];
        return new LoadResult(times.Length * scenario.PerRun / measured.TotalSeconds, At(0.5), At(0.99), failures.Count, failures.FirstOrDefault(), await memory);
    }

    private static async Task<(List<double> Milliseconds, List<string> Failures)> ClientAsync(Scenario scenario, System.Diagnostics.Stopwatch clock, TimeSpan from, TimeSpan until)
    {
        var (times, failures) = (new List<double>(), new List<string>());
        while (clock.Elapsed < until)
        {
            var started = clock.Elapsed;
            try
            {
                await scenario.RunAsync(CancellationToken.None);
                // Only what lies whole in the measured time.
                if (started >= from && clock.Elapsed <= until)
                    times.Add((clock.Elapsed - started).TotalMilliseconds);
            }
            catch (Exception e) when (e is HttpRequestException or CredentialException or InvalidOperationException or TaskCanceledException)
            {
                failures.Add(e.Message);
                await Task.Delay(10);
            }
        }

        return (times, failures);
    }

    private static async Task<long?> WatchAsync(IReadOnlyList<int> processes, CancellationToken ended)
    {
        long? most = null;
        while (processes.Count > 0 && !ended.IsCancellationRequested)
        {
            foreach (var id in processes)
            {
                using var process = System.Diagnostics.Process.GetProcessById(id);
                most = Math.Max(most ?? 0, process.WorkingSet64);
            }

            await Task.Delay(200, CancellationToken.None);
        }

        return most;
    }
}
