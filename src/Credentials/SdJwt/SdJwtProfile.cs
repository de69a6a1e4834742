namespace Credentials.SdJwt;

/// <summary>What kind of SD-JWT a verifier takes.</summary>
public sealed record SdJwtProfile
{
    private SdJwtProfile()
    {
    }

    /// <summary>SD-JWT VC: <c>typ</c> <c>dc+sd-jwt</c>, a <c>vct</c>, and no disclosable claim that decides on validity.</summary>
    public static SdJwtProfile VerifiableCredential { get; } = new() { HeaderTypes = [SdJwtNames.CredentialType], IsCredential = true };

    /// <summary>The same, but the older <c>vc+sd-jwt</c> is taken too.</summary>
    public static SdJwtProfile VerifiableCredentialOrLegacy { get; } =
        VerifiableCredential with { HeaderTypes = [SdJwtNames.CredentialType, SdJwtNames.LegacyCredentialType] };

    /// <summary>The values of <c>typ</c> that are accepted.</summary>
    public IReadOnlyList<string> HeaderTypes { get; private init; } = [];

    /// <summary>
    /// Whether JSON forms (RFC 9901 §8) are taken too. Supporting them is optional, and <c>application/dc+sd-jwt</c>, and with
    /// it OpenID4VCI and OpenID4VP, carry the compact form (SD-JWT VC §2.2, media type registration).
    /// </summary>
    public bool AcceptsJson { get; init; }

    internal bool IsCredential { get; private init; }

    /// <summary>RFC 9901 alone, for an application of its own with its own <c>typ</c> (RFC 9901 §9.11).</summary>
    public static SdJwtProfile Plain(params IReadOnlyList<string> headerTypes) => new() { HeaderTypes = headerTypes };
}
