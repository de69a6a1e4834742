using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.Issuer.Catalog;
using Credentials.Issuer.Http;
using Credentials.Issuer.Offers;
using Credentials.Issuer.Storage;

namespace Credentials.Issuer.Bulk;

/// <summary>
/// Asks the claims source of a type for what rows lack, by the reference to the person in their column <see cref="TableClaims.Subject"/>.
/// No database transaction waits for that: a source may take seconds, a writer of SQLite keeps all others out.
/// </summary>
internal sealed class BatchSources(ClaimsLookup sources)
{
    /// <summary>How many people are asked about at a time: a source is somebody's register, not a load test.</summary>
    internal const int AtOnce = 8;

    /// <summary>What came of asking for one row: an answer, or the reason for its failure.</summary>
    internal sealed record Asked(ClaimsAnswer? Answer, AgencyException? Fault)
    {
        /// <summary>The claims of the row with those of the source that it lacks; null: the source needs time, and the row brings none itself.</summary>
        /// <exception cref="AgencyException">The source does not know the person, cannot be asked, or needs time where nobody can wait.</exception>
        /// <exception cref="MalformedDataException">The source answers with something that is not of this type.</exception>
        internal JsonObject? Complete(CredentialType type, JsonObject own, bool canWait)
        {
            if (Fault is not null)
                throw Fault;
            if (Answer!.Claims is not { } claims)
            {
                return canWait && own.Count == 0
                    ? null
                    : throw new AgencyException(503, IssuerCodes.ClaimsSource, "The claims source needs time, which only an offer without claims of its own can wait for.");
            }

            foreach (var (name, value) in OfferClaims.Arrange(type, StrictJson.ToElement(claims), takesAll: true))
                own.TryAdd(name, value?.DeepClone());
            return own;
        }
    }

    /// <summary>By number, those rows for which the source was asked: the others lack nothing, name nobody, or cannot be read.</summary>
    internal async Task<IReadOnlyDictionary<int, Asked>> AskAsync(CredentialType type, TableClaims table, IReadOnlyList<BatchRow> rows, CancellationToken ct)
    {
        var asked = new ConcurrentDictionary<int, Asked>();
        var lacking = rows.Where(row => row.Subject is not null && Lacks(table, row)).ToList();
        await Parallel.ForEachAsync(lacking, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = ct }, async (row, token) =>
        {
            try
            {
                asked[row.Number] = new Asked(await sources.FindAsync(type, row.Subject!, token), null);
            }
            catch (AgencyException e)
            {
                asked[row.Number] = new Asked(null, e);
            }
        });
        return asked;
    }

    private static bool Lacks(TableClaims table, BatchRow row)
    {
        try
        {
            return table.Lacks(table.Read(StoredCells.Read(row.Cells!)));
        }
        catch (CredentialException)
        {
            // Told when the row is read for good.
            return false;
        }
    }
}
