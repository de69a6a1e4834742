using System.Data;
using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Npgsql;

namespace Credentials.Verifier.Storage;

/// <summary>
/// Where one connection to PostgreSQL broke under a statement, those that wait in the pool are not trusted either: each of them would cost somebody
/// the same time, long after the server or the way to it is back.
/// </summary>
internal sealed class LostConnections : DbCommandInterceptor
{
    public override Task CommandFailedAsync(DbCommand command, CommandErrorEventData eventData, CancellationToken cancellationToken = default)
    {
        Forget(command.Connection);
        return Task.CompletedTask;
    }

    /// <param name="connection">One under which a statement failed.</param>
    public static void Forget(DbConnection? connection)
    {
        if (connection is NpgsqlConnection { State: not ConnectionState.Open } broken)
            NpgsqlConnection.ClearPool(broken);
    }
}
