using System.Collections.Concurrent;
using Credentials.Tests.Shared;

namespace Credentials.Verifier.Tests.Faults;

/// <summary>What relying parties and wallets know for certain: the answers that reached them.</summary>
internal sealed class PresentationHistory : FaultHistory
{
    /// <summary>By transaction, how often a wallet was told that its answer was taken.</summary>
    internal ConcurrentDictionary<string, int> Taken { get; } = new();

    /// <summary>Transactions that a wallet has sent an answer to, whatever came of it.</summary>
    internal ConcurrentDictionary<string, bool> Sent { get; } = new();

    /// <summary>By transaction, the final state that a relying party has read.</summary>
    internal ConcurrentDictionary<string, string> Read { get; } = new();
}
