using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using Credentials.Issuer.Http;
using Npgsql;

namespace Credentials.Issuer.Recovery;

/// <summary>PostgreSQL's own programs for back-ups, which every administrator knows. They get the connection by environment, so that no password stands in a command line.</summary>
internal static class PostgresTools
{
    /// <summary>One consistent snapshot in the custom format of <c>pg_dump</c>.</summary>
    internal static Task DumpAsync(string connection, string file, CancellationToken ct) =>
        RunAsync("pg_dump", ["--format=custom", "--no-owner", "--no-privileges", "--no-password", $"--file={file}"], connection, ct);

    /// <summary>Everything or nothing, into a database that is there and empty.</summary>
    internal static Task RestoreAsync(string connection, string file, CancellationToken ct) => RunAsync(
        "pg_restore",
        ["--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges", "--no-password", $"--dbname={new NpgsqlConnectionStringBuilder(connection).Database}", file], connection, ct);

    private static async Task RunAsync(string program, string[] arguments, string connection, CancellationToken ct)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardError = true, RedirectStandardOutput = true, UseShellExecute = false };
        foreach (var (name, value) in Environment(new NpgsqlConnectionStringBuilder(connection)))
            start.Environment[name] = value;
        using var process = Start(start);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(ct);
            var errors = await process.StandardError.ReadToEndAsync(ct);
            await output;
            await process.WaitForExitAsync(ct);
            if (process.ExitCode != 0)
                throw new IssuerStartException($"{program} failed: {errors.Split('\n').FirstOrDefault(line => line.Trim().Length > 0)?.Trim() ?? "no reason given"}");
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception e)
        {
            throw new IssuerStartException($"{start.FileName} is not installed. It comes with PostgreSQL's client programs (Debian: postgresql-client), of the server's version or later.", e);
        }
    }

    // libpq's names (PostgreSQL documentation, §34.15).
    private static IEnumerable<(string Name, string Value)> Environment(NpgsqlConnectionStringBuilder settings) => new (string Name, string? Value)[]
    {
        ("PGHOST", settings.Host),
        ("PGPORT", settings.Port.ToString(CultureInfo.InvariantCulture)),
        ("PGUSER", settings.Username),
        ("PGPASSWORD", settings.Password),
        ("PGPASSFILE", settings.Passfile),
        ("PGDATABASE", settings.Database),
        ("PGSSLMODE", settings.SslMode switch
        {
            SslMode.VerifyCA => "verify-ca",
            SslMode.VerifyFull => "verify-full",
            var mode => mode.ToString().ToLowerInvariant(),
        }),
        ("PGSSLROOTCERT", settings.RootCertificate),
        ("PGSSLCERT", settings.SslCertificate),
        ("PGSSLKEY", settings.SslKey),
    }.Where(pair => !string.IsNullOrEmpty(pair.Value)).Select(pair => (pair.Name, pair.Value!));
}
