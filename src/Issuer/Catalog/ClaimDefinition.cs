using Credentials.OpenId4Vci;

namespace Credentials.Issuer.Catalog;

/// <summary>One claim of a credential type.</summary>
internal sealed record ClaimDefinition
{
    public required string Name { get; init; }

    public required ClaimKind Kind { get; init; }

    /// <summary>Whether an offer must bring it. Claims that are worked out are always there.</summary>
    public bool Mandatory { get; init; }

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

    public IReadOnlyList<DisplayText> Display { get; init; } = [];
}
