using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;

namespace Credentials.Tests.Shared;

/// <summary>What every run has in which things happen to a service.</summary>
public static class FaultRun
{
    /// <summary>How often a variable of the environment says, or <paramref name="otherwise"/>.</summary>
    public static int Times(string variable, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var times) && times > 0 ? times : otherwise;

    /// <summary>Lets clients play while things happen, and tells them to stop then.</summary>
    /// <param name="clients">Each plays until it is told to stop, and ends what it has begun.</param>
    /// <returns>How long they have played.</returns>
    public static async Task<TimeSpan> PlayAsync(IEnumerable<Func<CancellationToken, Task>> clients, Func<CancellationToken, Task> faults, CancellationToken ct)
    {
        using var stop = new CancellationTokenSource();
        using var failed = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var playing = clients.Select(client => client(stop.Token)).ToList();
        var began = Stopwatch.GetTimestamp();
        var fault = faults(failed.Token);
        if (await Task.WhenAny([fault, .. playing]) is var first && first != fault)
        {
            // A client ended before it was told to: no more faults.
            await failed.CancelAsync();
            await Record.ExceptionAsync(() => fault);
            await first;
        }

        await fault;
        await stop.CancelAsync();
        await Task.WhenAll(playing);
        return Stopwatch.GetElapsedTime(began);
    }

    /// <summary>Kills one replica after the other, at a moment that nobody chose and while it has work, and starts it again.</summary>
    public static async Task KillReplicasAsync(IReadOnlyList<Replica> replicas, Action count, CancellationToken ct)
    {
        for (var left = Times("CREDENTIALS_CRASH_KILLS", 3); left > 0; left--)
        {
            var replica = replicas[RandomNumberGenerator.GetInt32(replicas.Count)];
            await replica.UntilAnsweredAsync(1 + RandomNumberGenerator.GetInt32(40), ct);
            await Task.Delay(RandomNumberGenerator.GetInt32(30), ct);
            await replica.KillAsync();
            count();
            await replica.StartAsync(ct);
        }
    }

    /// <summary>Fills the database's disk until every replica has noticed, and frees it again.</summary>
    public static async Task FillDiskAsync(PostgresServer database, IReadOnlyList<Replica> replicas, Action count, CancellationToken ct)
    {
        for (var left = Times("CREDENTIALS_FULL_DISKS", 1); left > 0; left--)
        {
            foreach (var replica in replicas)
                await replica.UntilAnsweredAsync(10 + RandomNumberGenerator.GetInt32(40), ct);
            database.Disk.Fill();
            count();
            foreach (var replica in replicas)
                await replica.UntilUnavailableAsync(5, ct);
            database.Disk.Free();
            await database.ReviveIfEndedAsync(ct);
        }
    }
}
