using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Credentials.StatusLists;
using PublicKey = Credentials.Keys.PublicKey;

namespace Credentials.SdJwt;

/// <summary>What <see cref="SdJwtIssuer"/> puts into one credential.</summary>
public sealed record SdJwtContent
{
    /// <summary>The claims, apart from those that have a property of their own here.</summary>
    public required JsonObject Claims { get; init; }

    /// <summary>
    /// The claims that the holder may show or withhold one by one. Naming <c>address</c> and <c>address.city</c> makes
    /// both disclosable, the second inside the first; naming only <c>address.city</c> leaves <c>address</c> itself open.
    /// A null segment means every element of an array. A path that matches nothing has no effect.
    /// </summary>
    public required IReadOnlyList<ClaimPath> Disclosable { get; init; }

    /// <summary><c>vct</c>, required in an SD-JWT VC unless <see cref="Claims"/> has it.</summary>
    public string? Type { get; init; }

    /// <summary>The header's <c>typ</c>.</summary>
    public string HeaderType { get; init; } = SdJwtNames.CredentialType;

    /// <summary>The issuer's certificates for <c>x5c</c>, leaf first. Self-signed ones are left out (HAIP 1.0 §6.1.1).</summary>
    public IReadOnlyList<X509Certificate2> Certificates { get; init; } = [];

    /// <summary>The header's <c>kid</c>, where there are no certificates.</summary>
    public string? KeyId { get; init; }

    /// <summary>The key that the credential is bound to (<c>cnf.jwk</c>); null for a credential without key binding.</summary>
    public PublicKey? HolderKey { get; init; }

    /// <summary><c>iat</c>.</summary>
    public DateTimeOffset? IssuedAt { get; init; }

    /// <summary><c>nbf</c>.</summary>
    public DateTimeOffset? NotBefore { get; init; }

    /// <summary><c>exp</c>.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>
    /// Times are rounded to this, so that credentials of one batch cannot be linked by them (RFC 9901 §10.1): <c>iat</c>
    /// and <c>nbf</c> down, <c>exp</c> up. A day unless said; zero keeps the seconds.
    /// </summary>
    public TimeSpan TimeGranularity { get; init; } = TimeSpan.FromDays(1);

    /// <summary>Where the credential's status will stand (<c>status</c>).</summary>
    public StatusReference? Status { get; init; }

    /// <summary>The hash algorithm of the digests.</summary>
    public DisclosureHash Hash { get; init; } = DisclosureHash.Sha256;

    /// <summary>How many decoy digests to add to each object and array that has digests (RFC 9901 §4.2.5).</summary>
    public int Decoys { get; init; }
}
