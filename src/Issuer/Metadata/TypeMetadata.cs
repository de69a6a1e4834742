using Credentials.Issuer.Catalog;
using Credentials.SdJwt.TypeMetadata;

namespace Credentials.Issuer.Metadata;

/// <summary>SD-JWT VC type metadata of the catalog's types (SD-JWT VC §5).</summary>
internal static class TypeMetadata
{
    /// <summary>Our types are URNs, so their metadata has an address of its own, named in the issuer metadata.</summary>
    internal static string LocationOf(CredentialType type, IssuerOptions options) => $"{options.PublicUrl}/types/{type.Id}";

    internal static TypeMetadataDocument Describe(CredentialType type)
    {
        var open = type.DisclosablePaths().ToHashSet();
        return new TypeMetadataDocument(type.Type)
        {
            Name = type.Display[0].Name,
            Description = type.Display[0].Description,
            Display = [.. type.Display.Select(d => new TypeDisplay(d.Locale!, d.Name!) { Description = d.Description })],
            Claims =
            [
                .. type.AllClaims().Select(c => new ClaimMetadata(c.Path)
                {
                    Display = [.. c.Claim.Display.Select(d => new ClaimDisplay(d.Locale!, d.Name!))],
                    IsMandatory = c.Claim.AlwaysThere,
                    SelectiveDisclosure = open.Contains(c.Path) ? SelectiveDisclosure.Always : SelectiveDisclosure.Never,
                }),
            ],
        };
    }
}
