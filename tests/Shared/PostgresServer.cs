using System.Globalization;
using Npgsql;

namespace Credentials.Tests.Shared;

/// <summary>
/// A private PostgreSQL cluster in a temporary folder, started when the first database is asked for and stopped with the fixture.
/// Use it as a class, collection or assembly fixture. Where PostgreSQL is not installed, the test is skipped with the reason.
/// </summary>
public sealed class PostgresServer : IAsyncDisposable
{
    private readonly SemaphoreSlim _starting = new(1, 1);
    private readonly TempFolder _folder = new();
    private readonly string? _binaries = FindBinaries();
    private SmallDisk? _disk;
    private int _port;
    private int _databases;

    /// <summary>Megabytes of a disk of its own; null: it lies on the one that temporary files lie on.</summary>
    public int? DiskSize { get; init; }

    /// <summary>The disk of its own.</summary>
    public SmallDisk Disk => _disk!;

    /// <summary>Makes an empty database of its own for the calling test and returns its connection string.</summary>
    public async Task<string> CreateDatabaseAsync(CancellationToken cancellationToken = default)
    {
        Assert.SkipWhen(_binaries is null, "PostgreSQL is not installed (no /usr/lib/postgresql/*/bin/initdb).");
        await EnsureStartedAsync(cancellationToken);
        var name = $"test_{Interlocked.Increment(ref _databases).ToString(CultureInfo.InvariantCulture)}";
        await using var connection = new NpgsqlConnection(ConnectionString("postgres"));
        await connection.OpenAsync(cancellationToken);
        await using var create = new NpgsqlCommand($"CREATE DATABASE {name}", connection);
        await create.ExecuteNonQueryAsync(cancellationToken);
        return ConnectionString(name);
    }

    /// <summary>Stops the server as a crash would (no clean shutdown) and starts it again on the same port and data.</summary>
    public async Task CrashAndRestartAsync(CancellationToken cancellationToken = default)
    {
        await StopAsync();
        await StartAsync(cancellationToken);
        NpgsqlConnection.ClearAllPools();
    }

    /// <summary>Kills the server's first process (SIGKILL), upon which the others end. <see cref="ReviveAsync"/> starts it again.</summary>
    public async Task KillAsync(CancellationToken cancellationToken = default)
    {
        var id = (await File.ReadAllLinesAsync(Path.Combine(Data, "postmaster.pid"), cancellationToken))[0];
        using var process = System.Diagnostics.Process.GetProcessById(int.Parse(id, CultureInfo.InvariantCulture));
        // With the processes of its connections, as a machine that loses power: left to themselves they may carry out what has just reached them.
        process.Kill(entireProcessTree: true);
    }

    /// <summary>Starts a server that was killed on the same port and data; returns when it takes connections.</summary>
    public async Task ReviveAsync(CancellationToken cancellationToken = default)
    {
        // It refuses as long as processes of the one before are on their way out.
        for (var tries = 0; tries < 100; tries++)
        {
            if ((await TryStartAsync(cancellationToken)).ExitCode == 0)
                return;
            await Task.Delay(100, cancellationToken);
        }

        await StartAsync(cancellationToken);
    }

    /// <summary>The same for one that may have ended by itself, for want of space, or not.</summary>
    public async Task ReviveIfEndedAsync(CancellationToken cancellationToken = default)
    {
        if ((await RunAsync("pg_ctl", ["status", "-D", Data], cancellationToken)).ExitCode != 0)
            await ReviveAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (_port != 0)
        {
            AppDomain.CurrentDomain.ProcessExit -= StopAtExit;
            await StopAsync();
        }
        _disk?.Dispose();
        _folder.Dispose();
        _starting.Dispose();
    }

    private static string? FindBinaries()
    {
        const string debian = "/usr/lib/postgresql";
        if (!Directory.Exists(debian))
            return null;
        return Directory.GetDirectories(debian)
            .OrderByDescending(folder => int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var version) ? version : 0)
            .Select(folder => Path.Combine(folder, "bin"))
            .FirstOrDefault(folder => File.Exists(Path.Combine(folder, "initdb")));
    }

    private string ConnectionString(string database) => new NpgsqlConnectionStringBuilder
    {
        Host = "127.0.0.1",
        Port = _port,
        Username = "postgres",
        Database = database,
        MaxPoolSize = 50,
    }.ConnectionString;

    private async Task EnsureStartedAsync(CancellationToken cancellationToken)
    {
        await _starting.WaitAsync(cancellationToken);
        try
        {
            if (_port != 0)
                return;
            if (DiskSize is { } megabytes)
                _disk = await SmallDisk.MountAsync(_folder.FullPath, megabytes, cancellationToken);
            // The server refuses to run as root, and its folder must be its own.
            if (Environment.IsPrivilegedProcess)
                (await Shell.RunAsync("chown", ["postgres", _folder.FullPath], cancellationToken: cancellationToken)).Succeeded();
            (await RunAsync("initdb", ["-D", Data, "-U", "postgres", "-A", "trust", "--no-sync", "-E", "UTF8", "--locale", "C"], cancellationToken)).Succeeded();
            _port = FreePort.Next();
            await StartAsync(cancellationToken);
            AppDomain.CurrentDomain.ProcessExit += StopAtExit;
        }
        finally
        {
            _starting.Release();
        }
    }

    private string Data => _folder.Combine("data");

    private async Task StartAsync(CancellationToken cancellationToken) => (await TryStartAsync(cancellationToken)).Succeeded();

    private Task<ShellResult> TryStartAsync(CancellationToken cancellationToken)
    {
        var options = $"-p {_port.ToString(CultureInfo.InvariantCulture)} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c max_connections=1000";
        return RunAsync("pg_ctl", ["start", "-w", "-t", "60", "-D", Data, "-l", _folder.Combine("log"), "-o", options], cancellationToken);
    }

    private Task<ShellResult> StopAsync() => RunAsync("pg_ctl", ["stop", "-w", "-t", "30", "-m", "immediate", "-D", Data], CancellationToken.None);

    // pg_ctl finds the server by the process id in the data folder.
    private void StopAtExit(object? sender, EventArgs arguments) => StopAsync().GetAwaiter().GetResult();

    private Task<ShellResult> RunAsync(string program, string[] arguments, CancellationToken cancellationToken)
    {
        var path = Path.Combine(_binaries!, program);
        return Environment.IsPrivilegedProcess
            ? Shell.RunAsync("runuser", ["-u", "postgres", "--", path, .. arguments], _folder.FullPath, cancellationToken: cancellationToken)
            : Shell.RunAsync(path, arguments, _folder.FullPath, cancellationToken: cancellationToken);
    }
}
