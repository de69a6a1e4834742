using Credentials.OpenId4Vci;
using Credentials.Wallet.Core.Keys;

namespace Credentials.Wallet.Core.Issuance;

/// <summary>An issuer and its server, with the key that this issuance proves itself with. Ends with what it no longer needs.</summary>
internal sealed class IssuanceSession
{
    private readonly WalletContext _wallet;

    public IssuanceSession(WalletContext wallet, ResolvedOffer offer, SecureAreaKey? dpopKey)
    {
        (_wallet, Offer, DpopKey) = (wallet, offer, dpopKey);
        Client = new IssuerClient(wallet, offer.Metadata, offer.Server, dpopKey is null ? null : new SecureAreaSigningKey(wallet.Area, dpopKey));
    }

    public ResolvedOffer Offer { get; }

    public SecureAreaKey? DpopKey { get; }

    public IssuerClient Client { get; }

    /// <summary>A session with a fresh DPoP key where the server knows DPoP (RFC 9449 §5.1) by an algorithm of the secure area.</summary>
    public static async Task<IssuanceSession> StartAsync(WalletContext wallet, ResolvedOffer offer, CancellationToken cancellationToken)
    {
        var algorithm = wallet.Area.Algorithms.FirstOrDefault(algorithm => offer.Server.DpopAlgorithms.Contains(algorithm.JoseName));
        var key = algorithm is null ? null : await wallet.Area.CreateKeyAsync(algorithm, cancellationToken).ConfigureAwait(false);
        return new IssuanceSession(wallet, offer, key);
    }

    /// <summary>Gets a token.</summary>
    /// <param name="isAnonymous">True where the client is not named in key proofs.</param>
    public async Task<(AccessGrant Access, TokenResponse Token)> RequestTokenAsync(TokenRequest request, bool isAnonymous, CancellationToken cancellationToken)
    {
        var token = await Client.RequestTokenAsync(request, cancellationToken).ConfigureAwait(false);
        return (new AccessGrant(token.AccessToken, token.RefreshToken, DpopKey, isAnonymous ? null : Client.ClientId), token);
    }

    /// <summary>A fresh access token for a refresh token.</summary>
    /// <exception cref="ProtocolException"><c>wallet.token_refused</c>.</exception>
    public async Task<(AccessGrant Access, TokenResponse Token)> RefreshAsync(AccessGrant access, CancellationToken cancellationToken)
    {
        var token = await Client.RequestTokenAsync(new TokenRequest { RefreshToken = access.RefreshToken }, cancellationToken).ConfigureAwait(false);
        return (access.With(token), token);
    }

    /// <summary>Destroys the DPoP key unless something that is kept needs it.</summary>
    public async Task EndAsync(bool isKeyNeeded)
    {
        if (DpopKey is not null && !isKeyNeeded) await _wallet.Area.DeleteKeyAsync(DpopKey.Id, CancellationToken.None).ConfigureAwait(false);
    }
}
