namespace Credentials.SdJwt.TypeMetadata;

/// <summary>Holds a payload against what its type says about claims (SD-JWT VC §5.6).</summary>
internal static class ClaimRules
{
    /// <summary>The first rule that is certainly broken, as a code; null if none is. What is withheld may well be right.</summary>
    public static string? FindFault(ClaimNode root, IReadOnlyList<ClaimMetadata> claims)
    {
        foreach (var claim in claims)
        {
            if (Select(root, claim.Path) is not { } selected) return SdJwtCodes.TypeMetadataPath;
            if (claim.IsMandatory && selected.Nodes.Count == 0 && !selected.MayBeWithheld) return SdJwtCodes.TypeMetadataMandatory;

            // A withheld element is one that its own disclosure reveals, wherever else it may stand.
            var isWrong = claim.SelectiveDisclosure switch
            {
                SelectiveDisclosure.Always => selected.Nodes.Exists(node => node is { Disclosure: null }),
                SelectiveDisclosure.Never => selected.Nodes.Exists(node => node is not { Disclosure: null }),
                _ => false,
            };
            if (isWrong) return SdJwtCodes.TypeMetadataDisclosable;
        }

        return null;
    }

    /// <summary>
    /// The claims at a path in the credential as it was issued, null for an array element that is withheld, and whether there may be more
    /// of them. Null altogether where a step meets a value of another kind (§5.6.1.2).
    /// </summary>
    private static (List<ClaimNode?> Nodes, bool MayBeWithheld)? Select(ClaimNode root, ClaimPath path)
    {
        List<ClaimNode?> selected = [root];
        var mayBeWithheld = false;
        foreach (var segment in path.Segments)
        {
            List<ClaimNode?> next = [];
            foreach (var node in selected)
            {
                // §5.6: the contents of a withheld element are unknown, so that nothing in it is selected.
                if (node is null) mayBeWithheld = true;
                else if (segment.Name is { } name)
                {
                    if (node.Members is not { } members) return null;
                    var known = members.FindIndex(member => member.Key == name);
                    if (known >= 0) next.Add(members[known].Value);
                    else mayBeWithheld |= node.HasWithheldMembers;
                }
                else
                {
                    if (node.Elements is not { } elements) return null;
                    var issued = node.ElementsAsIssued ?? [.. elements];
                    if (segment.IsAll) next.AddRange(issued);
                    else if (segment.Index < issued.Count) next.Add(issued[segment.Index!.Value]);
                }
            }

            selected = next;
        }

        return (selected, mayBeWithheld);
    }
}
