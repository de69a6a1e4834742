using System.Text.Json;
using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.OpenId4Vci;
using Credentials.Wallet.Core.Keys;

namespace Credentials.Wallet.Core.Issuance;

/// <summary>What an authorization server granted, and what is needed to use it: secrets, kept in the wallet file only.</summary>
/// <param name="AccessToken">The access token.</param>
/// <param name="RefreshToken">The refresh token, if there is one.</param>
/// <param name="DpopKey">The key that the tokens are bound to; null for bearer tokens.</param>
/// <param name="ProofClientId">The <c>iss</c> of key proofs; null after an anonymous pre-authorized flow (OpenID4VCI 1.0 Appendix F.1).</param>
internal sealed record AccessGrant(string AccessToken, string? RefreshToken, SecureAreaKey? DpopKey, string? ProofClientId)
{
    private const string Code = WalletCodes.StoreCorrupt;

    /// <summary>Says nothing about the tokens.</summary>
    public override string ToString() => nameof(AccessGrant);

    /// <summary>The same grant with the tokens of a refresh; a server that gives no new refresh token leaves the old one in force (RFC 6749 §6).</summary>
    public AccessGrant With(TokenResponse token) => this with { AccessToken = token.AccessToken, RefreshToken = token.RefreshToken ?? RefreshToken };

    public JsonObject ToStored()
    {
        var stored = new JsonObject { ["access_token"] = AccessToken };
        if (RefreshToken is not null) stored["refresh_token"] = RefreshToken;
        if (DpopKey is not null) stored["dpop_key"] = StoredKey.Write(DpopKey);
        if (ProofClientId is not null) stored["client_id"] = ProofClientId;
        return stored;
    }

    public static AccessGrant FromStored(JsonElement stored) => new(
        stored.RequireString("access_token", Code),
        stored.OptionalString("refresh_token", Code),
        stored.OptionalObject("dpop_key", Code) is { } key ? StoredKey.Read(key) : null,
        stored.OptionalString("client_id", Code));
}
