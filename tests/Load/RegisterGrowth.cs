using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Credentials.Benchmarks;
using Credentials.Codecs;

namespace Credentials.Load;

/// <summary>What one request to the issuer costs while its register grows, with nobody else there. The rows are made by the database itself, through psql.</summary>
/// <param name="issuer">The service, with lists of 2^20 entries.</param>
/// <param name="people">Its wallets.</param>
/// <param name="database">What psql takes for its database.</param>
internal sealed class RegisterGrowth(ServiceClient issuer, IssuerLoad people, string database)
{
    private const string File = "growth-register";
    private const string Title = "Issuer: credentials in the register (PostgreSQL)";
    private const int Warm = 20, Times = 60;

    // Beyond what the noise of a shared machine makes of a straight line.
    private const double WorseThanLogarithmic = 0.25;

    private readonly List<(string Name, List<(double Size, double Seconds)> Points)> _series = [];
    private long _rows;
    private int _revoked;

    /// <summary>Measures at ten thousand rows and each ten times as many, and prints; with a page, also writes the table into it and the plot beside it.</summary>
    /// <returns>1 if anything grows faster than look-ups do, else 0.</returns>
    internal async Task<int> RunAsync(long most, LoadArguments arguments)
    {
        for (long size = 10_000; size <= most; size *= 10)
        {
            Console.Error.WriteLine($"{size} credentials");
            await FillAsync(size);
            await MeasureAsync(size, "an issuance: offer, token, nonce, credential", _ => people.GetOneAsync());
            await MeasureAsync(size, "the credentials of a person", n => ExpectAsync($"subject=person-{Some(n)}", 1));
            await MeasureAsync(size, "the first hundred that are revoked", _ => ExpectAsync("state=revoked", 100));
            await MeasureAsync(size, "none that is suspended", _ => ExpectAsync("state=suspended", 0));
            await MeasureAsync(size, "a revocation, until the list that says so is served", _ => RevokeAsync());
        }

        var text = new StringBuilder($"![{Title}](images/{File}.svg)\n\n");
        text.AppendLine(CultureInfo.InvariantCulture, $"| | {string.Join(" | ", _series[0].Points.Select(point => "at " + PlotText.Size(point.Size)))} | exponent |");
        text.AppendLine(CultureInfo.InvariantCulture, $"|---|{string.Concat(_series[0].Points.Select(_ => "--:|"))}--:|");
        foreach (var (name, points) in _series)
            text.AppendLine(CultureInfo.InvariantCulture, $"| {name} | {string.Join(" | ", points.Select(point => PlotText.Time(point.Seconds)))} | {PlotText.Exponent([.. points]):0.00} |");
        text.AppendLine();
        text.Append(CultureInfo.InvariantCulture, $"{DateTimeOffset.UtcNow:yyyy-MM-dd}, {Environment.ProcessorCount} processors for service, database and one client.");
        Console.WriteLine(text);
        await arguments.WriteAsync("register growth", text.ToString());
        if (arguments.Find("--write") is { } page)
            await System.IO.File.WriteAllTextAsync(
                Path.Combine(Path.GetDirectoryName(Path.GetFullPath(page))!, "images", File + ".svg"), SvgPlot.Draw(Title, "credentials", [.. _series.Select(line => (line.Name, line.Points.ToArray()))]));
        return _series.Any(line => PlotText.Exponent([.. line.Points]) > WorseThanLogarithmic) ? 1 : 0;
    }

    private async Task MeasureAsync(long size, string name, Func<int, Task> run)
    {
        for (var n = 0; n < Warm; n++) await run(n);
        var taken = new List<double>();
        for (var n = 0; n < Times; n++)
        {
            var start = Stopwatch.GetTimestamp();
            await run(Warm + n);
            taken.Add(Stopwatch.GetElapsedTime(start).TotalSeconds);
        }

        taken.Sort();
        if (_series.All(line => line.Name != name)) _series.Add((name, []));
        _series.First(line => line.Name == name).Points.Add((size, taken[Times / 2]));
    }

    private long Some(int n) => (n * 7919L % _rows) + 1;

    private async Task ExpectAsync(string query, int count)
    {
        var found = (await issuer.GetAsync($"/agency/v1/credentials?{query}")).RequireArray("credentials").GetArrayLength();
        if (found != count) throw new InvalidOperationException($"{query}: {found} credentials instead of {count}.");
    }

    private async Task RevokeAsync()
    {
        // Not one of those that were made revoked, in the list that was filled last.
        var n = _rows - (++_revoked * 100) + 1;
        var id = (await issuer.GetAsync($"/agency/v1/credentials?subject=person-{n}")).RequireArray("credentials")[0].RequireString("id");
        await issuer.PostJsonAsync($"/agency/v1/credentials/{id}/status?wait=published", new JsonObject { ["status"] = "revoked", ["reason"] = "load" }, withKey: true);
    }

    /// <summary>As many rows more as are missing: people with one credential each, issued over two years, one in a hundred revoked, in lists that are full.</summary>
    private async Task FillAsync(long size)
    {
        var now = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        await PsqlAsync(string.Create(CultureInfo.InvariantCulture, $"""
            INSERT INTO "StatusLists" ("Id", "Size", "Next", "PermutationKey", "Version", "CreatedAt")
            SELECT 'full-' || k, 1048576, 1048576, sha256(k::text::bytea), 1, {now} FROM generate_series(0, {(size - 1) >> 20}) k ON CONFLICT DO NOTHING;
            INSERT INTO "Credentials" ("Id", "OfferId", "ConfigurationId", "Type", "Subject", "HolderKey", "ListId", "ListIndex", "Status", "IssuedAt", "ExpiresAt", "DocumentHash")
            SELECT left(md5(n::text), 22), left(md5('offer' || n), 22), 'mdl_sd_jwt', 'urn:example:mdl', 'person-' || n, left(md5('key' || n) || md5(n::text), 43),
                'full-' || ((n - 1) >> 20), ((n - 1) * 644245) & 1048575, CASE WHEN n % 100 = 0 THEN 1 ELSE 0 END,
                {now} - (n * 7919 % 730) * 86400000, {now} + 31536000000, sha256(n::text::bytea)
            FROM generate_series({_rows + 1}::bigint, {size}) n;
            VACUUM ANALYZE "Credentials";
            CHECKPOINT;
            """));
        _rows = size;
    }

    private async Task PsqlAsync(string statements)
    {
        using var psql = Process.Start(new ProcessStartInfo("psql", ["-q", "-v", "ON_ERROR_STOP=1", "-d", database]) { RedirectStandardInput = true })!;
        await psql.StandardInput.WriteAsync(statements);
        psql.StandardInput.Close();
        await psql.WaitForExitAsync();
        if (psql.ExitCode != 0) throw new InvalidOperationException("psql could not fill the register.");
    }
}
