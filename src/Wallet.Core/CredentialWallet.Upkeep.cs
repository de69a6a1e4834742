using Credentials.Wallet.Core.Documents;
using Credentials.Wallet.Core.Issuance;

namespace Credentials.Wallet.Core;

/// <content>What keeps the documents fresh.</content>
public sealed partial class CredentialWallet
{
    // One at a time: a refresh token that two calls use counts as stolen at servers that rotate them (RFC 9700 §4.14.2).
    private readonly SemaphoreSlim _renewing = new(1, 1);

    /// <summary>Fetches fresh copies of a document and destroys the old ones, where the issuer allows it. When it fails the old ones stay.</summary>
    /// <exception cref="InvalidOperationException">The wallet has no document with this id.</exception>
    /// <exception cref="NotSupportedCredentialException"><c>wallet.renewal_not_supported</c>: the issuer gave no refresh token.</exception>
    /// <exception cref="ProtocolException">The issuer refuses.</exception>
    public Task<IssuanceOutcome> RenewDocumentAsync(string documentId, CancellationToken cancellationToken = default) =>
        RenewAsync(renewal => renewal.RenewAsync(documentId, cancellationToken), cancellationToken);

    /// <summary>
    /// The documents of which fresh copies are due, because they run out or few fresh copies are left, the one that runs out first in
    /// front. Nobody is asked for this.
    /// </summary>
    public Task<IReadOnlyList<DueRenewal>> ListDueRenewalsAsync(CancellationToken cancellationToken = default) =>
        _context.Store.ReadAsync(transaction => DueRenewal.List(transaction, _context.Now), cancellationToken);

    /// <summary>
    /// Renews the documents that are due and can be renewed, the most urgent first, 50 at most; those that the open request could show are
    /// left for another time. What fails for one does not stop the others, and its old copies stay.
    /// </summary>
    /// <returns>What became of each.</returns>
    /// <exception cref="OperationCanceledException">The caller has given up. What was renewed before stays renewed.</exception>
    public Task<IReadOnlyList<RenewalOutcome>> RenewDueAsync(CancellationToken cancellationToken = default) =>
        RenewAsync(renewal => renewal.RenewDueAsync(IsInOpenRequest, cancellationToken), cancellationToken);

    private async Task<T> RenewAsync<T>(Func<DocumentRenewal, Task<T>> renew, CancellationToken cancellationToken)
    {
        await _renewing.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await renew(new DocumentRenewal(_context)).ConfigureAwait(false);
        }
        finally
        {
            _renewing.Release();
        }
    }

    private bool IsInOpenRequest(Document document) => _openRequest?.Sets.SelectMany(set => set.Options).SelectMany(option => option.Members)
        .SelectMany(member => member.Matches).Any(match => match.Document.Id == document.Id) == true;
}
