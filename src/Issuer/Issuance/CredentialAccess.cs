using Credentials.Issuer.Authorization;
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
    /// <summary>The token as sent and its row; it may have expired, which only a retry of an answered request survives.</summary>
    /// <param name="http">The request.</param>
    /// <param name="db">The database.</param>
    /// <param name="dpop">Checks the proof of a token that is bound to a key.</param>
    /// <param name="path">The path of the endpoint below the public URL.</param>
    internal static async Task<(string Token, AccessToken Row)> FindTokenAsync(HttpContext http, IssuerDbContext db, DpopGate dpop, string path)
    {
        // RFC 6750 §2: in the header, not in the query, once.
        var header = http.Request.Headers.Authorization;
        if (header.Count != 1 || header[0] is not { Length: <= 300 } value || value.IndexOf(' ') is not (> 0 and var space))
            throw Refused("An access token is needed.");
        var (scheme, token) = (value[..space], value[space..].Trim());
        var isDpop = scheme.Equals(OpenId4VciNames.DpopTokenType, StringComparison.OrdinalIgnoreCase);
        if (!isDpop && !scheme.Equals(OpenId4VciNames.BearerTokenType, StringComparison.OrdinalIgnoreCase))
            throw Refused("An access token is needed.");
        var hash = Secrets.Hash(token);
        var row = await db.AccessTokens.AsNoTracking().SingleOrDefaultAsync(t => t.Hash == hash, http.RequestAborted) ?? throw Refused("The access token is unknown or expired.");
        // RFC 9449 §7.2: a token that is bound to a key is no bearer token, and a bearer token is bound to none.
        if (isDpop != row.DpopThumbprint is not null)
            throw Refused("The access token is not used as its type says.");
        if (isDpop && await dpop.ReadAsync(http, path, token, row.DpopThumbprint) is null)
            throw new ProtocolException(IssuerCodes.DpopNeeded, OpenId4VciNames.InvalidDpopProof, "A DPoP proof is needed.", 401);
        return (token, row);
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
