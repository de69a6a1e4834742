using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;

namespace Credentials.Verifier.Http;

/// <summary>
/// Counts of states reached and of checks that did not pass, as a meter for whoever listens and as text for <c>/metrics</c>. No personal
/// data, no ids. A clock that is off shows as checks of time that fail for everybody: the figure to put an alarm on.
/// </summary>
internal sealed class VerifierMetrics : IDisposable
{
    private readonly Meter _meter = new("Credentials.Verifier");
    private readonly Counter<long> _states;
    private readonly Counter<long> _checks;
    private readonly ConcurrentDictionary<string, long> _stateTotals = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, long> _checkTotals = new(StringComparer.Ordinal);

    public VerifierMetrics()
    {
        _states = _meter.CreateCounter<long>("credentials_verifier_transactions");
        _checks = _meter.CreateCounter<long>("credentials_verifier_failed_checks");
    }

    public void Count(string state, long count = 1)
    {
        if (count == 0)
            return;
        _states.Add(count, new KeyValuePair<string, object?>("state", state));
        _stateTotals.AddOrUpdate(state, count, (_, total) => total + count);
    }

    /// <summary>Counts the checks of a report that failed or could not be decided.</summary>
    public void CountFailures(VerificationReport report)
    {
        foreach (var check in report.Checks.Concat(report.Parts.SelectMany(part => part.Checks))
            .Where(c => c.Outcome is CheckOutcome.Failed or CheckOutcome.Indeterminate))
        {
            _checks.Add(1, new KeyValuePair<string, object?>("check", check.Id));
            _checkTotals.AddOrUpdate(check.Id, 1, (_, total) => total + 1);
        }
    }

    /// <summary>The Prometheus text form.</summary>
    public string ToText()
    {
        var text = new StringBuilder();
        Write(text, "credentials_verifier_transactions_total", "Transactions that reached a state.", "state", _stateTotals);
        Write(text, "credentials_verifier_failed_checks_total", "Checks of answers that failed or could not be decided.", "check", _checkTotals);
        return text.ToString();
    }

    private static void Write(StringBuilder text, string name, string help, string label, ConcurrentDictionary<string, long> totals)
    {
        text.Append(CultureInfo.InvariantCulture, $"# HELP {name} {help}\n# TYPE {name} counter\n");
        foreach (var (value, total) in totals.OrderBy(p => p.Key, StringComparer.Ordinal))
            text.Append(CultureInfo.InvariantCulture, $"{name}{{{label}=\"{value}\"}} {total}\n");
    }

    public void Dispose() => _meter.Dispose();
}
