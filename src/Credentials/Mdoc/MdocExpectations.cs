using System.Text.Json;
using Credentials.StatusLists;
using Credentials.Trust;

namespace Credentials.Mdoc;

/// <summary>What <see cref="MdocVerifier"/> holds an mdoc against. Nothing that matters has a default.</summary>
public sealed record MdocExpectations
{
    /// <summary>The authorities whose mdocs are accepted.</summary>
    public required TrustStore Trust { get; init; }

    /// <summary>The time of verification.</summary>
    public required DateTimeOffset Now { get; init; }

    /// <summary>Whether and how the device must have proved possession of its key.</summary>
    public required DeviceAuthExpectation DeviceAuth { get; init; }

    /// <summary>How the status is to be checked.</summary>
    public required StatusPolicy Status { get; init; }

    /// <summary>Fetches status lists; without one, a status that is to be checked stays undecided.</summary>
    public StatusListClient? StatusClient { get; init; }

    /// <summary>Whether the signer's certificates are looked up on revocation lists; null: not.</summary>
    public SignerRevocation? Revocation { get; init; }

    /// <summary>The document types asked for; null: any.</summary>
    public IReadOnlyCollection<string>? DocTypes { get; init; }

    /// <summary>The id of the query that the mdoc answers.</summary>
    public string? QueryId { get; init; }

    /// <summary>
    /// Looks at the mdoc and its data elements as JSON (namespace → element → value): null if the query is satisfied, else the code of what is missing.
    /// </summary>
    public Func<IssuerSigned, JsonElement, string?>? Query { get; init; }

    /// <summary>How far clocks may be apart; at most a minute.</summary>
    public TimeSpan ClockSkew
    {
        get;
        init => field = value >= TimeSpan.Zero && value <= TimeSpan.FromSeconds(60)
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), "The clock skew is at most 60 seconds.");
    } = TimeSpan.FromSeconds(60);
}
