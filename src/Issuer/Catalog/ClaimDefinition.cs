using Credentials.OpenId4Vci;

namespace Credentials.Issuer.Catalog;

/// <summary>One claim of a credential type.</summary>
internal sealed record ClaimDefinition
{
    public required string Name { get; init; }

    public required ClaimKind Kind { get; init; }

    /// <summary>For a claim of an mdoc: the namespace of its data element.</summary>
    public string? Namespace { get; init; }

    /// <summary>For a claim of an mdoc: the data element identifier.</summary>
    public required string Element { get; init; }

    /// <summary>Whether an offer must bring it.</summary>
    public bool Mandatory { get; init; }

    /// <summary>Whether every credential has it: because it must be given, or because it is worked out.</summary>
    public bool AlwaysThere => Mandatory || Kind is ClaimKind.AgeOver or ClaimKind.DistinguishingSign;

    /// <summary>Whether the holder can leave it out when presenting.</summary>
    public bool Disclosable { get; init; } = true;

    /// <summary>Whether each element of a list can be left out by itself.</summary>
    public bool DisclosableElements { get; init; }

    /// <summary>Members of an object, or of each object of a list.</summary>
    public IReadOnlyList<ClaimDefinition> Members { get; init; } = [];

    /// <summary>For <see cref="ClaimKind.AgeOver"/>: how many years.</summary>
    public int Years { get; init; }

    /// <summary>For <see cref="ClaimKind.AgeOver"/>: the claim with the day of birth.</summary>
    public string? BirthDateClaim { get; init; }

    /// <summary>For <see cref="ClaimKind.DistinguishingSign"/>: the claim with the country.</summary>
    public string? CountryClaim { get; init; }

    public IReadOnlyList<DisplayText> Display { get; init; } = [];
}
