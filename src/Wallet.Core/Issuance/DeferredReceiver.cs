using Credentials.OpenId4Vci;
using Credentials.Wallet.Core.Documents;
using Credentials.Wallet.Core.Events;
using Credentials.Wallet.Core.Storage;

namespace Credentials.Wallet.Core.Issuance;

/// <summary>Fetches what an issuer deferred (OpenID4VCI 1.0 §9).</summary>
internal sealed class DeferredReceiver(WalletContext wallet)
{
    public async Task<IssuanceOutcome> ResumeAsync(string id, CancellationToken cancellationToken)
    {
        var deferred = (await wallet.Store.ReadAsync(DeferredIssuance.List, cancellationToken).ConfigureAwait(false)).FirstOrDefault(found => found.Id == id)
            ?? throw new InvalidOperationException("Nothing is deferred under this id.");
        // §9.2: not before the interval is over; the issuer would refuse, or be flooded.
        if (deferred.NotBefore > wallet.Now) return Pending(deferred);
        var offer = await new OfferResolver(wallet).ResolveAgainAsync(deferred.CredentialIssuer, deferred.Server, [deferred.ConfigurationId], cancellationToken)
            .ConfigureAwait(false);
        var session = new IssuanceSession(wallet, offer, deferred.Access.DpopKey);
        var trust = await wallet.TrustAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var (response, access) = await AskAsync(session, deferred, cancellationToken).ConfigureAwait(false);
            if (response.TransactionId is { } transaction)
                return await WaitAsync(deferred with { TransactionId = transaction, Access = access, NotBefore = wallet.Now + response.Interval!.Value }, cancellationToken).ConfigureAwait(false);
            var receiver = new CredentialReceiver(wallet, session, access, trust, deferred.HolderKeys.Count);
            var outcome = await receiver.FinishAsync(offer.Documents[0], response, deferred.HolderKeys, null, Remove(id), cancellationToken).ConfigureAwait(false);
            await ForgetKeysAsync(deferred, outcome).ConfigureAwait(false);
            await session.EndAsync(receiver.IsAccessKept).ConfigureAwait(false);
            return outcome;
        }
        // §9.3: the end of it. What is only busy, unreachable or unwilling to know the token is asked again another time.
        catch (ProtocolException refused) when (refused.Error is OpenId4VciNames.InvalidTransactionId or OpenId4VciNames.CredentialRequestDenied)
        {
            var receiver = new CredentialReceiver(wallet, session, deferred.Access, trust, deferred.HolderKeys.Count);
            await receiver.RefuseAsync(offer.Documents[0], refused.Code, Remove(id), cancellationToken).ConfigureAwait(false);
            var outcome = new IssuanceOutcome(deferred.ConfigurationId, null, refused.Code, []);
            await ForgetKeysAsync(deferred, outcome).ConfigureAwait(false);
            await session.EndAsync(isKeyNeeded: false).ConfigureAwait(false);
            return outcome;
        }
    }

    private async Task<(CredentialResponse Response, AccessGrant Access)> AskAsync(IssuanceSession session, DeferredIssuance deferred, CancellationToken cancellationToken)
    {
        var access = deferred.Access;
        try
        {
            return (await session.Client.RequestDeferredAsync(access.AccessToken, deferred.TransactionId, cancellationToken).ConfigureAwait(false), access);
        }
        catch (ProtocolException error) when (error.HttpStatus == 401 && access.RefreshToken is not null)
        {
            (access, _) = await session.RefreshAsync(access, cancellationToken).ConfigureAwait(false);
            // Kept before it is used: a server that rotates refresh tokens knows the old one no longer.
            await wallet.Store.WriteAsync(transaction => DeferredIssuance.Put(transaction, deferred with { Access = access }), CancellationToken.None).ConfigureAwait(false);
            return (await session.Client.RequestDeferredAsync(access.AccessToken, deferred.TransactionId, cancellationToken).ConfigureAwait(false), access);
        }
    }

    private async Task<IssuanceOutcome> WaitAsync(DeferredIssuance deferred, CancellationToken cancellationToken)
    {
        await wallet.Store.WriteAsync(transaction => DeferredIssuance.Put(transaction, deferred), cancellationToken).ConfigureAwait(false);
        return Pending(deferred);
    }

    private async Task ForgetKeysAsync(DeferredIssuance deferred, IssuanceOutcome outcome)
    {
        var kept = outcome.Document?.Credentials.Select(copy => copy.KeyId).ToHashSet(StringComparer.Ordinal) ?? [];
        foreach (var key in deferred.HolderKeys.Where(key => !kept.Contains(key.Id)))
            await wallet.Area.DeleteKeyAsync(key.Id, CancellationToken.None).ConfigureAwait(false);
    }

    private Action<StoreTransaction, Document?> Remove(string id) => (transaction, document) =>
    {
        transaction.Delete(RecordKind.Deferral, id);
        if (document is not null) WalletEvent.Put(transaction, WalletEvent.New(WalletEventKind.DeferredIssued, document, wallet.Now));
    };

    private static IssuanceOutcome Pending(DeferredIssuance deferred) =>
        new(deferred.ConfigurationId, null, WalletCodes.IssuanceDeferred, []) { DeferredId = deferred.Id };
}
