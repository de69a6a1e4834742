using System.Security.Cryptography;
using Credentials.Tests.Shared;
using Npgsql;

namespace Credentials.Issuer.Tests.Crash;

/// <summary>
/// Two issuer processes whose way to PostgreSQL is cut under load: nothing is refused, everything is silent. CREDENTIALS_PARTITIONS says how often,
/// and any number of it that the times are those of the service and not short ones.
/// </summary>
public sealed class PartitionTests(ITestOutputHelper output)
{
    private static readonly int _times = FaultRun.Times("CREDENTIALS_PARTITIONS", 0);

    [Fact]
    [Trait("Row", "REL-05")]
    [Trait("Row", "REL-10")]
    public async Task When_the_database_is_cut_off_under_load_clients_are_told_to_come_again_in_time_and_nothing_that_was_acknowledged_is_lost()
    {
        var settings = new CrashSettings { Clients = 8, Cuttable = Connect, Patience = TimeSpan.FromSeconds(_times > 0 ? 40 : 25) };
        await CrashRun.RunAsync(output, "issuer: the database cut off", settings, async (run, ct) =>
        {
            await WatchPublishingAsync(run, ct);
            // The one that signs status lists loses its connections; then both, and what was under way arrives late.
            for (var left = Math.Max(_times, 2); left > 0; left--)
            {
                foreach (var replica in run.Replicas)
                    await replica.UntilAnsweredAsync(10 + RandomNumberGenerator.GetInt32(20), ct);
                if (left % 2 == 0)
                    await CutPublisherAsync(run, forget: true, ct);
                else
                    await CutBothAsync(run, forget: RandomNumberGenerator.GetInt32(2) == 0, ct);
            }

            foreach (var replica in run.Replicas)
                await replica.UntilAnsweredAsync(20, ct);
            Assert.Equal(0, await PublishedWronglyAsync(run, ct));
        });
    }

    /// <summary>The other replica must go on, and take over signing, for which a short run does not wait (ElectionTests does).</summary>
    private static async Task CutPublisherAsync(CrashRun run, bool forget, CancellationToken ct)
    {
        var publisher = await PublisherAsync(run, ct);
        var other = 1 - publisher;
        run.CountFault();
        run.Ways[publisher].Cut();
        await run.Replicas[publisher].UntilUnavailableAsync(3, ct);
        while (_times > 0 && !await run.Replicas[other].IsPublisherAsync(run.Http, ct))
            await Task.Delay(50, ct);
        await run.Replicas[other].UntilAnsweredAsync(10, ct);
        run.Ways[publisher].Heal(forget);
        await run.Replicas[publisher].UntilReadyAsync(run.Http, ct);
        await run.Replicas[publisher].UntilAnsweredAsync(10, ct);
    }

    private static async Task CutBothAsync(CrashRun run, bool forget, CancellationToken ct)
    {
        run.CountFault();
        foreach (var way in run.Ways)
            way.Cut();
        foreach (var replica in run.Replicas)
            await replica.UntilUnavailableAsync(3, ct);
        foreach (var way in run.Ways)
            way.Heal(forget);
        foreach (var replica in run.Replicas)
        {
            await replica.UntilReadyAsync(run.Http, ct);
            await replica.UntilAnsweredAsync(10, ct);
        }
    }

    private static async Task<int> PublisherAsync(CrashRun run, CancellationToken ct)
    {
        while (true)
        {
            for (var i = 0; i < run.Replicas.Count; i++)
            {
                if (await run.Replicas[i].IsPublisherAsync(run.Http, ct))
                    return i;
            }

            await Task.Delay(50, ct);
        }
    }

    // Few connections, so that a cut makes all of them wait. In a short run, seconds stand for what is longer in the service.
    private static void Connect(NpgsqlConnectionStringBuilder connection)
    {
        connection.MaxPoolSize = 6;
        if (_times > 0)
            return;
        connection.Timeout = 1;
        connection.CommandTimeout = 1;
        connection.Options = "-c idle_in_transaction_session_timeout=1000 -c lock_timeout=1200";
    }

    /// <summary>The database itself writes down what is published after what.</summary>
    private static Task WatchPublishingAsync(CrashRun run, CancellationToken ct) => ExecuteAsync(
        run,
        """
        CREATE TABLE published_wrongly (was bigint, now bigint);
        CREATE FUNCTION watch() RETURNS trigger AS 'BEGIN
            IF NEW."Version" <= OLD."Version" THEN INSERT INTO published_wrongly VALUES (OLD."Version", NEW."Version"); END IF;
            RETURN NEW;
        END' LANGUAGE plpgsql;
        CREATE TRIGGER watch BEFORE UPDATE ON "PublishedStatus" FOR EACH ROW EXECUTE FUNCTION watch()
        """,
        ct);

    private static async Task<long> PublishedWronglyAsync(CrashRun run, CancellationToken ct) => (long)(await ExecuteAsync(run, "SELECT count(*) FROM published_wrongly", ct))!;

    private static async Task<object?> ExecuteAsync(CrashRun run, string sql, CancellationToken ct)
    {
        await using var database = new NpgsqlConnection(run.Connection);
        await database.OpenAsync(ct);
        await using var command = new NpgsqlCommand(sql, database);
        return await command.ExecuteScalarAsync(ct);
    }
}
