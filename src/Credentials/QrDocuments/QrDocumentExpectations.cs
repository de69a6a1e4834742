using System.Text.Json;
using Credentials.StatusLists;
using Credentials.Trust;

namespace Credentials.QrDocuments;

/// <summary>What <see cref="QrDocumentVerifier"/> holds a printed document against. Nothing that matters has a default.</summary>
public sealed record QrDocumentExpectations
{
    /// <summary>
    /// The authorities whose documents are accepted. Documents that carry no certificate are signed by one of its pinned signers
    /// (<see cref="TrustStore.PinnedSigners"/>), as an HCERT always is.
    /// </summary>
    public required TrustStore Trust { get; init; }

    /// <summary>The time of verification.</summary>
    public required DateTimeOffset Now { get; init; }

    /// <summary>How the status is to be checked; the only thing that may need the network.</summary>
    public required StatusPolicy Status { get; init; }

    /// <summary>Fetches status lists; without one, a status that is to be checked stays undecided.</summary>
    public StatusListClient? StatusClient { get; init; }

    /// <summary>Whether the signer's certificates are looked up on revocation lists; null: not.</summary>
    public SignerRevocation? Revocation { get; init; }

    /// <summary>True if whoever shows the document must prove to be its holder. No printed document can do that, so none is accepted then.</summary>
    public required bool IsHolderBindingRequired { get; init; }

    /// <summary>The types asked for; null: any.</summary>
    public IReadOnlyCollection<string>? Types { get; init; }

    /// <summary>The id of the query that the document answers.</summary>
    public string? QueryId { get; init; }

    /// <summary>Looks at the document and what it says as JSON: null if the query is satisfied, else the code of what is missing.</summary>
    public Func<QrDocument, JsonElement, string?>? Query { get; init; }

    /// <summary>How far clocks may be apart; at most a minute.</summary>
    public TimeSpan ClockSkew
    {
        get;
        init => field = value >= TimeSpan.Zero && value <= TimeSpan.FromSeconds(60)
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), "The clock skew is at most 60 seconds.");
    } = TimeSpan.FromSeconds(60);
}
