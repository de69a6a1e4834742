using Credentials.Issuer.Http;
using Credentials.Issuer.Status;
using Credentials.Tests.Shared;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Credentials.Issuer.Tests.Crash;

/// <summary>Who signs status lists, when the way to the database falls silent.</summary>
public class ElectionTests(PostgresServer postgres)
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [Trait("Row", "REL-10")]
    public async Task A_replica_that_is_cut_off_is_followed_up_and_comes_back_as_one_of_two(bool forget)
    {
        var ct = TestContext.Current.CancellationToken;
        var connection = new NpgsqlConnectionStringBuilder(await postgres.CreateDatabaseAsync(ct));
        await using var way = new TcpRelay(connection.Port);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        // The way back for what the server says at the end of the session is cut as well: it ends it alone.
        var one = Elected(new NpgsqlConnectionStringBuilder(connection.ConnectionString) { Port = way.Port }.ConnectionString);
        var two = Elected(connection.ConnectionString);
        var first = one.RunAsync(_ => Task.CompletedTask, stop.Token);
        await UntilAsync(() => one.IsElected, ct);
        var second = two.RunAsync(_ => Task.CompletedTask, stop.Token);

        way.Cut();
        await UntilAsync(() => two.IsElected && !one.IsElected, ct);
        way.Heal(forget);
        // It hears that somebody else has the lock.
        await Task.Delay(2 * StatusPublisher.CheckInterval, ct);
        Assert.True(two.IsElected && !one.IsElected);

        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
    }

    private static PublisherElection Elected(string connection) =>
        new(connection, TimeProvider.System, null, new Metrics(), NullLogger<PublisherElection>.Instance) { Silence = TimeSpan.FromSeconds(2) };

    private static async Task UntilAsync(Func<bool> condition, CancellationToken ct)
    {
        while (!condition())
            await Task.Delay(20, ct);
    }
}
