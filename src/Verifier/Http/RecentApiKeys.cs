using System.Collections.Concurrent;
using Credentials.Verifier.Storage;

namespace Credentials.Verifier.Http;

/// <summary>Keys that the database had less than a second ago: a busy relying party does not cost a query each time, and a revoked key ends within that second.</summary>
internal sealed class RecentApiKeys(VerifierHostOptions options)
{
    private const int Most = 1000;

    public static readonly TimeSpan Kept = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<string, (ApiKeyRow Row, long At)> _rows = new(StringComparer.Ordinal);

    /// <param name="hash">The hash of the key, as the database has it.</param>
    public ApiKeyRow? Find(byte[] hash) =>
        _rows.TryGetValue(Convert.ToHexString(hash), out var found) && options.Time.GetElapsedTime(found.At) < Kept ? found.Row : null;

    /// <summary>A timestamp of the clock that keys are aged by.</summary>
    public long Now => options.Time.GetTimestamp();

    /// <param name="row">What the database said.</param>
    /// <param name="asked">When it was asked: a slow answer is no younger for it.</param>
    public void Keep(ApiKeyRow row, long asked)
    {
        if (_rows.Count >= Most)
            _rows.Clear();
        _rows[Convert.ToHexString(row.Hash)] = (row, asked);
    }
}
