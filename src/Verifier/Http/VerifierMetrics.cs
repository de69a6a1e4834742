using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;

namespace Credentials.Verifier.Http;

/// <summary>
/// Counts of states reached, of checks that did not pass and of webhooks, as a meter for whoever listens and as text for <c>/metrics</c>. No personal
/// data, no ids. A clock that is off shows as checks of time that fail for everybody: the figure to put an alarm on.
/// </summary>
internal sealed class VerifierMetrics : IDisposable
{
    private readonly Meter _meter = new("Credentials.Verifier");
    private readonly Counter<long> _states;
    private readonly Counter<long> _checks;
    private readonly Counter<long> _webhooks;
    private readonly ConcurrentDictionary<string, long> _stateTotals = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, long> _checkTotals = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, long> _webhookTotals = new(StringComparer.Ordinal);

    /// <summary>How far this replica's clock is ahead of the database's.</summary>
    public TimeSpan ClockOffset { get; set; }

    public VerifierMetrics()
    {
        _states = _meter.CreateCounter<long>("credentials_verifier_transactions");
        _checks = _meter.CreateCounter<long>("credentials_verifier_failed_checks");
        _webhooks = _meter.CreateCounter<long>("credentials_verifier_webhooks");
    }

    public void Count(string state, long count = 1) => Count(_states, _stateTotals, "state", state, count);

    /// <summary>Counts messages to relying parties: <c>delivered</c>, <c>put_off</c>, <c>given_up</c>; and webhooks <c>removed</c> at their receiver's wish.</summary>
    public void CountWebhooks(string outcome, long count) => Count(_webhooks, _webhookTotals, "outcome", outcome, count);

    /// <summary>Counts the checks of a report that failed or could not be decided.</summary>
    public void CountFailures(VerificationReport report)
    {
        foreach (var check in report.Checks.Concat(report.Parts.SelectMany(part => part.Checks))
            .Where(c => c.Outcome is CheckOutcome.Failed or CheckOutcome.Indeterminate))
        {
            Count(_checks, _checkTotals, "check", check.Id, 1);
        }
    }

    /// <summary>The Prometheus text form.</summary>
    public string ToText()
    {
        var text = new StringBuilder();
        Write(text, "credentials_verifier_transactions_total", "Transactions that reached a state.", "state", _stateTotals);
        Write(text, "credentials_verifier_failed_checks_total", "Checks of answers that failed or could not be decided.", "check", _checkTotals);
        Write(text, "credentials_verifier_webhooks_total", "Messages to relying parties, by what became of an attempt.", "outcome", _webhookTotals);
        text.Append(CultureInfo.InvariantCulture, $"# HELP credentials_verifier_clock_offset_seconds How far this replica's clock is ahead of the database's.\n")
            .Append(CultureInfo.InvariantCulture, $"# TYPE credentials_verifier_clock_offset_seconds gauge\ncredentials_verifier_clock_offset_seconds {ClockOffset.TotalSeconds:0.000}\n");
        return text.ToString();
    }

    private static void Count(Counter<long> counter, ConcurrentDictionary<string, long> totals, string label, string value, long count)
    {
        if (count == 0)
            return;
        counter.Add(count, new KeyValuePair<string, object?>(label, value));
        totals.AddOrUpdate(value, count, (_, total) => total + count);
    }

    private static void Write(StringBuilder text, string name, string help, string label, ConcurrentDictionary<string, long> totals)
    {
        text.Append(CultureInfo.InvariantCulture, $"# HELP {name} {help}\n# TYPE {name} counter\n");
        foreach (var (value, total) in totals.OrderBy(p => p.Key, StringComparer.Ordinal))
            text.Append(CultureInfo.InvariantCulture, $"{name}{{{label}=\"{value}\"}} {total}\n");
    }

    public void Dispose() => _meter.Dispose();
}
