namespace Credentials.Wallet.Core.MyData;

/// <summary>What the holder wants to ask for, and of whom.</summary>
/// <param name="Kind">What is asked for.</param>
/// <param name="Party">The verifier that it is about, by its whole Client Identifier, as in the history.</param>
public sealed record RightsRequestDraft(RightsRequestKind Kind, string Party)
{
    /// <summary>
    /// Where it goes. Null: for a deletion the verifier's endpoint, else the first address that it gave; for a report the authority of
    /// <see cref="WalletOptions.SupervisoryAuthority"/>, else the one that the verifier named. The holder may name another <c>mailto:</c>
    /// or <c>https:</c> address.
    /// </summary>
    public Uri? Address { get; init; }

    /// <summary>The language of the letter: <c>ko</c>, or English for any other.</summary>
    public string? Language { get; init; }

    /// <summary>The history entries that it is about; null for all times that something was shown to this verifier.</summary>
    public IReadOnlyCollection<string>? EntryIds { get; init; }

    /// <summary>What the holder adds in their own words, at most 2000 characters.</summary>
    public string? Note { get; init; }
}
