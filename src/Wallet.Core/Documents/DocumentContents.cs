namespace Credentials.Wallet.Core.Documents;

/// <summary>What a stored document says, line by line.</summary>
internal static class DocumentContents
{
    /// <summary>The claims in the issuer's order; those that it does not describe follow, whole and without a name.</summary>
    public static IReadOnlyList<DocumentClaim> Claims(Document document)
    {
        var held = HeldFormat.Read(document, document.Credentials[0]);
        var lines = document.Labels.Select(label => Line(held, label.Path, label.Names)).Where(line => line.Values.Count > 0).ToList();
        var undescribed = held.ClaimPaths.Where(path => !lines.Exists(line => IsWithin(line.Path, path))).ToList();
        lines.AddRange(undescribed.Select(path => Line(held, path, DisplayNames.None)));
        return lines;
    }

    private static DocumentClaim Line(HeldCredential held, ClaimPath path, DisplayNames names) =>
        new(path, names, path.Select(held.Claims)) { Bytes = held.BytesOf(path) };

    private static bool IsWithin(ClaimPath inner, ClaimPath outer) =>
        inner.Segments.Count >= outer.Segments.Count && outer.Segments.Zip(inner.Segments).All(pair => pair.First == pair.Second);
}
