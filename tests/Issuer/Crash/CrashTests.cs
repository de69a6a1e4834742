using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using Credentials.Tests.Shared;
using Npgsql;

namespace Credentials.Issuer.Tests.Crash;

/// <summary>
/// Two issuer processes on one PostgreSQL, killed for real under load. CREDENTIALS_CRASH_KILLS and CREDENTIALS_CRASH_DATABASE_KILLS say how often.
/// </summary>
public sealed class CrashTests(ITestOutputHelper output)
{
    private const string PublicUrl = "https://issuer.example";
    private const int Clients = 6;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    [Trait("Row", "REL-05")]
    [Trait("Row", "REL-07")]
    public async Task Whenever_one_of_two_replicas_is_killed_under_load_what_wallets_have_and_what_the_issuer_has_is_the_same() =>
        await RunAsync(async (_, replicas, ct) =>
        {
            for (var left = Times("CREDENTIALS_CRASH_KILLS", 3); left > 0; left--)
            {
                var replica = replicas[RandomNumberGenerator.GetInt32(replicas.Count)];
                // At a moment that nobody chose, and while it has work.
                await replica.UntilAnsweredAsync(1 + RandomNumberGenerator.GetInt32(40), ct);
                await Task.Delay(RandomNumberGenerator.GetInt32(30), ct);
                await replica.KillAsync();
                await replica.StartAsync(ct);
            }
        });

    [Fact]
    [Trait("Row", "REL-05")]
    public async Task When_the_database_is_killed_under_load_clients_are_told_to_come_again_and_nothing_that_was_acknowledged_is_lost() =>
        await RunAsync(async (database, replicas, ct) =>
        {
            using var http = new HttpClient();
            for (var left = Times("CREDENTIALS_CRASH_DATABASE_KILLS", 1); left > 0; left--)
            {
                foreach (var replica in replicas)
                    await replica.UntilAnsweredAsync(10 + RandomNumberGenerator.GetInt32(40), ct);
                await database.KillAsync(ct);
                foreach (var replica in replicas)
                {
                    await replica.UntilUnavailableAsync(5, ct);
                    using var away = await http.GetAsync(new Uri(replica.Address, "/readyz"), ct);
                    Assert.Equal(HttpStatusCode.ServiceUnavailable, away.StatusCode);
                    Assert.NotNull(away.Headers.RetryAfter);
                }

                await database.ReviveAsync(ct);
                var back = Stopwatch.GetTimestamp();
                foreach (var replica in replicas)
                {
                    while (!await IsReadyAsync(http, replica, ct))
                        await Task.Delay(20, ct);
                }

                output.WriteLine($"ready {Stopwatch.GetElapsedTime(back).TotalSeconds:0.00} s after the database was back");
            }

            foreach (var replica in replicas)
                await replica.UntilAnsweredAsync(50, ct);
        });

    private static async Task<bool> IsReadyAsync(HttpClient http, KillableReplica replica, CancellationToken ct)
    {
        using var response = await http.GetAsync(new Uri(replica.Address, "/readyz"), ct);
        return response.StatusCode == HttpStatusCode.OK;
    }

    /// <summary>Starts everything, lets clients play while <paramref name="faults"/> happen, and checks; then revokes all that wallets hold, and checks again.</summary>
    private async Task RunAsync(Func<PostgresServer, IReadOnlyList<KillableReplica>, CancellationToken, Task> faults)
    {
        await using var database = new PostgresServer();
        using var folder = new TempFolder();
        // A machine with much else to do may take its time to open a connection; a server that is away refuses one at once.
        var connection = new NpgsqlConnectionStringBuilder(await database.CreateDatabaseAsync(Ct)) { Timeout = 60 }.ConnectionString;
        await using var one = new KillableReplica(folder.FullPath, connection, PublicUrl);
        await using var two = new KillableReplica(folder.FullPath, connection, PublicUrl);
        IReadOnlyList<KillableReplica> replicas = [one, two];
        var key = await one.StartAsync(Ct);
        await two.StartAsync(Ct);
        var history = new IssuanceHistory();
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(60) };
        var clients = Enumerable.Range(0, Clients).Select(_ => new CrashClient(http, replicas, key!, PublicUrl, history)).ToList();

        using var stop = new CancellationTokenSource();
        var playing = clients.Select(client => client.RunAsync(stop.Token, Ct)).Append(clients[0].WatchAsync(stop.Token, Ct)).ToList();
        var began = Stopwatch.GetTimestamp();
        using var failed = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var fault = faults(database, replicas, failed.Token);
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
        output.WriteLine(
            $"{Stopwatch.GetElapsedTime(began).TotalSeconds:0} s: {history.Issuances} issuances, {history.Held.Count()} credentials, {history.Answers.Count} answers, "
            + $"{history.Revocations.Count} revocations, {history.Broken} requests without an answer or with 503, {history.Lost} offers lost with the answer to their code; "
            + $"slowest start {replicas.Max(replica => replica.SlowestStart).TotalSeconds:0.0} s");
        Assert.True(history.Broken > 0 && history.Held.Any(), "Nothing was interrupted, or nothing issued.");

        Task<IReadOnlyList<string>> CheckAsync() => CheckedAsync(history, folder, connection, replicas, http);
        Assert.Empty(await CheckAsync());
        var revoked = history.Revocations.Select(revocation => revocation.Place).ToHashSet();
        await Parallel.ForEachAsync(
            history.Held.Where(held => !revoked.Contains(held.Place)).ToList(),
            new ParallelOptions { MaxDegreeOfParallelism = Clients, CancellationToken = Ct },
            async (held, ct) => await clients[0].RevokeAsync(held, wait: false, ct));
        Assert.Empty(await CheckAsync());
        Assert.Equal(history.Held.Count(), history.Revocations.Select(revocation => revocation.Place).Distinct().Count());
    }

    /// <summary>What is wrong; what is to be served has a minute to get there.</summary>
    private static async Task<IReadOnlyList<string>> CheckedAsync(
        IssuanceHistory history, TempFolder folder, string connection, IReadOnlyList<KillableReplica> replicas, HttpClient http)
    {
        var acknowledged = Stopwatch.GetTimestamp();
        while (true)
        {
            var findings = CrashChecker.Check(history, await IssuerRecords.ReadAsync(folder, connection, replicas.Select(replica => replica.Address), http, Ct));
            if (findings.Count == 0 || Stopwatch.GetElapsedTime(acknowledged) > TimeSpan.FromSeconds(60))
                return [.. findings, .. replicas.SelectMany(replica => replica.Failures)];
            await Task.Delay(200, Ct);
        }
    }

    private static int Times(string variable, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var times) && times > 0 ? times : otherwise;
}
