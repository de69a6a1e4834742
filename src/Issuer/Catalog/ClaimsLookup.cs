using System.Collections.Concurrent;
using System.Data.Common;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.Http;
using Credentials.Issuer.Http;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Credentials.Issuer.Catalog;

/// <summary>Asks the claims source of a type for one person. Sources are read only, answer within seconds or not at all, and are the operator's.</summary>
internal sealed class ClaimsLookup(IssuerOptions options, TimeProvider time) : IDisposable
{
    private const int Seconds = 5;

    private static readonly FetchRule _rule = new("application/json") { MaxRedirects = 0, ReturnErrorStatus = true, Timeout = TimeSpan.FromSeconds(Seconds) };

    private readonly ConcurrentDictionary<ClaimsSource.Csv, CsvPeople> _tables = new();
    private readonly OutboundHttp _http = new(new OutboundHttpOptions
    {
        PrivateHosts = options.ClaimsHosts,
        AllowLoopbackHttp = options.PublicUrl.StartsWith("http:", StringComparison.Ordinal), // only a service on this machine is
    });

    public void Dispose() => _http.Dispose();

    /// <summary>Finds out at the start what can be found out.</summary>
    /// <exception cref="IssuerStartException">A table is wrong, or a source names a database or token that is not configured.</exception>
    internal async Task CheckAsync(CredentialCatalog catalog, CancellationToken ct)
    {
        foreach (var type in catalog.Types)
        {
            switch (type.Source)
            {
                case ClaimsSource.Csv csv:
                    var people = await TableAsync(csv, ct);
                    try
                    {
                        _ = new TableClaims(type, people.Columns, Extra(type, csv));
                    }
                    catch (MalformedDataException e)
                    {
                        throw new IssuerStartException($"Claims table {csv.File}: Line 1: {e.Message}");
                    }

                    break;
                case ClaimsSource.Sql sql when !options.ClaimsDatabases.ContainsKey(sql.Database):
                    throw new IssuerStartException($"The source of '{type.Id}' names the database '{sql.Database}', which ClaimsDatabases does not have.");
                case ClaimsSource.Http { Token: { } token } when !options.ClaimsTokens.ContainsKey(token):
                    throw new IssuerStartException($"The source of '{type.Id}' names the token '{token}', which ClaimsTokens does not have.");
            }
        }
    }

    /// <exception cref="AgencyException">404: the source does not know this person. 503: it cannot be asked, or answers with something else.</exception>
    internal async Task<ClaimsAnswer> FindAsync(CredentialType type, string subject, CancellationToken ct)
    {
        try
        {
            return type.Source switch
            {
                ClaimsSource.Csv csv => Known(await FromTableAsync(type, csv, subject, ct)),
                ClaimsSource.Sql sql => Known(await FromDatabaseAsync(type, sql, subject, ct)),
                ClaimsSource.Http http => await FromHttpAsync(http, subject, ct),
                _ => null,
            } ?? throw new AgencyException(404, IssuerCodes.ClaimsMissing, "The claims source does not know this subject.");
        }
        // A driver may have no value for a column's type, an address none for a subject.
        catch (Exception e) when (e is DbException or FetchException or MalformedDataException or IssuerStartException or TimeoutException or InvalidCastException or UriFormatException)
        {
            throw new AgencyException(503, IssuerCodes.ClaimsSource, "The claims source cannot be asked, or does not answer as it should.");
        }
    }

    private static ClaimsAnswer? Known(JsonObject? claims) => claims is null ? null : new ClaimsAnswer(claims);

    // The same table can be sent as a batch.
    private static string[] Extra(CredentialType type, ClaimsSource.Csv csv) => type.Claims.Any(claim => claim.Name == csv.Key) ? [TableClaims.Subject] : [TableClaims.Subject, csv.Key];

    private async Task<CsvPeople> TableAsync(ClaimsSource.Csv csv, CancellationToken ct)
    {
        if (_tables.TryGetValue(csv, out var kept) && kept.Changed == File.GetLastWriteTimeUtc(csv.File))
            return kept;
        return _tables[csv] = await CsvPeople.LoadAsync(csv, ct);
    }

    private async Task<JsonObject?> FromTableAsync(CredentialType type, ClaimsSource.Csv csv, string subject, CancellationToken ct)
    {
        var people = await TableAsync(csv, ct);
        return people.Find(subject) is { } cells ? new TableClaims(type, people.Columns, Extra(type, csv)).Read(cells) : null;
    }

    private async Task<JsonObject?> FromDatabaseAsync(CredentialType type, ClaimsSource.Sql sql, string subject, CancellationToken ct)
    {
        await using var connection = Connect(options.ClaimsDatabases[sql.Database]);
        await connection.OpenAsync(ct);
        await using var command = connection.CreateCommand();
        command.CommandText = sql.Query;
        command.CommandTimeout = Seconds;
        var parameter = command.CreateParameter();
        (parameter.ParameterName, parameter.Value) = ("@subject", subject);
        command.Parameters.Add(parameter);
        await using var reader = await command.ExecuteReaderAsync(ct);
        if (!await reader.ReadAsync(ct))
            return null;
        var names = Enumerable.Range(0, reader.FieldCount).Select(reader.GetName).ToList();
        var cells = Enumerable.Range(0, reader.FieldCount).Select(i => reader.IsDBNull(i) ? "" : Text(reader.GetValue(i))).ToList();
        // Two people under one reference: whose claims it would be, nobody could say.
        return await reader.ReadAsync(ct) ? throw new MalformedDataException(IssuerCodes.ClaimsSource, "More than one row.") : new TableClaims(type, names).Read(cells);
    }

    private async Task<ClaimsAnswer?> FromHttpAsync(ClaimsSource.Http source, string subject, CancellationToken ct)
    {
        var url = new Uri(source.Url.Replace("{subject}", Uri.EscapeDataString(subject), StringComparison.Ordinal));
        KeyValuePair<string, string>[] headers = source.Token is { } token ? [KeyValuePair.Create("Authorization", $"Bearer {options.ClaimsTokens[token]}")] : [];
        var answer = await _http.GetAsync(url, _rule, headers, ct);
        if (answer.Status == 404)
            return null;
        // RFC 9110 §15.3.3, §10.2.3: it has begun, and says when to ask again.
        if (answer.Status == 202)
            return new ClaimsAnswer(null, RetryConditionHeaderValue.TryParse(answer.Headers.GetValueOrDefault("Retry-After"), out var retry) ? retry.Delta ?? retry.Date - time.GetUtcNow() : null);
        return answer.IsSuccess
            ? new ClaimsAnswer((JsonObject)StrictJson.ToNode(answer.ReadJsonObject(IssuerCodes.ClaimsSource))!)
            : throw new MalformedDataException(IssuerCodes.ClaimsSource, "Not a success.");
    }

    // "sqlite:FILE" or a PostgreSQL connection string; either way nothing can be written through it.
    private static DbConnection Connect(string database)
    {
        if (database.StartsWith("sqlite:", StringComparison.Ordinal))
            return new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = database[7..], Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ConnectionString);
        var builder = new NpgsqlConnectionStringBuilder(database) { Timeout = Seconds };
        builder.Options = $"{builder.Options} -c default_transaction_read_only=on".Trim();
        return new NpgsqlConnection(builder.ConnectionString);
    }

    private static string Text(object value) => value switch
    {
        string text => text,
        bool flag => flag ? "true" : "false",
        DateOnly day => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        DateTime time => time.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => throw new MalformedDataException(IssuerCodes.ClaimsSource, "A column has a type that no claim has."),
    };
}
