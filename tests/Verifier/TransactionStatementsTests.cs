using System.Runtime.CompilerServices;
using Credentials.Tests.Shared;
using Credentials.Verifier.Storage;
using Credentials.Verifier.Tests.Setup;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Credentials.Verifier.Tests;

/// <summary>Statements that name every column themselves.</summary>
public sealed class TransactionStatementsTests(PostgresServer postgres) : IClassFixture<PostgresServer>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task A_row_is_read_as_it_was_stored_with_every_column_and_with_none_that_may_be_absent(bool onPostgres, bool full)
    {
        var connection = onPostgres ? await postgres.CreateDatabaseAsync(Ct) : null;
        await using var verifier = new TestVerifier { Alter = o => o with { Connection = connection } };
        await verifier.InitializeAsync();
        await using var scope = verifier.Host.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<VerifierDbContext>();
        var stored = NewRow(full);
        db.Transactions.Add(stored);
        await db.SaveChangesAsync(Ct);
        db.ChangeTracker.Clear();

        AssertSame(stored, await db.FindRequestAsync(stored.RequestId, Ct));
        Assert.Null(await db.FindRequestAsync(stored.Id, Ct));
        AssertSame(stored, await db.FindTransactionAsync(stored.Id, Ct));

        // Fetched before, out of time, without a request object, or asked through a browser: not taken, and left as it is.
        Assert.Null(await db.TakeRequestAsync(stored.RequestId, 0, Ct));
        foreach (var (state, prefix, signing) in new[] { ("created", "redirect_uri", null), ("created", "x509_hash", "signed"), ("requested", "x509_hash", (string?)null) })
        {
            await SetAsync(state, prefix, signing);
            Assert.Null(await db.TakeRequestAsync(stored.RequestId, 0, Ct));
            Assert.Equal(state, (await db.FindRequestAsync(stored.RequestId, Ct))!.State);
        }
        await SetAsync("created", "x509_hash", null);
        Assert.Null(await db.TakeRequestAsync(stored.RequestId, stored.ExpiresAt, Ct));
        var taken = await db.TakeRequestAsync(stored.RequestId, stored.ExpiresAt - 1, Ct);
        Assert.Equal("requested", taken!.State);
        AssertSame(taken, await db.FindTransactionAsync(stored.Id, Ct));
        Assert.Null(await db.TakeRequestAsync(stored.RequestId, 0, Ct));

        Task SetAsync(string state, string prefix, string? signing) => db.Transactions.ExecuteUpdateAsync(
            u => u.SetProperty(t => t.State, state).SetProperty(t => t.ClientIdPrefix, prefix).SetProperty(t => t.RequestSigning, signing), Ct);
    }

    /// <summary>A row in which no two columns have the same value.</summary>
    private static TransactionRow NewRow(bool full)
    {
        var row = (TransactionRow)RuntimeHelpers.GetUninitializedObject(typeof(TransactionRow));
        var n = 1;
        foreach (var property in typeof(TransactionRow).GetProperties())
        {
            n++;
            property.SetValue(row, property.PropertyType switch
            {
                var type when type == typeof(int) => n,
                var type when type == typeof(long) => n * 1_000_000_000_000L,
                var type when type == typeof(bool) => full,
                _ when !full && !property.IsDefined(typeof(RequiredMemberAttribute), false) => null,
                var type when type == typeof(long?) => n * 1_000_000_000_000L,
                var type when type == typeof(byte[]) => new byte[] { (byte)n, 0, 255 },
                _ => $"값 {n}",
            });
        }

        return row;
    }

    private static void AssertSame(TransactionRow expected, TransactionRow? actual)
    {
        Assert.NotNull(actual);
        Assert.All(typeof(TransactionRow).GetProperties(), property => Assert.Equal(property.GetValue(expected), property.GetValue(actual)));
    }
}
