using Credentials.Dids;
using Credentials.JsonLd;

namespace Credentials.DataIntegrity;

/// <summary>What a new proof is to say (Data Integrity 1.0 §2.1).</summary>
public sealed record ProofOptions
{
    /// <summary>One of the cryptosuites of <see cref="DataIntegrityNames"/>.</summary>
    public required string Cryptosuite { get; init; }

    /// <summary>The URL under which the signing key's controller publishes its public half.</summary>
    public required string VerificationMethod { get; init; }

    /// <summary>What the proof is made for.</summary>
    public required VerificationRelationship Purpose { get; init; }

    /// <summary>The contexts that the document may name.</summary>
    public required JsonLdContexts Contexts { get; init; }

    /// <summary>When it is made; null: it does not say.</summary>
    public DateTimeOffset? Created { get; init; }

    /// <summary>When it ends; null: it does not.</summary>
    public DateTimeOffset? Expires { get; init; }

    /// <summary>An identifier, for later proofs to refer to.</summary>
    public string? Id { get; init; }

    /// <summary>Where it may be used; one is written as text, more as a list.</summary>
    public IReadOnlyList<string> Domains { get; init; } = [];

    /// <summary>What it answers.</summary>
    public string? Challenge { get; init; }

    /// <summary>Something that makes it differ from others.</summary>
    public string? Nonce { get; init; }

    /// <summary>The identifiers of proofs of the document that it is to cover too.</summary>
    public IReadOnlyList<string> PreviousProofs { get; init; } = [];

    /// <summary>ecdsa-sd-2023: JSON pointers (RFC 6901) to what a holder cannot leave out.</summary>
    public IReadOnlyList<string> MandatoryPointers { get; init; } = [];

    /// <summary>Caps on JSON-LD and RDF.</summary>
    public JsonLdLimits Limits { get; init; } = JsonLdLimits.Default;
}
