using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;

namespace Credentials.Verifier.Http;

/// <summary>Counts of states reached, as a meter for whoever listens and as text for <c>/metrics</c>. No personal data, no ids.</summary>
internal sealed class VerifierMetrics : IDisposable
{
    private readonly Meter _meter = new("Credentials.Verifier");
    private readonly Counter<long> _counter;
    private readonly ConcurrentDictionary<string, long> _totals = new(StringComparer.Ordinal);

    public VerifierMetrics() => _counter = _meter.CreateCounter<long>("credentials_verifier_transactions");

    public void Count(string state, long count = 1)
    {
        if (count == 0)
            return;
        _counter.Add(count, new KeyValuePair<string, object?>("state", state));
        _totals.AddOrUpdate(state, count, (_, total) => total + count);
    }

    /// <summary>The Prometheus text form.</summary>
    public string ToText()
    {
        var text = new StringBuilder("# HELP credentials_verifier_transactions_total Transactions that reached a state.\n# TYPE credentials_verifier_transactions_total counter\n");
        foreach (var (state, total) in _totals.OrderBy(p => p.Key, StringComparer.Ordinal))
            text.Append(CultureInfo.InvariantCulture, $"credentials_verifier_transactions_total{{state=\"{state}\"}} {total}\n");
        return text.ToString();
    }

    public void Dispose() => _meter.Dispose();
}
