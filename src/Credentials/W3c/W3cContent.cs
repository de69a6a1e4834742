using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Credentials.JsonLd;
using Credentials.SdJwt;
using PublicKey = Credentials.Keys.PublicKey;

namespace Credentials.W3c;

/// <summary>What <see cref="W3cIssuer"/> puts into one secured credential.</summary>
public sealed record W3cContent
{
    /// <summary>The unsecured credential: a whole document of data model 2.0, or for <see cref="W3cIssuer.IssueJwtV1Async"/> of 1.1.</summary>
    public required JsonObject Credential { get; init; }

    /// <summary>
    /// The header's <c>kid</c>: where the issuer is a DID or other controlled identifier, the absolute identifier of the verification
    /// method (VC-JOSE-COSE §4.1.1, §4.3).
    /// </summary>
    public string? KeyId { get; init; }

    /// <summary>The issuer's certificates for <c>x5c</c> or <c>x5chain</c>, leaf first, naming the issuer. Self-signed ones are left out.</summary>
    public IReadOnlyList<X509Certificate2> Certificates { get; init; } = [];

    /// <summary>When the signature is made (<c>iat</c>), in whole seconds; null: it does not say.</summary>
    public DateTimeOffset? SignedAt { get; init; }

    /// <summary>When the signature stops to hold (<c>exp</c>), in whole seconds; not the end of the data's validity, which is <c>validUntil</c>.</summary>
    public DateTimeOffset? SignatureExpiresAt { get; init; }

    /// <summary>The key that the credential is bound to (<c>cnf</c>), beside the identifiers of its subjects.</summary>
    public PublicKey? HolderKey { get; init; }

    /// <summary>
    /// Where it is given, every member and type of the document must be defined by these contexts and those that it names (Data Model 2.0
    /// §5.2.1); null: that is the caller's matter.
    /// </summary>
    public JsonLdContexts? Contexts { get; init; }

    /// <summary>For an SD-JWT: the claims that the holder may show or withhold, as in <see cref="SdJwtContent.Disclosable"/>; none of <see cref="NeverDisclosable"/>.</summary>
    public IReadOnlyList<ClaimPath> Disclosable { get; init; } = [];

    /// <summary>For an SD-JWT: how many decoy digests to add to each object and array that has digests.</summary>
    public int Decoys { get; init; }

    /// <summary>
    /// Members at the top that decide on what the credential means and whether it is valid, and so are never disclosures, nor contain any
    /// (VC-JOSE-COSE §3.2.1); <c>credentialSubject</c> may contain some.
    /// </summary>
    public static IReadOnlySet<string> NeverDisclosable { get; } = new HashSet<string>(StringComparer.Ordinal)
    {
        W3cNames.Context, W3cNames.Type, W3cNames.Issuer, W3cNames.ValidFrom, W3cNames.ValidUntil, W3cNames.Status, W3cNames.Schema,
        W3cNames.RelatedResource, W3cNames.Proof, "status", "cnf", W3cNames.JwtIssuer, W3cNames.JwtIssuedAt, W3cNames.JwtNotBefore, W3cNames.JwtExpires,
    };
}
