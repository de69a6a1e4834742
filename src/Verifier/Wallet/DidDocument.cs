using Credentials.Codecs;
using Credentials.Verifier.Http;
using Credentials.Verifier.Parties;

namespace Credentials.Verifier.Wallet;

/// <summary>
/// The documents of did:web (did:web §2.4), where wallets find a relying party's key: at the root or below the path of a public address the
/// service's own, below that the ones of parties that share its address.
/// </summary>
internal static class DidDocument
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/.well-known/did.json", HandleHost).WithMetadata(RouteAudience.Wallet);
        routes.MapGet("/did.json", HandleHost).WithMetadata(RouteAudience.Wallet);
        routes.MapGet("/parties/{party}/did.json", (string party, HttpContext http, PartyRegistry parties) =>
            Answer(http, parties.Listed.FirstOrDefault(one => one.Id == party && one.Url == parties.Own.Url))).WithMetadata(RouteAudience.Wallet);
    }

    /// <summary>A party with an address of its own has its document there; which of them is asked, only the request's host can tell.</summary>
    private static IResult HandleHost(HttpContext http, PartyRegistry parties) => Answer(
        http, parties.Listed.FirstOrDefault(party => party.Url != parties.Own.Url && new Uri(party.Url.Base).Authority.Equals(http.Request.Host.Value, StringComparison.OrdinalIgnoreCase)) ?? parties.Own);

    private static IResult Answer(HttpContext http, Party? party)
    {
        if (party?.Identities.WebDocument() is not { } document)
            throw RequestRefusal.Unknown();
        // Public, and read by wallets that run in browsers.
        http.Response.Headers.AccessControlAllowOrigin = "*";
        http.Response.Headers.CacheControl = "public, max-age=300";
        return Results.Text(StrictJson.ToText(StrictJson.ToNode(document)!), "application/did+json");
    }
}
