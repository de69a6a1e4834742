using Credentials.Verifier.Storage;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Credentials.Verifier.Tests;

/// <summary>What counts as the database being away, and what as our own mistake.</summary>
public sealed class StorageFaultTests
{
    public static TheoryData<string> Kinds => [.. s_kinds.Keys];

    private static readonly Dictionary<string, (bool IsAway, Exception Fault)> s_kinds = new()
    {
        ["no connection"] = (true, new NpgsqlException("refused", new System.Net.Sockets.SocketException(111))),
        ["no answer in time"] = (true, new NpgsqlException("slow", new TimeoutException())),
        ["no connection free"] = (true, new TimeoutException()),
        ["PostgreSQL: disk full"] = (true, Postgres("53100")),
        ["PostgreSQL: too many connections"] = (true, Postgres("53300")),
        ["PostgreSQL: shut down"] = (true, Postgres("57P01")),
        ["PostgreSQL: starting up"] = (true, Postgres("57P03")),
        ["PostgreSQL: input or output"] = (true, Postgres("58030")),
        ["PostgreSQL: deadlock"] = (true, Postgres("40P01")),
        ["PostgreSQL: a trigger"] = (true, Postgres("P0001")),
        ["PostgreSQL: no such table"] = (false, Postgres("42P01")),
        ["PostgreSQL: taken"] = (false, Postgres("23505")),
        ["PostgreSQL: too long"] = (false, Postgres("22001")),
        ["PostgreSQL: statement cancelled"] = (false, Postgres("57014")),
        ["SQLite: busy"] = (true, Sqlite(5)),
        ["SQLite: locked"] = (true, Sqlite(6)),
        ["SQLite: read-only"] = (true, Sqlite(8)),
        ["SQLite: input or output"] = (true, Sqlite(10)),
        ["SQLite: damaged"] = (true, Sqlite(11)),
        ["SQLite: disk full"] = (true, Sqlite(13)),
        ["SQLite: cannot be opened"] = (true, Sqlite(14)),
        ["SQLite: no database"] = (true, Sqlite(26)),
        ["SQLite: a trigger"] = (true, new SqliteException("no", 19, 1811)),
        ["SQLite: no such table"] = (false, Sqlite(1)),
        ["SQLite: taken"] = (false, new SqliteException("no", 19, 2067)),
        ["nothing of a database"] = (false, new InvalidOperationException("a mistake")),
        ["a null"] = (false, new NullReferenceException()),
    };

    /// <summary>As it is thrown, and as EF Core throws it on: from a query, from a save, and from a save that was to be tried again.</summary>
    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_fault_is_told_apart_however_it_is_wrapped(string kind)
    {
        var (isAway, fault) = s_kinds[kind];

        Assert.Equal(isAway, DatabaseSetup.IsUnavailable(fault));
        Assert.Equal(isAway, DatabaseSetup.IsUnavailable(new InvalidOperationException("query", fault)));
        Assert.Equal(isAway, DatabaseSetup.IsUnavailable(new DbUpdateException("save", fault)));
        Assert.Equal(isAway, DatabaseSetup.IsUnavailable(new InvalidOperationException("again", new DbUpdateException("save", fault))));
    }

    private static PostgresException Postgres(string state) => new("no", "ERROR", "ERROR", state);

    private static SqliteException Sqlite(int code) => new("no", code);
}
