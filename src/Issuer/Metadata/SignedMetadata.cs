using System.Text;
using Credentials.Codecs;
using Credentials.Issuer.Http;
using Credentials.Issuer.Keys;
using Credentials.OpenId4Vci;

namespace Credentials.Issuer.Metadata;

/// <summary>
/// The credential issuer metadata as JSON, and signed for who asks with <c>Accept: application/jwt</c> (OpenID4VCI §12.2.2, §12.2.3). It is
/// signed anew when half of its time is over, and by another key.
/// </summary>
internal static class SignedMetadata
{
    private sealed record Signed(DateTimeOffset Until, string KeyId, byte[] Jwt);

    private static readonly TimeSpan _lifetime = TimeSpan.FromHours(24);

    internal static void Map(IEndpointRouteBuilder routes, string path, CredentialIssuerMetadata metadata, IssuerKeys keys)
    {
        var plain = StrictJson.ToUtf8(metadata.ToJson());
        Signed? signed = null;
        routes.MapGet(path, async (HttpContext http, TimeProvider time) =>
        {
            http.Response.Headers.Vary = "Accept";
            if (!WantsJwt(http.Request))
            {
                await Answers.PublicDocumentAsync(http.Response, plain, "application/json", GetMetadata.MaxAgeSeconds);
                return;
            }

            var now = time.GetUtcNow();
            // Two at once sign twice, which does no harm.
            var (current, signer) = (signed, keys.Document);
            if (current is null || current.Until <= now || current.KeyId != signer.KeyId)
            {
                var jwt = await SignedIssuerMetadata.CreateAsync(metadata, signer.Key, signer.Certificates, now, _lifetime, http.RequestAborted);
                signed = current = new Signed(now + (_lifetime / 2), signer.KeyId, Encoding.ASCII.GetBytes(jwt));
            }

            await Answers.PublicDocumentAsync(http.Response, current.Jwt, OpenId4VciNames.JwtMediaType, GetMetadata.MaxAgeSeconds);
        });
    }

    // Only who says so gets the signed form; a wildcard means JSON.
    private static bool WantsJwt(HttpRequest request)
    {
        var accepted = request.GetTypedHeaders().Accept;
        double QualityOf(string type) => accepted.Where(a => a.MediaType.Equals(type, StringComparison.OrdinalIgnoreCase)).Select(a => a.Quality ?? 1).DefaultIfEmpty(0).Max();
        return QualityOf(OpenId4VciNames.JwtMediaType) is > 0 and var jwt && jwt >= QualityOf("application/json");
    }
}
