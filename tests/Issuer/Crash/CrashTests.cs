using System.Diagnostics;
using System.Net;
using System.Security.Cryptography;
using Credentials.Tests.Shared;

namespace Credentials.Issuer.Tests.Crash;

/// <summary>
/// Two issuer processes on one PostgreSQL, killed for real under load. CREDENTIALS_CRASH_KILLS, CREDENTIALS_CRASH_DATABASE_KILLS and
/// CREDENTIALS_FULL_DISKS say how often.
/// </summary>
public sealed class CrashTests(ITestOutputHelper output)
{
    [Fact]
    [Trait("Row", "REL-05")]
    [Trait("Row", "REL-07")]
    public async Task Whenever_one_of_two_replicas_is_killed_under_load_what_wallets_have_and_what_the_issuer_has_is_the_same() =>
        await CrashRun.RunAsync(output, "issuer: a replica killed", new(), (run, ct) => FaultRun.KillReplicasAsync(run.Replicas, run.CountFault, ct));

    [Fact]
    [Trait("Row", "REL-05")]
    public async Task When_the_database_is_killed_under_load_clients_are_told_to_come_again_and_nothing_that_was_acknowledged_is_lost() =>
        await CrashRun.RunAsync(output, "issuer: the database killed", new(), async (run, ct) =>
        {
            using var http = new HttpClient();
            for (var left = FaultRun.Times("CREDENTIALS_CRASH_DATABASE_KILLS", 1); left > 0; left--)
            {
                foreach (var replica in run.Replicas)
                    await replica.UntilAnsweredAsync(10 + RandomNumberGenerator.GetInt32(40), ct);
                await run.Database.KillAsync(ct);
                run.CountFault();
                foreach (var replica in run.Replicas)
                {
                    await replica.UntilUnavailableAsync(5, ct);
                    using var away = await http.GetAsync(new Uri(replica.Address, "/readyz"), ct);
                    Assert.Equal(HttpStatusCode.ServiceUnavailable, away.StatusCode);
                    Assert.NotNull(away.Headers.RetryAfter);
                }

                await run.Database.ReviveAsync(ct);
                var back = Stopwatch.GetTimestamp();
                foreach (var replica in run.Replicas)
                {
                    await replica.UntilReadyAsync(http, ct);
                }

                output.WriteLine($"ready {Stopwatch.GetElapsedTime(back).TotalSeconds:0.00} s after the database was back");
            }

            foreach (var replica in run.Replicas)
                await replica.UntilAnsweredAsync(50, ct);
        });

    [Fact]
    [Trait("Row", "REL-13")]
    public async Task When_the_databases_disk_is_full_under_load_clients_are_told_to_come_again_and_nothing_that_was_acknowledged_is_lost() =>
        await CrashRun.RunAsync(output, "issuer: the database's disk full", new() { Disk = 256 }, async (run, ct) =>
        {
            await FaultRun.FillDiskAsync(run.Database, run.Replicas, run.CountFault, ct);
            foreach (var replica in run.Replicas)
                await replica.UntilAnsweredAsync(50, ct);
        });
}
