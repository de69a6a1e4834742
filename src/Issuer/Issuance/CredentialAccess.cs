using Credentials.Issuer.Catalog;
using Credentials.Issuer.Keys;
using Credentials.Issuer.Offers;
using Credentials.Issuer.Storage;
using Credentials.OpenId4Vci;
using Microsoft.EntityFrameworkCore;

namespace Credentials.Issuer.Issuance;

/// <summary>Who asks for a credential, by access token, and whether the token covers what is asked for.</summary>
internal static class CredentialAccess
{
    private const string Scheme = "Bearer ";

    /// <summary>The token as sent and its row; it may have expired, which only a retry of an answered request survives.</summary>
    internal static async Task<(string Token, AccessToken Row)> FindTokenAsync(HttpContext http, IssuerDbContext db)
    {
        // RFC 6750 §2: in the header, not in the query, once.
        var header = http.Request.Headers.Authorization;
        if (header.Count != 1 || header[0] is not { Length: <= 300 } value || !value.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
            throw Refused("A bearer access token is needed.");
        var token = value[Scheme.Length..].Trim();
        var hash = Secrets.Hash(token);
        var row = await db.AccessTokens.AsNoTracking().SingleOrDefaultAsync(t => t.Hash == hash, http.RequestAborted);
        return row is null ? throw Refused("The access token is unknown or expired.") : (token, row);
    }

    internal static void RequireUnexpired(AccessToken token, DateTimeOffset now)
    {
        if (token.ExpiresAt <= now.ToUnixTimeMilliseconds())
            throw Refused("The access token is unknown or expired.");
    }

    /// <summary>The credential type asked for.</summary>
    internal static CredentialType RequireType(CredentialRequest request, AccessToken token, CredentialCatalog catalog)
    {
        // OpenID4VCI §8.2: identifiers must be used when the token response named some, and must not otherwise.
        if (request.CredentialIdentifier is not null && !token.UsesIdentifiers)
            throw new ProtocolException(IssuerCodes.UnknownConfiguration, OpenId4VciNames.UnknownCredentialIdentifier, "The token response named no credential identifiers.", 400);
        if (request.ConfigurationId is not null && token.UsesIdentifiers)
            throw new ProtocolException(OpenId4VciCodes.CredentialRequest, OpenId4VciNames.InvalidCredentialRequest, "A credential_identifier of the token response is needed.", 400);
        var id = request.ConfigurationId ?? request.CredentialIdentifier!;
        var unknown = request.ConfigurationId is not null ? OpenId4VciNames.UnknownCredentialConfiguration : OpenId4VciNames.UnknownCredentialIdentifier;
        var type = catalog.Find(id) ?? throw new ProtocolException(IssuerCodes.UnknownConfiguration, unknown, "This is not known here.", 400);
        return OfferView.ReadIds(token.ConfigurationIds).Contains(id)
            ? type
            : throw new ProtocolException(IssuerCodes.NotCovered, OpenId4VciNames.InsufficientScope, "The access token does not cover this credential.", 403);
    }

    private static ProtocolException Refused(string message) => new(IssuerCodes.AccessToken, OpenId4VciNames.InvalidToken, message, 401);
}
