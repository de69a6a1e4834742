using System.Text.Json;
using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.Jose;
using Credentials.SdJwt;

namespace Credentials.Cli.Issuing;

/// <summary><c>issue --format dc+sd-jwt</c>.</summary>
internal static class SdJwtIssuing
{
    // RFC 7519's registered claims; those that SD-JWT VC never allows to be disclosable are known to the issuer itself.
    private static readonly string[] Registered = ["sub", "aud", "iat", "jti"];

    internal static async Task<string> IssueAsync(IssueOrder order)
    {
        var certificate = order.Arguments.Value("--cert");
        var content = new SdJwtContent
        {
            Type = order.Type,
            Claims = (JsonObject)StrictJson.ToNode(order.Claims)!,
            Disclosable = Disclosable(order.Claims, order.Arguments.Values("--sd")),
            Certificates = certificate is null ? [] : await KeyFiles.LoadChainAsync(certificate, order.Key.PublicKey, order.Context),
            KeyId = certificate is null ? Jwk.Thumbprint(order.Key.PublicKey) : null,
            HolderKey = await order.HolderAsync(),
            IssuedAt = order.Claims.TryGetProperty("iat", out _) ? null : order.Context.Now,
            ExpiresAt = order.ValidUntil,
            Status = order.Status,
        };
        return await SdJwtIssuer.IssueAsync(content, order.Key, order.Context.Cancelled);
    }

    private static IReadOnlyList<ClaimPath> Disclosable(JsonElement claims, IReadOnlyList<string> given) => given.Count > 0
        ? ClaimPaths.Read(given, claims)
        : [.. claims.EnumerateObject().Select(claim => claim.Name)
            .Where(name => !Registered.Contains(name) && !SdJwtNames.NeverDisclosable.Contains(name)).Select(name => ClaimPath.Of(name))];
}
