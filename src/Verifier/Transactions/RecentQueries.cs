using System.Collections.Concurrent;
using System.Text.Json;
using Credentials.Codecs;
using Credentials.Dcql;
using Credentials.OpenId4Vp;

namespace Credentials.Verifier.Transactions;

/// <summary>A stored query as it was read.</summary>
/// <param name="Query">The query.</param>
/// <param name="Formats">The <c>vp_formats_supported</c> that goes with it.</param>
internal sealed record ReadQuery(DcqlQuery Query, JsonElement Formats);

/// <summary>Keeps queries as they were read: those of a policy are the same all day, and each of its transactions needs them twice.</summary>
internal sealed class RecentQueries
{
    private const int Most = 200;
    private const int LongestText = 8192;

    private readonly ConcurrentDictionary<string, ReadQuery> _read = new(StringComparer.Ordinal);

    /// <param name="text">A transaction's query, as it is stored.</param>
    public ReadQuery Of(string text)
    {
        if (_read.TryGetValue(text, out var known))
            return known;
        var query = DcqlQuery.Parse(StrictJson.Parse(text));
        var read = new ReadQuery(query, StrictJson.ToElement(VpFormats.ToJson(query.Credentials.Select(c => c.Format))));
        if (text.Length > LongestText)
            return read;
        if (_read.Count >= Most)
            _read.Clear();
        return _read[text] = read;
    }
}
