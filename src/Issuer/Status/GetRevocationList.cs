using Credentials.Issuer.Keys;

namespace Credentials.Issuer.Status;

/// <summary><c>GET /crl</c>: the revocation list that the signers' certificates name.</summary>
internal static class GetRevocationList
{
    internal static void Map(IEndpointRouteBuilder routes) => routes.MapMethods(SignerRevocationList.Path, ["GET", "HEAD"], HandleAsync);

    private static async Task HandleAsync(HttpContext http, SignerRevocationList list, IssuerOptions options)
    {
        if (list.Get() is { } form)
            await GetStatusList.ServeAsync(http, form, options);
        else
            http.Response.StatusCode = StatusCodes.Status404NotFound;
    }
}
