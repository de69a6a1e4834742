using System.Text.Json;
using Credentials.Dids;
using Credentials.JsonLd;
using Credentials.SdJwt;
using Credentials.StatusLists;
using Credentials.Trust;

namespace Credentials.W3c;

/// <summary>What <see cref="W3cVerifier"/> holds a credential or presentation against. Nothing that matters has a default.</summary>
public sealed record W3cExpectations
{
    /// <summary>The authorities whose credentials are accepted.</summary>
    public required TrustStore Trust { get; init; }

    /// <summary>The time of verification.</summary>
    public required DateTimeOffset Now { get; init; }

    /// <summary>Whether the holder must present the credential, and for what: the audience is the JWT's <c>aud</c> or the proof's <c>domain</c>, the nonce its <c>nonce</c> or <c>challenge</c>.</summary>
    public required KeyBindingExpectation Binding { get; init; }

    /// <summary>How the status is to be checked.</summary>
    public required StatusPolicy Status { get; init; }

    /// <summary>Whether the certificates of an issuer that is known by its chain are looked up on revocation lists; null: not asked.</summary>
    public SignerRevocation? Revocation { get; init; }

    /// <summary>Finds the keys of issuers that are trusted by their DID or other controlled identifier; without it, their credentials stay undecided.</summary>
    public DidResolver? Identifiers { get; init; }

    /// <summary>
    /// Finds the keys of holders. Whoever presents chooses the identifier: with did:web switched on, also the host that is asked.
    /// Without it, only keys that the credential itself names (<c>cnf</c>) bind a presentation.
    /// </summary>
    public DidResolver? HolderIdentifiers { get; init; }

    /// <summary>Fetches the keys of issuers that are trusted by their URL (VC-JOSE-COSE §4.2.1); without it, their credentials stay undecided.</summary>
    public JwtVcIssuerMetadataClient? IssuerMetadata { get; init; }

    /// <summary>Fetches the lists of <c>credentialStatus</c>; without one, such a status stays undecided.</summary>
    public BitstringStatusListClient? BitstringStatusClient { get; init; }

    /// <summary>Fetches status lists of a <c>status</c> claim; without one, such a status stays undecided.</summary>
    public StatusListClient? StatusClient { get; init; }

    /// <summary>Whether data model 1.1 is accepted too.</summary>
    public bool AcceptsDataModelV1 { get; init; }

    /// <summary>The types asked for, of which the credential must have one; null: any, and the issuer must be trusted for each that it has.</summary>
    public IReadOnlyCollection<string>? Types { get; init; }

    /// <summary>The context URLs that the verifier knows the meaning of (Data Model 2.0 §6.3): any other, and any inline context, is refused. Null: not checked here.</summary>
    public IReadOnlyCollection<string>? Contexts { get; init; }

    /// <summary>The JSON-LD contexts that are known: what embedded proofs cover depends on them. None is ever fetched.</summary>
    public JsonLdContexts JsonLdContexts { get; init; } = JsonLdContexts.BuiltIn;

    /// <summary>Whether every member and type must be defined by contexts that are known, also where a signature covers the document as it stands (§5.2.1).</summary>
    public bool RequiresDefinedTerms { get; init; }

    /// <summary>
    /// Checks one entry of <c>credentialSchema</c> against the credential: null if it is followed, else the code of why not. Null: schemas
    /// are not checked, which the report says.
    /// </summary>
    public Func<JsonElement, JsonElement, string?>? Schema { get; init; }

    /// <summary>The resources by URL that the verifier uses with the credential, such as contexts and schemas: each must be the one of its digest (§5.3).</summary>
    public IReadOnlyDictionary<string, ReadOnlyMemory<byte>> Resources { get; init; } = new Dictionary<string, ReadOnlyMemory<byte>>();

    /// <summary>The id of the query that the credential answers.</summary>
    public string? QueryId { get; init; }

    /// <summary>Looks at the claims: null if the query is satisfied, else the code of what is missing.</summary>
    public Func<JsonElement, string?>? Query { get; init; }

    /// <summary>The same for callers that must also see how it is secured.</summary>
    internal Func<SecuredDocument, JsonElement, string?>? SecuredQuery { get; init; }

    /// <summary>How far clocks may be apart; at most a minute.</summary>
    public TimeSpan ClockSkew
    {
        get;
        init => field = value >= TimeSpan.Zero && value <= TimeSpan.FromSeconds(60)
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), "The clock skew is at most 60 seconds.");
    } = TimeSpan.FromSeconds(60);

    /// <summary>What reading may cost.</summary>
    public W3cLimits Limits { get; init; } = W3cLimits.Default;
}
