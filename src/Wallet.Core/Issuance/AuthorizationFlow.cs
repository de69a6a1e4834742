using System.Security.Cryptography;
using System.Text;
using Credentials.Codecs;
using Credentials.OpenId4Vci;
using Credentials.Wallet.Core.Storage;

namespace Credentials.Wallet.Core.Issuance;

/// <summary>The authorization code flow (OpenID4VCI 1.0 §3.4, §5): PKCE always, the request pushed where the server takes that, <c>iss</c> and <c>state</c> checked.</summary>
internal sealed class AuthorizationFlow(WalletContext wallet)
{
    /// <summary>Prepares the request and keeps what the return needs. The address is for the holder's browser.</summary>
    public async Task<Uri> StartAsync(ResolvedOffer offer, OfferAcceptance acceptance, CancellationToken cancellationToken)
    {
        var wanted = new OfferReceiver(wallet, offer, acceptance).Wanted.Where(document => document.Code is null).ToList();
        if (wanted.Count == 0) throw new ArgumentException("Nothing was chosen that this wallet can receive.", nameof(acceptance));
        var redirect = (acceptance.RedirectUri ?? wallet.Options.RedirectUri)?.OriginalString
            ?? throw new InvalidOperationException("The wallet has no redirect URI: WalletOptions.RedirectUri.");
        var session = await IssuanceSession.StartAsync(wallet, offer, cancellationToken).ConfigureAwait(false);
        var isKept = false;
        try
        {
            var pending = new PendingAuthorization
            {
                State = StrictBase64Url.Encode(RandomNumberGenerator.GetBytes(16)),
                CredentialIssuer = offer.CredentialIssuer,
                Server = offer.Server.Issuer,
                ConfigurationIds = [.. wanted.Select(document => document.ConfigurationId)],
                Copies = acceptance.Copies,
                CodeVerifier = Pkce.CreateVerifier(),
                RedirectUri = redirect,
                ClientId = session.Client.ClientId ?? throw new InvalidOperationException("The wallet has no client id: WalletOptions.ClientId or Attestation."),
                DpopKey = session.DpopKey,
                StartedAt = wallet.Now,
            };
            var address = await AddressAsync(session, Request(offer, pending), cancellationToken).ConfigureAwait(false);
            await wallet.Store.WriteAsync(transaction => PendingAuthorization.Put(transaction, pending), cancellationToken).ConfigureAwait(false);
            isKept = true;
            return address;
        }
        finally
        {
            await session.EndAsync(isKept).ConfigureAwait(false);
        }
    }

    /// <summary>Goes on with what the browser came back with.</summary>
    public async Task<IReadOnlyList<IssuanceOutcome>> ContinueAsync(string address, CancellationToken cancellationToken)
    {
        var pending = await FindAsync(address, cancellationToken).ConfigureAwait(false);
        var offer = await new OfferResolver(wallet).ResolveAgainAsync(pending.CredentialIssuer, pending.Server, pending.ConfigurationIds, cancellationToken)
            .ConfigureAwait(false);
        var answer = IssuanceAuthorizationResponse.Parse(address, pending.RedirectUri, pending.State, offer.Server.Issuer, offer.Server.NamesItselfInResponses);
        // From here on it is used up, whatever comes: a code is good for one attempt. Of two calls with one address, one gets on.
        var isFirst = await wallet.Store.WriteAsync(
            transaction =>
            {
                if (transaction.Find(RecordKind.Authorization, pending.State) is null) return false;
                transaction.Delete(RecordKind.Authorization, pending.State);
                return true;
            },
            cancellationToken).ConfigureAwait(false);
        if (!isFirst) throw Unknown();
        var session = new IssuanceSession(wallet, offer, pending.DpopKey);
        if (answer.Error is { } error)
        {
            await session.EndAsync(isKeyNeeded: false).ConfigureAwait(false);
            throw new ProtocolException(WalletCodes.AuthorizationRefused, error, "The authorization server did not authorize the issuance.");
        }
        var request = new TokenRequest { Code = answer.Code, RedirectUri = pending.RedirectUri, CodeVerifier = pending.CodeVerifier, ClientId = pending.ClientId };
        var receiver = new OfferReceiver(wallet, offer, new OfferAcceptance { Copies = pending.Copies });
        return await receiver.ReceiveAsync(session, request, isAnonymous: false, cancellationToken).ConfigureAwait(false);
    }

    private static IssuanceAuthorizationRequest Request(ResolvedOffer offer, PendingAuthorization pending)
    {
        var scopes = pending.ConfigurationIds.Select(id => offer.Metadata.Configurations[id].Scope).ToList();
        // §5.1: authorization_details where the server says that it knows them; else by scope, where each document has one.
        var byScope = !offer.Server.AuthorizationDetailsTypes.Contains("openid_credential") && scopes.TrueForAll(scope => scope is not null);
        return new IssuanceAuthorizationRequest
        {
            ClientId = pending.ClientId,
            RedirectUri = pending.RedirectUri,
            CodeChallenge = Pkce.ChallengeFor(pending.CodeVerifier),
            State = pending.State,
            Scopes = byScope ? [.. scopes.OfType<string>().Distinct(StringComparer.Ordinal)] : [],
            ConfigurationIds = byScope ? [] : pending.ConfigurationIds,
            IssuerState = offer.IssuerState,
            DpopThumbprint = pending.DpopKey is { } key ? Jose.Jwk.Thumbprint(key.PublicKey) : null,
        };
    }

    private static async Task<Uri> AddressAsync(IssuanceSession session, IssuanceAuthorizationRequest request, CancellationToken cancellationToken)
    {
        var server = session.Offer.Server;
        var endpoint = new Uri(server.AuthorizationEndpoint!);
        if (server.PushedAuthorizationRequestEndpoint is null) return request.AddressFor(endpoint);
        var pushed = await session.Client.PushAsync(request, cancellationToken).ConfigureAwait(false);
        return IssuanceAuthorizationRequest.AddressFor(endpoint, request.ClientId, pushed.RequestUri);
    }

    private async Task<PendingAuthorization> FindAsync(string address, CancellationToken cancellationToken)
    {
        var query = address.IndexOf('?');
        if (query < 0 || address.Length > 16384) throw Unknown();
        var state = StrictForm.Parse(Encoding.UTF8.GetBytes(address[(query + 1)..]), OpenId4VciCodes.AuthorizationResponse)
            .FirstOrDefault(field => field.Key == "state").Value;
        var pending = await wallet.Store.ReadAsync(PendingAuthorization.List, cancellationToken).ConfigureAwait(false);
        return pending.FirstOrDefault(candidate => candidate.State == state && candidate.StartedAt > wallet.Now - PendingAuthorization.Lifetime) ?? throw Unknown();
    }

    private static ProtocolException Unknown() =>
        new(WalletCodes.AuthorizationUnknown, OpenId4VciNames.InvalidRequest, "No authorization of this wallet waits for this answer.");
}
