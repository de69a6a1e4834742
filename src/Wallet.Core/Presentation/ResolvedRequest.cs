using Credentials.OpenId4Vp;
using Credentials.Wallet.Core.Documents;
using Credentials.Wallet.Core.MyData;

namespace Credentials.Wallet.Core.Presentation;

/// <summary>
/// A verifier's request that passed the wallet's checks, with everything that could be shown: what the holder looks at before deciding.
/// Comes from <see cref="CredentialWallet.ResolveRequestAsync"/>.
/// </summary>
public sealed class ResolvedRequest
{
    internal ResolvedRequest(
        VerifiedRequest verified, IReadOnlyList<RequestedSet> sets, VerifierContact? contact, string historyId, DateTimeOffset askedAt)
    {
        (Verified, Sets, Contact, HistoryId, AskedAt) = (verified, sets, contact, historyId, askedAt);
        VerifierNames = DisplayNames.From([(null, verified.VerifierName)]);
        UnverifiedNames = DisplayNames.From([(null, verified.Request.ClientMetadata?.UnverifiedClientName)]);
        Purpose = DisplayNames.From((PurposeStatement.Find(verified.Request.VerifierInfo)?.Texts ?? new Dictionary<string, string>())
            .Select(text => ((string?)text.Key, (string?)text.Value)));
    }

    /// <summary>The verifier's whole Client Identifier.</summary>
    public string ClientId => Verified.Request.ClientId.Full;

    /// <summary>The name in the verifier's certificate; none for an unsigned request.</summary>
    public DisplayNames VerifierNames { get; }

    /// <summary>What the verifier calls itself. Nobody vouches for it: never to be shown as the verified name.</summary>
    public DisplayNames UnverifiedNames { get; }

    /// <summary>True if an authority that the wallet trusts vouches for the verifier. If false, only <see cref="ResponseUri"/> is known of it.</summary>
    public bool IsVerifierTrusted => Verified.IsTrusted;

    /// <summary>Why the verifier asks, in its own words; none if it does not say.</summary>
    public DisplayNames Purpose { get; }

    /// <summary>Where the verifier says that holders turn to about their data; null if it does not say.</summary>
    public VerifierContact? Contact { get; }

    /// <summary>Where the answer would go.</summary>
    public Uri ResponseUri => Verified.Request.ResponseUri;

    /// <summary>True if the answer would be encrypted to the verifier beyond the transport.</summary>
    public bool IsAnswerEncrypted => Verified.Encryption is not null;

    /// <summary>Transactions that the holder would authorize by answering: to be shown. Each is of a type that the app named.</summary>
    public IReadOnlyList<TransactionData> TransactionData => Verified.Request.TransactionData;

    /// <summary>What is asked for and what could be shown: sets, their options, the members of each, and the documents that match.</summary>
    public IReadOnlyList<RequestedSet> Sets { get; }

    /// <summary>True if every required set can be met. If not, nothing may be shown and the request can only be declined.</summary>
    public bool IsSatisfiable => Sets.All(set => !set.IsRequired || set.IsSatisfiable);

    /// <summary>
    /// The selection that shows the least: for each required set the option with the fewest claims, of each document the one shown
    /// least often; nothing for sets that may be left out. Null if the request cannot be met. It is a proposal: the app asks the holder.
    /// </summary>
    public PresentationSelection? Proposal => !IsSatisfiable ? null : PresentationSelection.Of(
        Sets.Where(set => set.IsRequired)
            .SelectMany(set => set.Options.Where(option => option.IsSatisfiable).MinBy(option => option.Cost)!.Members)
            .DistinctBy(member => member.QueryId)
            .Select(member => KeyValuePair.Create(member.QueryId, member.Matches[0].Document.Id)));

    internal VerifiedRequest Verified { get; }

    internal string HistoryId { get; }

    internal DateTimeOffset AskedAt { get; }
}
