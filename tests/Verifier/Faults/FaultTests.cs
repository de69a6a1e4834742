using System.Diagnostics;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using Credentials.Codecs;
using Credentials.Tests.Shared;
using Credentials.Trust;
using Credentials.Verifier.Storage;
using Credentials.Verifier.Tests.Setup;
using Credentials.Verifier.Webhooks;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Credentials.Verifier.Tests.Faults;

/// <summary>
/// Two verifier processes on one PostgreSQL under load, to which things happen: CREDENTIALS_CRASH_KILLS, CREDENTIALS_CRASH_DATABASE_KILLS,
/// CREDENTIALS_FULL_DISKS, CREDENTIALS_PARTITIONS and CREDENTIALS_CLOCK_STEPS say how often.
/// </summary>
public sealed class FaultTests(ITestOutputHelper output)
{
    private const int Clients = 6;

    private static readonly TimeSpan[] _steps = [TimeSpan.FromHours(1), TimeSpan.FromSeconds(-40), TimeSpan.FromHours(-1), TimeSpan.FromMinutes(5), TimeSpan.FromSeconds(40), TimeSpan.FromMinutes(-5)];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    [Trait("Row", "VPV-01")]
    public Task Whenever_a_replica_is_killed_under_load_each_answer_is_taken_once_and_told() => RunAsync("verifier: a replica killed", null, null, (run, ct) =>
        FaultRun.KillReplicasAsync(run.Replicas, () => run.Faults++, ct));

    [Fact]
    [Trait("Row", "VPV-01")]
    public Task When_the_database_is_killed_under_load_each_answer_is_taken_once_and_told() => RunAsync("verifier: the database killed", null, null, async (run, ct) =>
    {
        for (var left = FaultRun.Times("CREDENTIALS_CRASH_DATABASE_KILLS", 1); left > 0; left--)
        {
            foreach (var replica in run.Replicas)
                await replica.UntilAnsweredAsync(10 + RandomNumberGenerator.GetInt32(40), ct);
            await run.Database.KillAsync(ct);
            run.Faults++;
            foreach (var replica in run.Replicas)
                await replica.UntilUnavailableAsync(5, ct);
            await run.Database.ReviveAsync(ct);
            foreach (var replica in run.Replicas)
                await replica.UntilReadyAsync(run.Http, ct);
        }
    });

    [Fact]
    [Trait("Row", "REL-13")]
    public Task When_the_databases_disk_is_full_under_load_each_answer_is_taken_once_and_told() => RunAsync("verifier: the database's disk full", null, null, (run, ct) =>
        FaultRun.FillDiskAsync(run.Database, run.Replicas, () => run.Faults++, ct), disk: 256);

    [Fact]
    [Trait("Row", "VPV-01")]
    public Task When_the_database_is_cut_off_under_load_each_answer_is_taken_once_and_told() => RunAsync("verifier: the database cut off", Cuttable, null, async (run, ct) =>
    {
        for (var left = FaultRun.Times("CREDENTIALS_PARTITIONS", 2); left > 0; left--)
        {
            var cut = left % 2 == 0 ? [RandomNumberGenerator.GetInt32(2)] : (int[])[0, 1];
            foreach (var replica in run.Replicas)
                await replica.UntilAnsweredAsync(10 + RandomNumberGenerator.GetInt32(20), ct);
            run.Faults++;
            foreach (var i in cut)
                run.Ways[i].Cut();
            foreach (var i in cut)
                await run.Replicas[i].UntilUnavailableAsync(3, ct);
            if (cut.Length == 1)
                await run.Replicas[1 - cut[0]].UntilAnsweredAsync(20, ct);
            foreach (var i in cut)
                run.Ways[i].Heal(forget: left % 4 < 2);
            foreach (var i in cut)
                await run.Replicas[i].UntilReadyAsync(run.Http, ct);
        }
    });

    [Fact]
    [Trait("Row", "REL-14")]
    public async Task A_replica_whose_clock_is_set_under_load_takes_no_answers_while_it_is_wrong()
    {
        using var clock = new FakeTime();
        await RunAsync("verifier: a replica's clock set", null, clock, async (run, ct) =>
        {
            for (var step = 0; step < FaultRun.Times("CREDENTIALS_CLOCK_STEPS", 3); step++)
            {
                var ahead = _steps[step % _steps.Length];
                await run.Replicas[0].UntilAnsweredAsync(10, ct);
                run.Faults++;
                clock.Set(ahead);
                if (ahead.Duration() > ClockGuard.Limit)
                    await run.Replicas[0].UntilUnavailableAsync(3, ct);
                else
                    await run.Replicas[0].UntilAnsweredAsync(20, ct);
                await run.Replicas[1].UntilAnsweredAsync(20, ct);
                clock.Set(TimeSpan.Zero);
                await run.Replicas[0].UntilReadyAsync(run.Http, ct);
            }
        });
    }

    // Few connections, so that a cut makes all of them wait. In a short run, a second stands for what is longer in the service.
    private static void Cuttable(NpgsqlConnectionStringBuilder connection)
    {
        connection.MaxPoolSize = 6;
        if (FaultRun.Times("CREDENTIALS_PARTITIONS", 0) > 0)
            return;
        connection.Timeout = 1;
        connection.CommandTimeout = 1;
        connection.Options = "-c idle_in_transaction_session_timeout=1000 -c lock_timeout=1200";
    }

