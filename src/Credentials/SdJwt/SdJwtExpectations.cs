using System.Text.Json;
using Credentials.SdJwt.TypeMetadata;
using Credentials.StatusLists;
using Credentials.Trust;

namespace Credentials.SdJwt;

/// <summary>What <see cref="SdJwtVerifier"/> holds a credential against. Nothing that matters has a default.</summary>
public sealed record SdJwtExpectations
{
    /// <summary>The authorities whose credentials are accepted.</summary>
    public required TrustStore Trust { get; init; }

    /// <summary>The time of verification.</summary>
    public required DateTimeOffset Now { get; init; }

    /// <summary>Whether and how the holder must have signed.</summary>
    public required KeyBindingExpectation KeyBinding { get; init; }

    /// <summary>How the status is to be checked.</summary>
    public required StatusPolicy Status { get; init; }

    /// <summary>Fetches status lists; without one, a status that is to be checked stays undecided.</summary>
    public StatusListClient? StatusClient { get; init; }

    /// <summary>Whether the signer's certificates are looked up on revocation lists; null: not.</summary>
    public SignerRevocation? Revocation { get; init; }

    /// <summary>Fetches the keys of issuers trusted by their URL; without it, their credentials stay undecided.</summary>
    public JwtVcIssuerMetadataClient? IssuerMetadata { get; init; }

    /// <summary>
    /// Finds the metadata of the credential's type, which it is then held against (SD-JWT VC §5.7); null: type metadata is not looked at.
    /// </summary>
    public TypeMetadataClient? TypeMetadata { get; init; }

    /// <summary>With <see cref="TypeMetadata"/>: whether a credential whose type metadata cannot be had is refused.</summary>
    public bool RequiresTypeMetadata { get; init; } = true;

    /// <summary>The kind of SD-JWT.</summary>
    public SdJwtProfile Profile { get; init; } = SdJwtProfile.VerifiableCredential;

    /// <summary>The types asked for, of which <c>vct</c> or one of <c>aka_vcts</c> must be one; null: any.</summary>
    public IReadOnlyCollection<string>? Types { get; init; }

    /// <summary>The id of the query that the credential answers.</summary>
    public string? QueryId { get; init; }

    /// <summary>Looks at the processed claims: null if the query is satisfied, else the code of what is missing.</summary>
    public Func<JsonElement, string?>? Query { get; init; }

    /// <summary>How far clocks may be apart for <c>exp</c>, <c>nbf</c> and <c>iat</c>; at most a minute.</summary>
    public TimeSpan ClockSkew
    {
        get;
        init => field = value >= TimeSpan.Zero && value <= TimeSpan.FromSeconds(60)
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), "The clock skew is at most 60 seconds.");
    } = TimeSpan.FromSeconds(60);

    /// <summary>What reading may cost.</summary>
    public SdJwtLimits Limits { get; init; } = SdJwtLimits.Default;
}
