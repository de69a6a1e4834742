using System.Collections.Concurrent;

namespace Credentials.Issuer.Tests.Crash;

/// <summary>What the clients of an issuer know for certain: the answers that reached them. What was asked and never answered is not in here.</summary>
internal sealed class IssuanceHistory
{
    private int _issuances;
    private int _broken;
    private int _lost;
    private long _slowest;

    /// <summary>Tokens by the code that they were given for, each answer once.</summary>
    internal ConcurrentQueue<GrantedToken> Tokens { get; } = new();

    /// <summary>Answers to credential requests, also those to the same request.</summary>
    internal ConcurrentQueue<CredentialAnswer> Answers { get; } = new();

    /// <summary>Revocations that the issuer has acknowledged.</summary>
    internal ConcurrentQueue<AcknowledgedRevocation> Revocations { get; } = new();

    /// <summary>What was asked to be revoked, whatever was answered.</summary>
    internal ConcurrentDictionary<StatusPlace, bool> RevocationsAsked { get; } = new();

    /// <summary>Answers that no fault excuses, in words.</summary>
    internal ConcurrentQueue<string> Surprises { get; } = new();

    /// <summary>Issuances that came to their end.</summary>
    internal int Issuances => _issuances;

    /// <summary>Requests whose connection broke, or that were answered with 503.</summary>
    internal int Broken => _broken;

    /// <summary>Offers that were taken up by a request whose answer never came.</summary>
    internal int Lost => _lost;

    /// <summary>How long a request waited for a 503 at most.</summary>
    internal TimeSpan Slowest => new(Interlocked.Read(ref _slowest));

    internal IEnumerable<HeldCredential> Held => Answers.SelectMany(answer => answer.Credentials).Distinct();

    internal void CountIssuance() => Interlocked.Increment(ref _issuances);

    internal void CountBroken() => Interlocked.Increment(ref _broken);

    internal void CountUnavailable(TimeSpan took)
    {
        for (var known = Interlocked.Read(ref _slowest); took.Ticks > known; known = Interlocked.Read(ref _slowest))
            Interlocked.CompareExchange(ref _slowest, took.Ticks, known);
    }

    internal void CountLost() => Interlocked.Increment(ref _lost);
}
