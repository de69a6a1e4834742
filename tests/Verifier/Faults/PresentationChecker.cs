using System.Collections.Frozen;
using Credentials.Verifier.Storage;

namespace Credentials.Verifier.Tests.Faults;

/// <summary>
/// Holds what clients know against what the verifier has and has told: an answer is taken once, what a wallet or relying party was told stays so,
/// nothing is accepted that nobody sent, and each end was told to the webhook as it is.
/// </summary>
internal static class PresentationChecker
{
    /// <summary>What is wrong, in words; empty when nothing is.</summary>
    /// <param name="transactions">The state of each transaction in the database.</param>
    /// <param name="told">The states that the webhook received, by transaction.</param>
    internal static IReadOnlyList<string> Check(PresentationHistory clients, IReadOnlyDictionary<string, string> transactions, ILookup<string, string> told) =>
    [
        .. clients.Surprises,
        .. clients.Taken.Where(taken => taken.Value > 1).Select(taken => $"{taken.Value} answers to {taken.Key} were taken"),
        .. clients.Taken.Keys.Where(id => transactions.GetValueOrDefault(id) != TransactionStates.Accepted).Select(id => $"the answer to {id} was taken, and it is {transactions.GetValueOrDefault(id) ?? "lost"}"),
        .. clients.Read.Where(read => transactions.GetValueOrDefault(read.Key) != read.Value).Select(read => $"{read.Key} was {read.Value} and is {transactions.GetValueOrDefault(read.Key) ?? "lost"}"),
        .. transactions.Where(t => t.Value == TransactionStates.Accepted && !clients.Sent.ContainsKey(t.Key)).Select(t => $"{t.Key} is accepted, and nobody has answered it"),
        .. transactions.Where(t => !_expected.Contains(t.Value)).Select(t => $"{t.Key} is {t.Value}, which nothing made it"),
        .. transactions.Where(t => TransactionStates.IsFinal(t.Value) && !told[t.Key].Any()).Select(t => $"the end of {t.Key} was not told"),
        .. told.Where(t => t.Any(state => state != transactions.GetValueOrDefault(t.Key))).Select(t => $"{t.Key} was told as {string.Join(" and ", t.Distinct())}"),
    ];

    private static readonly FrozenSet<string> _expected =
        new[] { TransactionStates.Created, TransactionStates.Requested, TransactionStates.Accepted, TransactionStates.Cancelled }.ToFrozenSet();
}
