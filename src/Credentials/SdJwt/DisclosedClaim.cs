namespace Credentials.SdJwt;

/// <summary>A claim that its holder may show or withhold.</summary>
/// <param name="Path">Where it stands in the processed payload: names and array indexes.</param>
/// <param name="Disclosure">What reveals it. Claims around it may need disclosures of their own.</param>
public sealed record DisclosedClaim(ClaimPath Path, Disclosure Disclosure);
