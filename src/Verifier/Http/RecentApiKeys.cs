using System.Collections.Concurrent;
using Credentials.Verifier.Storage;

namespace Credentials.Verifier.Http;

/// <summary>Keys that the database had less than a second ago: a busy relying party does not cost a query each time, and a revoked key ends within that second.</summary>
internal sealed class RecentApiKeys(VerifierHostOptions options)
{
    private const int Most = 1000;

    private static readonly TimeSpan Kept = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<string, (ApiKeyRow Row, long At)> _rows = new(StringComparer.Ordinal);

    /// <param name="hash">The hash of the key, as the database has it.</param>
    public ApiKeyRow? Find(byte[] hash) =>
        _rows.TryGetValue(Convert.ToHexString(hash), out var found) && options.Time.GetElapsedTime(found.At) < Kept ? found.Row : null;

    public void Keep(ApiKeyRow row)
    {
        if (_rows.Count >= Most)
            _rows.Clear();
        _rows[Convert.ToHexString(row.Hash)] = (row, options.Time.GetTimestamp());
    }
}
