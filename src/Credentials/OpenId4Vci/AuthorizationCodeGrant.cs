namespace Credentials.OpenId4Vci;

/// <summary>The authorization code grant of an offer (OpenID4VCI §4.1.1).</summary>
/// <param name="IssuerState">Opaque value to send with the authorization request, if any.</param>
/// <param name="AuthorizationServer">Which of the issuer's authorization servers to use, if it names several.</param>
public sealed record AuthorizationCodeGrant(string? IssuerState = null, string? AuthorizationServer = null);
