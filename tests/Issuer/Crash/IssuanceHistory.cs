using System.Collections.Concurrent;
using Credentials.Tests.Shared;

namespace Credentials.Issuer.Tests.Crash;

/// <summary>What the clients of an issuer know for certain: the answers that reached them. What was asked and never answered is not in here.</summary>
internal sealed class IssuanceHistory : FaultHistory
{
    private int _issuances;
    private int _lost;

    /// <summary>Tokens by the code that they were given for, each answer once.</summary>
    internal ConcurrentQueue<GrantedToken> Tokens { get; } = new();

    /// <summary>Answers to credential requests, also those to the same request.</summary>
    internal ConcurrentQueue<CredentialAnswer> Answers { get; } = new();

    /// <summary>Revocations that the issuer has acknowledged.</summary>
    internal ConcurrentQueue<AcknowledgedRevocation> Revocations { get; } = new();

    /// <summary>What was asked to be revoked, whatever was answered.</summary>
    internal ConcurrentDictionary<StatusPlace, bool> RevocationsAsked { get; } = new();

    /// <summary>Issuances that came to their end.</summary>
    internal int Issuances => _issuances;

    /// <summary>Offers that were taken up by a request whose answer never came.</summary>
    internal int Lost => _lost;

    internal IEnumerable<HeldCredential> Held => Answers.SelectMany(answer => answer.Credentials).Distinct();

    internal void CountIssuance() => Interlocked.Increment(ref _issuances);

    internal void CountLost() => Interlocked.Increment(ref _lost);
}
