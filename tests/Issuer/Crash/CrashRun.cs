using System.Diagnostics;
using Credentials.Codecs;
using Credentials.Tests.Shared;
using Npgsql;

namespace Credentials.Issuer.Tests.Crash;

/// <summary>Two issuer processes on one PostgreSQL with clients that play while something happens to them; then everything is checked.</summary>
internal sealed class CrashRun
{
    private const string PublicUrl = "https://issuer.example";

    private int _faults;

    private CrashRun(PostgresServer database, string connection, IReadOnlyList<KillableReplica> replicas, IReadOnlyList<TcpRelay> ways)
    {
        Database = database;
        Connection = connection;
        Replicas = replicas;
        Ways = ways;
    }

    internal PostgresServer Database { get; }

    /// <summary>The way to the database that is never cut.</summary>
    internal string Connection { get; }

    internal IReadOnlyList<KillableReplica> Replicas { get; }

    /// <summary>Each replica's way to the database.</summary>
    internal IReadOnlyList<TcpRelay> Ways { get; }

    internal HttpClient Http { get; private init; } = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    internal void CountFault() => _faults++;

    /// <summary>Starts everything, lets clients play while <paramref name="faults"/> happen, and checks; then revokes all that wallets hold, and checks again.</summary>
    /// <param name="name">The faults, for the table of counts.</param>
    internal static async Task RunAsync(ITestOutputHelper output, string name, CrashSettings settings, Func<CrashRun, CancellationToken, Task> faults)
    {
        await using var database = new PostgresServer { DiskSize = settings.Disk };
        using var folder = new TempFolder();
        var connection = await database.CreateDatabaseAsync(Ct);
        await using var one = new TcpRelay(new NpgsqlConnectionStringBuilder(connection).Port);
        await using var two = new TcpRelay(new NpgsqlConnectionStringBuilder(connection).Port);
        string Through(TcpRelay way) => settings.Connect(new NpgsqlConnectionStringBuilder(connection), way).ConnectionString;
        await using var first = new KillableReplica(folder.FullPath, Through(one), PublicUrl, settings.Environments[0]);
        await using var second = new KillableReplica(folder.FullPath, Through(two), PublicUrl, settings.Environments[1]);
        var key = (await first.StartAsync(Ct)).RequireString("api_key");
        await second.StartAsync(Ct);
        using var http = new HttpClient { Timeout = settings.Patience };
        var run = new CrashRun(database, connection, [first, second], [one, two]) { Http = http };
        await run.PlayAsync(output, name, key, folder, settings.Clients, faults);
    }

    private async Task PlayAsync(ITestOutputHelper output, string name, string key, TempFolder folder, int players, Func<CrashRun, CancellationToken, Task> faults)
    {
        var history = new IssuanceHistory();
        var clients = Enumerable.Range(0, players).Select(_ => new CrashClient(Http, Replicas, key, PublicUrl, history)).ToList();
        var took = await FaultRun.PlayAsync(
            [.. clients.Select(client => (Func<CancellationToken, Task>)(stop => client.RunAsync(stop, Ct))), stop => clients[0].WatchAsync(stop, Ct)], ct => faults(this, ct), Ct);
        output.WriteLine(
            $"{took.TotalSeconds:0} s: {history.Issuances} issuances, {history.Held.Count()} credentials, {history.Answers.Count} answers, "
            + $"{history.Revocations.Count} revocations, {history.Broken} requests without an answer or with 503, {history.Lost} offers lost with the answer to their code; "
            + $"slowest start {Replicas.Max(replica => replica.SlowestStart).TotalSeconds:0.0} s, slowest 503 {history.Slowest.TotalSeconds:0.0} s");
        Assert.True(history.Broken > 0 && history.Held.Any(), "Nothing was interrupted, or nothing issued.");

        var found = await CheckedAsync(history, folder);
        FaultTable.Add(name, _faults, took, Replicas.Sum(replica => replica.Answered), history.Issuances, history.Held.Count(), history.Broken, history.Slowest, found.Count);
        Assert.Empty(found);
        var revoked = history.Revocations.Select(revocation => revocation.Place).ToHashSet();
        await Parallel.ForEachAsync(
            history.Held.Where(held => !revoked.Contains(held.Place)).ToList(),
            new ParallelOptions { MaxDegreeOfParallelism = players, CancellationToken = Ct },
            async (held, ct) => await clients[0].RevokeAsync(held, wait: false, ct));
        Assert.Empty(await CheckedAsync(history, folder));
        Assert.Equal(history.Held.Count(), history.Revocations.Select(revocation => revocation.Place).Distinct().Count());
    }

    /// <summary>What is wrong; what is to be served has a minute to get there.</summary>
    private async Task<IReadOnlyList<string>> CheckedAsync(IssuanceHistory history, TempFolder folder)
    {
        var acknowledged = Stopwatch.GetTimestamp();
        while (true)
        {
            var findings = CrashChecker.Check(history, await IssuerRecords.ReadAsync(folder, Connection, Replicas.Select(replica => replica.Address), Http, Ct));
            if (findings.Count == 0 || Stopwatch.GetElapsedTime(acknowledged) > TimeSpan.FromSeconds(60))
                return [.. findings, .. Replicas.SelectMany(replica => replica.Failures)];
            await Task.Delay(200, Ct);
        }
    }
}
