using System.Text;
using Credentials.Issuer.Http;

namespace Credentials.Issuer.Catalog;

/// <summary>A table as claims source, in memory: the file as it was when it last changed.</summary>
internal sealed class CsvPeople
{
    /// <summary>More people belong into a database.</summary>
    internal const int MaxRows = 200_000;

    private readonly Dictionary<string, List<string>> _rows = new(StringComparer.Ordinal);

    private CsvPeople(DateTime changed, IReadOnlyList<string> columns) => (Changed, Columns) = (changed, columns);

    internal DateTime Changed { get; }

    internal IReadOnlyList<string> Columns { get; }

    internal List<string>? Find(string subject) => _rows.GetValueOrDefault(subject);

    /// <exception cref="IssuerStartException">The file is missing or wrong; the message names it and the line.</exception>
    internal static async Task<CsvPeople> LoadAsync(ClaimsSource.Csv source, CancellationToken ct)
    {
        IssuerStartException Bad(string what) => new($"Claims table {source.File}: {what}");
        try
        {
            var changed = File.GetLastWriteTimeUtc(source.File);
            using var text = new StreamReader(source.File, new UTF8Encoding(false, throwOnInvalidBytes: true));
            var reader = new CsvReader(text);
            var people = new CsvPeople(changed, await reader.ReadAsync(ct) ?? throw Bad("it is empty."));
            var key = people.Columns.ToList().IndexOf(source.Key);
            if (key < 0)
                throw Bad($"there is no column '{source.Key}'.");
            while (await reader.ReadAsync(ct) is { } cells)
            {
                if (people._rows.Count == MaxRows)
                    throw Bad($"more than {MaxRows} rows; use a database.");
                if (cells[key].Length == 0 || !people._rows.TryAdd(cells[key], cells))
                    throw Bad($"Line {reader.Line}: the key is empty or there twice.");
            }

            return people;
        }
        catch (MalformedDataException e)
        {
            throw Bad(e.Message);
        }
        catch (IOException)
        {
            throw Bad("it cannot be read.");
        }
    }
}
