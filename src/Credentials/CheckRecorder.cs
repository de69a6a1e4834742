using System.Collections.Concurrent;

namespace Credentials;

/// <summary>
/// Records the outcome of a fixed list of checks. A verifier starts with all of its required checks at
/// <see cref="CheckOutcome.NotRun"/>, so that one it forgets keeps the credential from being accepted.
/// </summary>
/// <remarks>Not thread-safe. Recording an unlisted check, or one twice, is a programming error and throws.</remarks>
public sealed class CheckRecorder
{
    // Most checks come out plainly, and in every report the same ones: one object for each is enough. Ids and codes are the constants of verifiers.
    private static readonly ConcurrentDictionary<(string Id, CheckOutcome Outcome, string? Code), VerificationCheck> s_plain = new();

    private readonly List<VerificationCheck> _checks;
    private readonly IReadOnlyCollection<string> _mayBeNotApplicable;

    /// <summary>Starts a list of checks.</summary>
    /// <param name="required">The ids of all checks, in report order.</param>
    /// <param name="mayBeNotApplicable">Those that may end as <see cref="CheckOutcome.NotApplicable"/>.</param>
    public CheckRecorder(IReadOnlyList<string> required, IReadOnlyCollection<string> mayBeNotApplicable)
    {
        ArgumentOutOfRangeException.ThrowIfZero(required.Count);
        _checks = new(required.Count);
        foreach (string id in required) _checks.Add(Plain(id, CheckOutcome.NotRun));
        _mayBeNotApplicable = mayBeNotApplicable;
    }

    /// <summary>The checks as recorded so far, in report order.</summary>
    public IReadOnlyList<VerificationCheck> Checks => _checks;

    /// <summary>True when every check recorded so far accepts and none is missing.</summary>
    public bool AllAccept => _checks.TrueForAll(static check => check.Accepts);

    /// <summary>The checks as they are now, whatever is recorded later.</summary>
    internal VerificationCheck[] Copy() => [.. _checks];

    /// <summary>The first check, but for some, that does not accept so far; null if there is none.</summary>
    internal string? FirstFault(params ReadOnlySpan<string> but)
    {
        foreach (VerificationCheck check in _checks)
            if (!but.Contains(check.Id) && !check.Accepts) return check.Id;
        return null;
    }

    /// <summary>The outcome of one check so far.</summary>
    public CheckOutcome Outcome(string id) => _checks[IndexOf(id)].Outcome;

    /// <summary>Records a pass.</summary>
    public void Pass(string id, string? code = null, TimeSpan? age = null) =>
        Record(code is null && age is null ? Plain(id, CheckOutcome.Passed) : new(id, CheckOutcome.Passed, code, Age: age));

    /// <summary>Records a failure with its stable code and the section of the broken rule.</summary>
    public void Fail(string id, string code, string? section = null, TimeSpan? age = null) =>
        Record(new(id, CheckOutcome.Failed, code, Section: section, Age: age));

    /// <summary>Records that the check could not be decided.</summary>
    public void Indeterminate(string id, string code, string? section = null, TimeSpan? age = null) =>
        Record(new(id, CheckOutcome.Indeterminate, code, Section: section, Age: age));

    /// <summary>Records that the check does not apply; only for ids that were declared so.</summary>
    public void NotApplicable(string id, string? code = null)
    {
        if (!_mayBeNotApplicable.Contains(id)) throw new InvalidOperationException($"Check '{id}' always applies.");
        Record(Plain(id, CheckOutcome.NotApplicable, code));
    }

    /// <summary>Says more about a check that passed so far: that it did not pass after all, or what it could not look at.</summary>
    internal void Amend(string id, CheckOutcome outcome, string? code, string section, TimeSpan? age = null)
    {
        int i = IndexOf(id);
        if (_checks[i].Outcome != CheckOutcome.Passed) throw new InvalidOperationException($"Check '{id}' has not passed.");
        _checks[i] = _checks[i] with { Outcome = outcome, Code = code ?? _checks[i].Code, Section = outcome == CheckOutcome.Passed ? null : section, Age = age ?? _checks[i].Age };
    }

    /// <summary>Names the check that keeps these from running. Those already recorded keep their outcome.</summary>
    public void Block(string blockedBy, params ReadOnlySpan<string> ids)
    {
        foreach (string id in ids)
        {
            int i = IndexOf(id);
            if (_checks[i].Outcome == CheckOutcome.NotRun && _checks[i].BlockedBy is null) _checks[i] = _checks[i] with { BlockedBy = blockedBy };
        }
    }

    /// <summary>Names the check that keeps every check not yet recorded from running.</summary>
    public void BlockRest(string blockedBy) => Block(blockedBy, [.. _checks.Select(c => c.Id).Where(id => id != blockedBy)]);

    private static VerificationCheck Plain(string id, CheckOutcome outcome, string? code = null) =>
        s_plain.GetOrAdd((id, outcome, code), static key => new(key.Id, key.Outcome, key.Code));

    private void Record(VerificationCheck check)
    {
        int i = IndexOf(check.Id);
        if (_checks[i].Outcome != CheckOutcome.NotRun || _checks[i].BlockedBy is not null)
            throw new InvalidOperationException($"Check '{check.Id}' is recorded already.");
        _checks[i] = check;
    }

    private int IndexOf(string id)
    {
        for (int i = 0; i < _checks.Count; i++)
            if (_checks[i].Id == id) return i;
        throw new InvalidOperationException($"Check '{id}' is not on the list.");
    }
}
