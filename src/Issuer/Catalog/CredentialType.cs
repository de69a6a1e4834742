using Credentials.Mdoc;
using Credentials.OpenId4Vci;

namespace Credentials.Issuer.Catalog;

/// <summary>A kind of credential this issuer offers, as declared in a catalog file.</summary>
internal sealed record CredentialType
{
    /// <summary>The credential configuration id; also its scope.</summary>
    public required string Id { get; init; }

    /// <summary>Whether it comes with the service, rather than from the operator's folder.</summary>
    public bool IsShipped { get; init; }

    public required string Format { get; init; }

    /// <summary><c>vct</c> of an SD-JWT VC, document type of an mdoc, the last of a W3C credential's <see cref="Types"/>.</summary>
    public required string Type { get; init; }

    /// <summary>For a W3C credential: its types besides <c>VerifiableCredential</c>, the one that says most last.</summary>
    public IReadOnlyList<string> Types { get; init; } = [];

    /// <summary>For a W3C credential: the contexts that define its types and claims, besides that of the data model.</summary>
    public IReadOnlyList<string> Contexts { get; init; } = [];

    /// <summary>For a W3C credential with a proof: the cryptosuite.</summary>
    public string? Cryptosuite { get; init; }

    /// <summary>The dataset whose claims an offer may give once for all types that name it.</summary>
    public string? Dataset { get; init; }

    /// <summary>How many days a credential is valid at most, counted from the day of issuance.</summary>
    public required int ValidDays { get; init; }

    /// <summary>A date claim that ends the validity earlier.</summary>
    public string? NotAfterClaim { get; init; }

    public required IReadOnlyList<DisplayText> Display { get; init; }

    /// <summary>The pictures, by the locale of the entry of <see cref="Display"/>.</summary>
    public IReadOnlyDictionary<string, DisplayFiles> Pictures { get; init; } = new Dictionary<string, DisplayFiles>();

    public required IReadOnlyList<ClaimDefinition> Claims { get; init; }

    /// <summary>Where claims come from that an offer does not bring; null: offers bring them.</summary>
    public ClaimsSource? Source { get; init; }

    /// <summary>For an mdoc: the types of its data elements, where no data model of the standards names them.</summary>
    public MdocDataModel? DataModel { get; init; }

    /// <summary>Every claim and member with its path in the credential, in display order.</summary>
    public IEnumerable<(ClaimPath Path, ClaimDefinition Claim)> AllClaims() =>
        Flatten(Claims, CredentialFormat.IsW3c(Format) ? [ClaimPathSegment.Member("credentialSubject")] : [], always: true);

    /// <summary>Paths the holder can leave out, recursively: an object and each of its members, a list and each of its elements.</summary>
    public IReadOnlyList<ClaimPath> DisclosablePaths()
    {
        var paths = new List<ClaimPath>();
        foreach (var (path, claim) in AllClaims())
        {
            if (claim.Disclosable)
                paths.Add(path);
            if (claim.DisclosableElements)
                paths.Add(new ClaimPath([.. path.Segments, ClaimPathSegment.All]));
        }

        return paths;
    }

    private static IEnumerable<(ClaimPath Path, ClaimDefinition Claim)> Flatten(
        IEnumerable<ClaimDefinition> claims, IReadOnlyList<ClaimPathSegment> parent, bool always)
    {
        foreach (var claim in claims)
        {
            // OpenID4VCI Appendix C.2: a path into an mdoc begins with namespace and data element identifier.
            List<ClaimPathSegment> own = claim.Namespace is { } space
                ? [ClaimPathSegment.Member(space), ClaimPathSegment.Member(claim.Element)]
                : [.. parent, ClaimPathSegment.Member(claim.Name)];
            // OpenID4VCI Appendix B.2: a mandatory claim is always there, which one inside an optional claim is not.
            yield return (new ClaimPath(own), always ? claim : claim with { Mandatory = false });
            List<ClaimPathSegment> inner = claim.Kind == ClaimKind.List ? [.. own, ClaimPathSegment.All] : own;
            foreach (var member in Flatten(claim.Members, inner, always && claim.AlwaysThere))
                yield return member;
        }
    }
}
