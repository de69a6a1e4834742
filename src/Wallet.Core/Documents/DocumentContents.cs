using System.Text.Json;
using Credentials.SdJwt;

namespace Credentials.Wallet.Core.Documents;

/// <summary>What a stored document says. It was verified before it was stored; what is read here is only shown to its holder.</summary>
internal static class DocumentContents
{
    // Claims that serve the protocol and say nothing about the holder (RFC 7519 §4.1, RFC 7800, SD-JWT VC §2.2.2).
    private static readonly HashSet<string> s_technical =
        new(["iss", "iat", "nbf", "exp", "cnf", "vct", "vct#integrity", "aka_vcts", "status", "jti"], StringComparer.Ordinal);

    /// <summary>The claims in the issuer's order; those that it does not describe follow, whole and without a name.</summary>
    public static IReadOnlyList<DocumentClaim> Claims(Document document)
    {
        var claims = SdJwtCredential.Parse(document.Credentials[0].Text).UnverifiedClaims();
        var lines = document.Labels
            .Select(label => new DocumentClaim(label.Path, label.Names, label.Path.Select(claims)))
            .Where(line => line.Values.Count > 0).ToList();
        var described = lines.Select(line => line.Path.Segments[0].Name).ToHashSet(StringComparer.Ordinal);
        lines.AddRange(TopLevelPaths(claims).Where(path => !described.Contains(path.Segments[0].Name))
            .Select(path => new DocumentClaim(path, DisplayNames.None, path.Select(claims))));
        return lines;
    }

    /// <summary>The claims about the holder, one path for each member at the top.</summary>
    public static IReadOnlyList<ClaimPath> TopLevelPaths(JsonElement claims) =>
        [.. claims.EnumerateObject().Where(claim => !s_technical.Contains(claim.Name)).Select(claim => ClaimPath.Of(claim.Name))];

    /// <summary>The claims about the holder that every verifier sees who is shown the document at all.</summary>
    public static IReadOnlyList<ClaimPath> AlwaysShown(SdJwtCredential credential) =>
        TopLevelPaths(SdJwtPresenter.Select(credential, []).UnverifiedClaims());
}
