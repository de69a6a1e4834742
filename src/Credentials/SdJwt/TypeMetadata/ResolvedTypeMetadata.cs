namespace Credentials.SdJwt.TypeMetadata;

/// <summary>What holds for a type once everything that it extends has been taken in (SD-JWT VC §5.4).</summary>
/// <param name="Types">The type and those that it extends, nearest first. Extending a type authorises nobody to issue it (§7.7).</param>
/// <param name="Display">How the type is shown, by language.</param>
/// <param name="Claims">What is known about its claims; those of extended types first.</param>
public sealed record ResolvedTypeMetadata(IReadOnlyList<string> Types, IReadOnlyList<TypeDisplay> Display, IReadOnlyList<ClaimMetadata> Claims)
{
    /// <summary>Puts a chain of documents together.</summary>
    /// <param name="chain">The type's own document first, then what each one extends.</param>
    /// <exception cref="MalformedDataException"><see cref="SdJwtCodes.TypeMetadataConflict"/>.</exception>
    internal static ResolvedTypeMetadata Of(IReadOnlyList<TypeMetadataDocument> chain)
    {
        // §5.5.2: display is taken whole from the nearest document that has any.
        var display = chain.FirstOrDefault(document => document.Display.Count > 0)?.Display ?? [];
        var claims = new List<ClaimMetadata>();
        var places = new Dictionary<ClaimPath, int>();
        foreach (var document in chain.Reverse())
        {
            if (document.Claims.DistinctBy(claim => claim.Path).Count() != document.Claims.Count) throw Conflict("describes one claim twice");
            foreach (var claim in document.Claims)
            {
                if (places.TryGetValue(claim.Path, out var known)) claims[known] = Combine(claims[known], claim);
                else
                {
                    places.Add(claim.Path, claims.Count);
                    claims.Add(claim);
                }
            }
        }

        var ids = claims.Select(claim => claim.SvgId).OfType<string>().ToList();
        return ids.Distinct(StringComparer.Ordinal).Count() == ids.Count
            ? new ResolvedTypeMetadata([.. chain.Select(document => document.Type)], display, claims)
            : throw Conflict("uses one svg_id for two claims");
    }

    /// <summary>§5.6.5: what the child says goes before, but it may only make <c>sd</c> and <c>mandatory</c> stricter.</summary>
    private static ClaimMetadata Combine(ClaimMetadata parent, ClaimMetadata child)
    {
        if (parent.SelectiveDisclosure is SelectiveDisclosure.Always or SelectiveDisclosure.Never
            && child.SelectiveDisclosure is { } rule && rule != parent.SelectiveDisclosure)
        {
            throw Conflict("changes an sd rule of the type it extends");
        }

        if (parent.IsMandatory && child.SaysOptional) throw Conflict("makes a mandatory claim of the type it extends optional");
        return new ClaimMetadata(child.Path)
        {
            Display = child.Display.Count > 0 ? child.Display : parent.Display,
            IsMandatory = parent.IsMandatory || child.IsMandatory,
            SelectiveDisclosure = child.SelectiveDisclosure ?? parent.SelectiveDisclosure,
            SvgId = child.SvgId ?? parent.SvgId,
        };
    }

    private static MalformedDataException Conflict(string what) => new(SdJwtCodes.TypeMetadataConflict, $"Type metadata {what}.");
}
