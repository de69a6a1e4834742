using Credentials.Issuer.Agency;

namespace Credentials.Issuer.VcApi;

/// <summary>
/// The VC API of the W3C Credentials Community Group for issuers and holders, where <see cref="IssuerOptions.VcApi"/> switches it on: for other
/// software of the agency, behind its key.
/// </summary>
internal static class VcApiRoutes
{
    /// <summary>What rows of the register are called that no offer made.</summary>
    internal const string ConfigurationId = "vc-api";

    internal static void Map(IEndpointRouteBuilder routes)
    {
        var group = ApiKeyGate.MapGroup(routes, "/vc-api");
        IssueDocument.Map(group);
        UpdateStatus.Map(group);
        DeriveCredential.Map(group);
        ProvePresentation.Map(group);
    }
}
