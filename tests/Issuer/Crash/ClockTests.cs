using System.Net;
using System.Text.Json;
using Credentials.Codecs;
using Credentials.Issuer.Status;
using Credentials.Issuer.Storage;
using Credentials.Issuer.Tests.Setup;
using Credentials.StatusLists;
using Credentials.Tests.Shared;
using Npgsql;

namespace Credentials.Issuer.Tests.Crash;

/// <summary>
/// Two issuer processes on one PostgreSQL under load, one of which has a clock that is set while it runs. CREDENTIALS_CLOCK_STEPS says how often.
/// </summary>
public sealed class ClockTests(ITestOutputHelper output)
{
    private static readonly TimeSpan _slack = TimeSpan.FromSeconds(90); // what the service allows, and what a busy machine takes

    private static readonly TimeSpan[] _steps =
        [TimeSpan.FromHours(1), TimeSpan.FromSeconds(-40), TimeSpan.FromHours(-1), TimeSpan.FromMinutes(5), TimeSpan.FromSeconds(40), TimeSpan.FromMinutes(-5), TimeSpan.FromDays(3650)];

    [Fact]
    [Trait("Row", "REL-14")]
    public async Task A_replica_whose_clock_is_set_under_load_serves_nobody_while_it_is_wrong_and_nothing_is_used_twice_or_dated_wrongly()
    {
        using var clock = new FakeTime();
        var (began, settings) = (DateTimeOffset.UtcNow, new CrashSettings { Environments = [clock.Environment, null] });
        await CrashRun.RunAsync(output, "issuer: a replica's clock set", settings, async (run, ct) =>
        {
            var (wrong, right) = (run.Replicas[0], run.Replicas[1]);
            for (var step = 0; step < FaultRun.Times("CREDENTIALS_CLOCK_STEPS", 3); step++)
            {
                var ahead = _steps[step % _steps.Length];
                await wrong.UntilAnsweredAsync(10, ct);
                run.CountFault();
                clock.Set(ahead);
                if (ahead.Duration() > TimeSpan.FromMinutes(1))
                    await IsOutAsync(run, wrong, ct);
                else
                    await wrong.UntilAnsweredAsync(20, ct);
                await right.UntilAnsweredAsync(20, ct);
                clock.Set(TimeSpan.Zero);
                await wrong.UntilReadyAsync(run.Http, ct);
            }

            await wrong.UntilAnsweredAsync(20, ct);
            await TimesAreGoodAsync(run, began, ct);
        });
    }

    /// <summary>A clock that is far ahead leaves nothing behind that verifiers refuse; one that is a little ahead, nothing that they prefer to what follows.</summary>
    [Fact]
    [Trait("Row", "REL-14")]
    public async Task A_list_that_follows_one_of_a_clock_ahead_is_dated_so_that_verifiers_take_it()
    {
        using var folder = new TempFolder();
        var clock = new TestClock();
        await using var issuer = await RunningIssuer.StartAsync(folder.FullPath, clock: clock);
        await issuer.IssueAsync(2);
        var rows = await issuer.RegisterAsync();

        clock.Advance(TimeSpan.FromHours(1));
        await RevokeAsync(issuer, rows[0]);
        Assert.Equal(clock.Now, (await ListAsync()).IssuedAt);
        clock.Advance(TimeSpan.FromHours(-1));
        Assert.Equal(clock.Now, await UntilAsync(at => at <= clock.Now));

        clock.Advance(TimeSpan.FromSeconds(-50));
        await RevokeAsync(issuer, rows[1]);
        var list = await ListAsync();
        Assert.Equal(clock.Now.AddSeconds(50), list.IssuedAt);
        Assert.All(rows, row => Assert.Equal(StatusTypes.Invalid, list.UnverifiedList[(int)row.RequireIndex("status_index")]));

        async Task<StatusListToken> ListAsync() =>
            StatusListToken.Parse(await issuer.Http.GetStringAsync($"/status/{rows[0].RequireString("status_list")}", RunningIssuer.Ct));

        async Task<DateTimeOffset> UntilAsync(Func<DateTimeOffset, bool> fits)
        {
            while (true)
            {
                if ((await ListAsync()).IssuedAt is var at && fits(at))
                    return at;
                await Task.Delay(StatusPublisher.CheckInterval, RunningIssuer.Ct);
            }
        }
    }

    private static async Task RevokeAsync(RunningIssuer issuer, JsonElement row)
    {
        using var change = await issuer.ChangeStatusAsync(row.RequireString("id"), "revoked");
        Assert.Equal(HttpStatusCode.OK, change.StatusCode);
    }

    private static async Task IsOutAsync(CrashRun run, KillableReplica wrong, CancellationToken ct)
    {
        await wrong.UntilUnavailableAsync(3, ct);
        using (var ready = await run.Http.GetAsync(new Uri(wrong.Address, "/readyz"), ct))
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
            Assert.NotNull(ready.Headers.RetryAfter);
        }

        using (var alive = await run.Http.GetAsync(new Uri(wrong.Address, "/healthz"), ct))
            Assert.Equal(HttpStatusCode.OK, alive.StatusCode);
        // Whoever had it signs no status lists any more.
        while (await wrong.IsPublisherAsync(run.Http, ct))
            await Task.Delay(50, ct);
    }

    /// <summary>Everything that was dated lies between the beginning and now.</summary>
    private static async Task TimesAreGoodAsync(CrashRun run, DateTimeOffset began, CancellationToken ct)
    {
        var (from, to) = ((began - _slack).ToUnixTimeMilliseconds(), (DateTimeOffset.UtcNow + _slack).ToUnixTimeMilliseconds());
        await using var database = new NpgsqlConnection(run.Connection);
        await database.OpenAsync(ct);
        // A list that is only asked for has not been signed yet, and has no date.
        foreach (var (table, column, which) in new[] { ("Credentials", "IssuedAt", "true"), ("PublishedStatus", "SignedAt", $"\"Version\" <> {PublishedStatus.Wanted}"), ("StatusLists", "CreatedAt", "true") })
        {
            await using var count = new NpgsqlCommand($"""SELECT count(*), count(*) FILTER (WHERE "{column}" NOT BETWEEN {from} AND {to}) FROM "{table}" WHERE {which} """, database);
            await using var counted = await count.ExecuteReaderAsync(ct);
            Assert.True(await counted.ReadAsync(ct) && counted.GetInt64(0) > 0, table);
            Assert.True(counted.GetInt64(1) == 0, $"{counted.GetInt64(1)} of {table}.{column} lie outside of the run");
        }

        var lists = new List<string>();
        await using (var reader = await new NpgsqlCommand("SELECT \"Id\" FROM \"StatusLists\"", database).ExecuteReaderAsync(ct))
        {
            while (await reader.ReadAsync(ct))
                lists.Add(reader.GetString(0));
        }

        foreach (var list in lists)
        {
            var token = StatusListToken.Parse(await run.Http.GetStringAsync(new Uri(run.Replicas[0].Address, $"/status/{list}"), ct));
            Assert.InRange(token.IssuedAt, began - _slack, DateTimeOffset.UtcNow + _slack);
            Assert.Equal(TimeSpan.FromDays(1), token.ExpiresAt - token.IssuedAt);
            Assert.Equal(TimeSpan.FromMinutes(5), token.TimeToLive);
        }
    }
}
