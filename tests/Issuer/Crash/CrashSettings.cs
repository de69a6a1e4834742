using Credentials.Tests.Shared;
using Npgsql;

namespace Credentials.Issuer.Tests.Crash;

/// <summary>How a <see cref="CrashRun"/> is set up.</summary>
internal sealed record CrashSettings
{
    internal int Clients { get; init; } = 6;

    /// <summary>Within which each request must have an answer.</summary>
    internal TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Megabytes of a disk of its own for the database; null: none.</summary>
    internal int? Disk { get; init; }

    /// <summary>Settings of both replicas' connections, and through the relays that can be cut; null: straight to the database.</summary>
    internal Action<NpgsqlConnectionStringBuilder>? Cuttable { get; init; }

    /// <summary>What each replica's processes are given besides.</summary>
    internal IReadOnlyList<IReadOnlyDictionary<string, string>?> Environments { get; init; } = [null, null];

    internal NpgsqlConnectionStringBuilder Connect(NpgsqlConnectionStringBuilder connection, TcpRelay way)
    {
        if (Cuttable is null)
        {
            // A machine with much else to do may take its time to open a connection; a server that is away refuses one at once.
            connection.Timeout = 60;
            return connection;
        }

        connection.Port = way.Port;
        Cuttable(connection);
        return connection;
    }
}