    private async Task RunAsync(string name, Action<NpgsqlConnectionStringBuilder>? cuttable, FakeTime? clock, Func<Run, CancellationToken, Task> faults, int? disk = null)
    {
        await using var database = new PostgresServer { DiskSize = disk };
        var connection = await database.CreateDatabaseAsync(Ct);
        using var folder = new TempFolder();
        await using var issuer = new TestIssuer(TimeProvider.System);
        await issuer.StartAsync();
        await using var receiver = await WebhookReceiver.StartAsync();
        folder.Write("trust.pem", issuer.RootPem);
        await using var one = new TcpRelay(new NpgsqlConnectionStringBuilder(connection).Port);
        await using var two = new TcpRelay(new NpgsqlConnectionStringBuilder(connection).Port);
        await using var first = new VerifierReplica(folder.FullPath, Through(one), null, receiver.Host, clock?.Environment);
        await using var second = new VerifierReplica(folder.FullPath, Through(two), first.Address, receiver.Host, null);
        var ready = await first.StartAsync(Ct);
        await second.StartAsync(Ct);
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(40) };
        var run = new Run(database, [first, second], [one, two], http);
        await run.PlayAsync(output, name, connection, ready.RequireString("api_key"), await File.ReadAllTextAsync(ready.RequireString("trust"), Ct), issuer, receiver, faults);

        string Through(TcpRelay way)
        {
            var settings = new NpgsqlConnectionStringBuilder(connection);
            if (cuttable is null)
            {
                // A machine with much else to do may take its time to open a connection; a server that is away refuses one at once.
                settings.Timeout = 60;
                return settings.ConnectionString;
            }

            settings.Port = way.Port;
            cuttable(settings);
            return settings.ConnectionString;
        }
    }

    private sealed record Run(PostgresServer Database, IReadOnlyList<VerifierReplica> Replicas, IReadOnlyList<TcpRelay> Ways, HttpClient Http)
    {
        internal int Faults { get; set; }

        internal async Task PlayAsync(
            ITestOutputHelper output, string name, string connection, string key, string trust, TestIssuer issuer, WebhookReceiver receiver, Func<Run, CancellationToken, Task> faults)
        {
            using (var hook = new HttpRequestMessage(HttpMethod.Put, new Uri(Replicas[0].Address, "/webhook")) { Content = JsonContent.Create(new { url = receiver.Url }) })
            {
                hook.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
                (await Http.SendAsync(hook, Ct)).EnsureSuccessStatusCode().Dispose();
            }

            var history = new PresentationHistory();
            var clients = new List<PresentationClient>();
            for (var i = 0; i < Clients; i++)
                clients.Add(new PresentationClient(Http, Replicas, key, TrustStore.FromPem(trust, TrustPurpose.Verifier), await issuer.IssueLicenceAsync(), history));
            var took = await FaultRun.PlayAsync(clients.Select(client => (Func<CancellationToken, Task>)(stop => client.RunAsync(stop, Ct))), FaultsAsync, Ct);
            var found = await CheckedAsync(history, connection, receiver);
            output.WriteLine($"{took.TotalSeconds:0} s: {history.Read.Count} presentations, {history.Broken} requests without an answer or with 503, slowest 503 {history.Slowest.TotalSeconds:0.0} s");
            FaultTable.Add(name, Faults, took, Replicas.Sum(replica => replica.Answered), history.Read.Count, history.Taken.Count, history.Broken, history.Slowest, found.Count);
            Assert.Empty(found);
            Assert.True(history.Broken > 0 && !history.Taken.IsEmpty, "Nothing was interrupted, or nothing presented.");

            async Task FaultsAsync(CancellationToken ct)
            {
                await faults(this, ct);
                foreach (var replica in Replicas)
                    await replica.UntilAnsweredAsync(20, ct);
            }
        }

        /// <summary>What is wrong; what is to be told has a minute to get there. A killed process holds its claims for that long, which is taken off.</summary>
        private static async Task<IReadOnlyList<string>> CheckedAsync(PresentationHistory history, string connection, WebhookReceiver receiver)
        {
            await using var db = new PostgresVerifierDbContext(new DbContextOptionsBuilder<PostgresVerifierDbContext>().UseNpgsql(connection).Options);
            await db.WebhookMessages.Where(m => m.Claim != null)
                .ExecuteUpdateAsync(set => set.SetProperty(m => m.DueAt, m => m.DueAt - (long)WebhookWorker.Lease.TotalMilliseconds), Ct);
            var ended = Stopwatch.GetTimestamp();
            var told = new List<ReceivedWebhook>();
            while (true)
            {
                var transactions = await db.Transactions.AsNoTracking().ToDictionaryAsync(t => t.Id, t => t.State, Ct);
                while (receiver.HasMore)
                    told.Add(await receiver.NextAsync());
                var findings = PresentationChecker.Check(history, transactions, told.ToLookup(message => message.TransactionId, message => message.State));
                if (findings.Count == 0 || Stopwatch.GetElapsedTime(ended) > TimeSpan.FromSeconds(60))
                    return findings;
                await Task.Delay(200, Ct);
            }
        }
    }
}
