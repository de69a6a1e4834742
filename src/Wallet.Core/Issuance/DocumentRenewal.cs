using Credentials.Wallet.Core.Documents;

namespace Credentials.Wallet.Core.Issuance;

/// <summary>Fetches fresh copies of a document with the refresh token of its issuance (OpenID4VCI 1.0 §13.5): new keys, the same checks.</summary>
internal sealed class DocumentRenewal(WalletContext wallet)
{
    /// <summary>How many documents one call renews at most.</summary>
    public const int MaxAtOnce = 50;

    /// <summary>Renews what is due, one after the other.</summary>
    /// <param name="isInUse">Documents to leave alone now.</param>
    public async Task<IReadOnlyList<RenewalOutcome>> RenewDueAsync(Func<Document, bool> isInUse, CancellationToken cancellationToken)
    {
        var due = await wallet.Store.ReadAsync(transaction => DueRenewal.List(transaction, wallet.Now), cancellationToken).ConfigureAwait(false);
        var outcomes = new List<RenewalOutcome>();
        // An issuer that cannot be reached is not waited for again and again.
        var unreachable = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var document in due.Where(one => one.CanRenew && !isInUse(one.Document)).Take(MaxAtOnce).Select(one => one.Document))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!unreachable.TryGetValue(document.CredentialIssuer, out var code))
            {
                try
                {
                    code = (await RenewAsync(document.Id, cancellationToken).ConfigureAwait(false)).Code;
                }
                catch (CredentialException error)
                {
                    code = error.Code;
                    if (error is FetchException) unreachable[document.CredentialIssuer] = code;
                }
                catch (InvalidOperationException error) when (error is not ObjectDisposedException)
                {
                    // The holder has deleted it meanwhile.
                    continue;
                }
            }
            outcomes.Add(new RenewalOutcome(document.Id, code));
        }
        return outcomes;
    }

    public async Task<IssuanceOutcome> RenewAsync(string documentId, CancellationToken cancellationToken)
    {
        var (document, grant) = await wallet.Store.ReadAsync(
            transaction => (DocumentShelf.Find(transaction, documentId), RenewalGrant.Find(transaction, documentId)), cancellationToken).ConfigureAwait(false);
        if (document is null) throw new InvalidOperationException("The wallet has no document with this id.");
        if (grant is null) throw new NotSupportedCredentialException(WalletCodes.RenewalNotSupported, "The issuer gave nothing to renew the document with.");
        var offer = await new OfferResolver(wallet).ResolveAgainAsync(document.CredentialIssuer, grant.Server, [grant.ConfigurationId], cancellationToken).ConfigureAwait(false);
        if (offer.Documents[0] is { Code: { } code }) throw new NotSupportedCredentialException(code, "The issuer no longer issues it in a way that this wallet knows.");
        if (offer.Documents[0].Type != document.Type || offer.Documents[0].Format != document.Format)
            throw new MalformedDataException(WalletCodes.OfferUnknownDocument, "The issuer's metadata has another document under this name.");
        var session = new IssuanceSession(wallet, offer, grant.Access.DpopKey);
        var trust = await wallet.TrustAsync(cancellationToken).ConfigureAwait(false);
        var (access, token) = await session.RefreshAsync(grant.Access, cancellationToken).ConfigureAwait(false);
        // Kept before it is used: a server that rotates refresh tokens knows the old one no longer.
        await wallet.Store.WriteAsync(
            transaction =>
            {
                if (DocumentShelf.Find(transaction, documentId) is not null) RenewalGrant.Put(transaction, documentId, grant with { Access = access });
            },
            CancellationToken.None).ConfigureAwait(false);
        var receiver = new CredentialReceiver(wallet, session, access, trust, grant.Copies);
        var outcome = await receiver.ReceiveAsync(
            offer.Documents[0], OfferReceiver.Requests(grant.ConfigurationId, token).First(), document, cancellationToken).ConfigureAwait(false);
        if (!outcome.IsStored) return outcome;
        // The old copies are out of the wallet: their keys go too, whatever the caller's patience.
        foreach (var copy in document.Credentials) await wallet.Area.DeleteKeyAsync(copy.KeyId, CancellationToken.None).ConfigureAwait(false);
        return outcome;
    }
}
