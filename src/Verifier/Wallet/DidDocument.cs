using Credentials.Codecs;
using Credentials.Verifier.Http;
using Credentials.Verifier.Trust;

namespace Credentials.Verifier.Wallet;

/// <summary>The document of the service's did:web (did:web §2.4), where wallets find its key: at the root, or below the path of a public address.</summary>
internal static class DidDocument
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/.well-known/did.json", Handle).WithMetadata(RouteAudience.Wallet);
        routes.MapGet("/did.json", Handle).WithMetadata(RouteAudience.Wallet);
    }

    private static IResult Handle(HttpContext http, VerifierIdentities identities)
    {
        if (identities.WebDocument() is not { } document)
            throw RequestRefusal.Unknown();
        // Public, and read by wallets that run in browsers.
        http.Response.Headers.AccessControlAllowOrigin = "*";
        http.Response.Headers.CacheControl = "public, max-age=300";
        return Results.Text(StrictJson.ToText(StrictJson.ToNode(document)!), "application/did+json");
    }
}
