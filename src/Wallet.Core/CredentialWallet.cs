using Credentials.Mdoc.Proximity;
using Credentials.OpenId4Vci;
using Credentials.Trust;
using Credentials.Wallet.Core.Documents;
using Credentials.Wallet.Core.Events;
using Credentials.Wallet.Core.History;
using Credentials.Wallet.Core.Issuance;
using Credentials.Wallet.Core.Keys;
using Credentials.Wallet.Core.MyData;
using Credentials.Wallet.Core.Presentation;
using Credentials.Wallet.Core.Storage;
using Credentials.Wallet.Core.Trust;

namespace Credentials.Wallet.Core;

/// <summary>
/// A holder's wallet: it receives documents, keeps them and their keys encrypted, shows them, and presents what the holder chose to
/// show, to whom the holder chose. All methods may be called from any thread, also at the same time; changes of the file happen one
/// after the other, each of them whole or not at all. A wallet file is open in one process at a time.
/// </summary>
/// <remarks>
/// Errors: <see cref="ArgumentException"/> and <see cref="InvalidOperationException"/> for wrong use; <see cref="CredentialException"/>,
/// each with a stable code, for everything that other parties, the network, the disk or a secure area can cause.
/// </remarks>
public sealed partial class CredentialWallet : IAsyncDisposable
{
    private readonly WalletContext _context;

    private ResolvedRequest? _openRequest;

    private CredentialWallet(WalletContext context) => (_context, MyData) = (context, new MyDataRecords(context));

    /// <summary>Who was shown what, when and why; requests to delete it; reports to the authority.</summary>
    public MyDataRecords MyData { get; }

    /// <summary>Opens a wallet, and makes its file first when there is none.</summary>
    /// <exception cref="ArgumentException">Not exactly one of passphrase and key, an empty passphrase, or a key that is not 32 bytes long.</exception>
    /// <exception cref="KeyUnavailableException">
    /// <c>wallet.wrong_key</c>; <c>wallet.in_use</c>: it is open elsewhere; <c>wallet.unusable</c>: the disk refuses.
    /// </exception>
    /// <exception cref="MalformedDataException"><c>wallet.corrupt</c>: the file was damaged or changed. Nothing of it is returned.</exception>
    /// <exception cref="NotSupportedCredentialException"><c>wallet.too_new</c>.</exception>
    public static async Task<CredentialWallet> OpenAsync(WalletOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        var store = await EncryptedStore.OpenAsync(options.Path, KeyOf(options), cancellationToken).ConfigureAwait(false);
        var wallet = new CredentialWallet(new WalletContext(options, store, options.SecureArea ?? new SoftwareSecureArea(store)));
        try
        {
            await wallet.DeleteUnusedKeysAsync(cancellationToken).ConfigureAwait(false);
            return wallet;
        }
        catch
        {
            await wallet.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>
    /// Reads an offer and its issuer's metadata, so that they can be shown. Call it when the holder asked for it: the issuer, whose address
    /// stands in the link, learns that the link was opened.
    /// </summary>
    /// <param name="link">A scanned or opened <c>openid-credential-offer:</c> link, with the offer by value or by reference.</param>
    /// <exception cref="MalformedDataException">The link, the offer or the metadata breaks a rule, or belongs to another issuer.</exception>
    /// <exception cref="NotSupportedCredentialException">The issuer works in a way that this wallet does not.</exception>
    /// <exception cref="FetchException">The issuer could not be reached, or answered with something else.</exception>
    public Task<ResolvedOffer> ResolveOfferAsync(string link, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(link);
        return new OfferResolver(_context).ResolveAsync(link, cancellationToken);
    }

    /// <summary>
    /// Receives what is offered, after the holder agreed. Each document is verified – signature and trust, type, its own keys, claims,
    /// status references – and then stored with its keys in one step; or refused, and then nothing of it is kept.
    /// </summary>
    /// <exception cref="ArgumentException">The offer asks for a transaction code and there is none, or the acceptance does not fit the offer.</exception>
    /// <exception cref="InvalidOperationException">The offer <see cref="ResolvedOffer.NeedsAuthorization"/>.</exception>
    /// <exception cref="ProtocolException">
    /// The issuer refuses (its OAuth error is in <see cref="ProtocolException.Error"/>), or <c>wallet.recipient_not_confirmed</c>.
    /// </exception>
    /// <exception cref="CredentialException">A message breaks a rule, a key cannot be used, or the network fails. Documents that were stored before stay.</exception>
    public Task<IReadOnlyList<IssuanceOutcome>> AcceptOfferAsync(
        ResolvedOffer offer, OfferAcceptance? acceptance = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(offer);
        return new OfferReceiver(_context, offer, acceptance ?? new OfferAcceptance()).ReceiveAsync(cancellationToken);
    }

    /// <summary>Reads an issuer's metadata, for a holder who wants a document without having got an offer (OpenID4VCI 1.0 §3.3).</summary>
    /// <param name="credentialIssuer">The Credential Issuer Identifier, a URL.</param>
    /// <param name="configurationIds">
    /// Which of its documents; null: all that it has, for the holder to choose from (<see cref="OfferAcceptance.ConfigurationIds"/>).
    /// </param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <inheritdoc cref="ResolveOfferAsync" path="/exception"/>
    public Task<ResolvedOffer> ResolveIssuerAsync(
        string credentialIssuer, IReadOnlyList<string>? configurationIds = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(credentialIssuer);
        return new OfferResolver(_context).ResolveIssuerAsync(credentialIssuer, configurationIds, cancellationToken);
    }

    /// <summary>
    /// After the holder agreed to an offer that needs an authorization: prepares it, and keeps what the return needs, also over a restart.
    /// </summary>
    /// <returns>The address to open in the holder's browser. It comes back to <see cref="WalletOptions.RedirectUri"/>.</returns>
    /// <exception cref="InvalidOperationException">The wallet has no redirect URI or no client id.</exception>
    /// <exception cref="ProtocolException"><c>wallet.authorization_refused</c>: the server refuses the request.</exception>
    public Task<Uri> StartAuthorizationAsync(ResolvedOffer offer, OfferAcceptance? acceptance = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(offer);
        return new AuthorizationFlow(_context).StartAsync(offer, acceptance ?? new OfferAcceptance(), cancellationToken);
    }

    /// <summary>Receives what an authorization was for, with the whole address that the browser came back with.</summary>
    /// <exception cref="ProtocolException">
    /// <c>wallet.authorization_unknown</c>: nothing waits for it; <c>wallet.authorization_refused</c>, with the server's error.
    /// </exception>
    /// <exception cref="MalformedDataException">It is of another server than the one that was asked (RFC 9207), or not well formed.</exception>
    public Task<IReadOnlyList<IssuanceOutcome>> ContinueAuthorizationAsync(string address, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(address);
        return new AuthorizationFlow(_context).ContinueAsync(address, cancellationToken);
    }

    /// <summary>The documents that issuers will issue later, the one that can be asked for first in front.</summary>
    public Task<IReadOnlyList<DeferredIssuance>> ListDeferredAsync(CancellationToken cancellationToken = default) =>
        _context.Store.ReadAsync(DeferredIssuance.List, cancellationToken);

    /// <summary>Asks for a deferred document, unless it is too early for that.</summary>
    /// <returns>The document; or <c>wallet.issuance_deferred</c> again; or why there will be none, and then nothing of it is kept.</returns>
    /// <exception cref="InvalidOperationException">Nothing is deferred under this id.</exception>
    /// <exception cref="CredentialException">The issuer could not be asked. It stays deferred.</exception>
    public Task<IssuanceOutcome> ResumeDeferredAsync(string deferredId, CancellationToken cancellationToken = default) =>
        new DeferredReceiver(_context).ResumeAsync(deferredId, cancellationToken);

    /// <summary>Notes that the holder turned an offer down. The issuer is not told.</summary>
    public Task DeclineOfferAsync(ResolvedOffer offer, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(offer);
        var entry = HistoryEntry.New(HistoryKind.OfferDeclined, _context.Options.Time) with
        {
            Party = offer.CredentialIssuer,
            PartyNames = offer.IssuerNames,
            IsPartyTrusted = offer.IsIssuerTrusted,
            Claims = [.. offer.Documents.Select(document => new HistoryClaims(null, document.Type, []))],
        };
        return _context.Store.WriteAsync(transaction => HistoryEntry.Put(transaction, entry), cancellationToken);
    }

    /// <summary>
    /// Reads a verifier's request, checks who asks, and works out everything that could be shown. Nothing is sent but the request for the
    /// request. One request is open at a time: it ends with <see cref="PresentAsync"/> or <see cref="DeclineRequestAsync"/>.
    /// </summary>
    /// <param name="link">A scanned or opened <c>openid4vp:</c> or <c>haip-vp:</c> link.</param>
    /// <exception cref="MalformedDataException">The link or the request breaks a rule. The history keeps that it was refused.</exception>
    /// <exception cref="ProtocolException">
    /// The verifier is not trusted, not who it says, or breaks the protocol; <c>wallet.request_open</c>: another request is open.
    /// </exception>
    /// <exception cref="NotSupportedCredentialException">The request uses something that this wallet does not do.</exception>
    /// <exception cref="FetchException">The request could not be fetched.</exception>
    public async Task<ResolvedRequest> ResolveRequestAsync(string link, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(link);
        if (_openRequest is not null) throw RequestOpen();
        var request = await new RequestResolver(_context).ResolveAsync(link, cancellationToken).ConfigureAwait(false);
        return Interlocked.CompareExchange(ref _openRequest, request, null) is null ? request : throw RequestOpen();
    }

    /// <summary>
    /// Sends what the holder chose to show, bound to this verifier and this request by the holder's keys. There is no way to send
    /// anything without a selection.
    /// </summary>
    /// <exception cref="ArgumentException">The selection does not fit the request. Nothing was sent, and the request stays open.</exception>
    /// <exception cref="InvalidOperationException">The request is not the open one: it was answered or declined already.</exception>
    /// <exception cref="KeyUnavailableException">A key cannot sign. Nothing was sent, and the request stays open.</exception>
    public async Task<PresentationOutcome> PresentAsync(
        ResolvedRequest request, PresentationSelection selection, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(selection);
        RequireOpen(request);
        var responder = new Responder(_context, request);
        var response = await responder.SignAsync(selection, cancellationToken).ConfigureAwait(false);
        Close(request);
        return await responder.SendAsync(response, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Tells the verifier that it gets nothing, in the same words whether the holder declines or has nothing that matches
    /// (OpenID4VP 1.0 §15.9), and notes it. A verifier that cannot be reached is no error.
    /// </summary>
    /// <returns>Where the verifier wants the holder's browser to go, if it said so.</returns>
    /// <exception cref="InvalidOperationException">The request is not the open one.</exception>
    public Task<PresentationOutcome> DeclineRequestAsync(ResolvedRequest request, CancellationToken cancellationToken = default)
    {
        Close(request);
        return new Responder(_context, request).DeclineAsync(cancellationToken);
    }

    /// <summary>
    /// Begins to show documents in person, to a reader that has got or gets the session's engagement. The session and the connection belong
    /// to what comes back, which ends them when it is disposed of.
    /// </summary>
    /// <param name="session">A session that has just begun, for example by <see cref="ProximityHolderSession.BeginByQr"/>.</param>
    /// <param name="transport">The connection to the reader, which the app makes by the platform's means.</param>
    /// <param name="alwaysSign">
    /// True: the documents' keys sign for the reader also where they could make a MAC (ISO/IEC 18013-5 §9.1.3), so that the reader can prove to
    /// others later that it was shown them. A key that has made a MAC before never signs: a document without another copy is not shown then.
    /// </param>
    public InPersonSession BeginInPerson(ProximityHolderSession session, IProximityTransport transport, bool alwaysSign = false)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(transport);
        return new InPersonSession(_context, new ProximityHolder(session, transport), alwaysSign);
    }

    /// <summary>All documents, the newest first.</summary>
    public Task<IReadOnlyList<Document>> ListDocumentsAsync(CancellationToken cancellationToken = default) =>
        _context.Store.ReadAsync(DocumentShelf.List, cancellationToken);

    /// <summary>One document; null when the wallet has none with this id.</summary>
    public Task<Document?> FindDocumentAsync(string documentId, CancellationToken cancellationToken = default) =>
        _context.Store.ReadAsync(transaction => DocumentShelf.Find(transaction, documentId), cancellationToken);

    /// <summary>What a document says, in the issuer's order and words; null when the wallet has none with this id.</summary>
    public async Task<IReadOnlyList<DocumentClaim>?> ShowDocumentAsync(string documentId, CancellationToken cancellationToken = default) =>
        await FindDocumentAsync(documentId, cancellationToken).ConfigureAwait(false) is { } document ? DocumentContents.Claims(document) : null;

    /// <summary>
    /// A picture of a document, drawn by its issuer's template when it was received: an SVG document in which only what draws has stayed.
    /// Still to be shown as an image, never as part of a page. Null when there is none.
    /// </summary>
    public Task<string?> FindPictureAsync(string documentId, CancellationToken cancellationToken = default) =>
        _context.Store.ReadAsync(transaction => DocumentShelf.FindPicture(transaction, documentId), cancellationToken);

    /// <summary>
    /// A logo that came with a document, by its <see cref="Logo.Id"/>: to be shown as an image, never as part of a page. It was taken when the
    /// document was received, so that looking at it tells nobody. Null when there is none.
    /// </summary>
    public Task<LogoImage?> FindLogoAsync(string logoId, CancellationToken cancellationToken = default) =>
        _context.Store.ReadAsync(transaction => DocumentShelf.FindLogo(transaction, logoId), cancellationToken);

    /// <summary>
    /// Deletes a document with all its copies and keys. Their bytes in the file are overwritten; the history keeps that it was there.
    /// </summary>
    /// <returns>False when the wallet has no document with this id.</returns>
    public async Task<bool> DeleteDocumentAsync(string documentId, CancellationToken cancellationToken = default)
    {
        var deleted = await _context.Store.WriteAsync(
            transaction =>
            {
                if (DocumentShelf.Find(transaction, documentId) is not { } document) return null;
                DocumentShelf.Delete(transaction, document);
                WalletEvent.DeleteOf(transaction, document.Id);
                HistoryEntry.Put(transaction, HistoryEntry.New(HistoryKind.Deleted, _context.Options.Time) with
                {
                    Claims = [new HistoryClaims(document.Id, document.Type, [])],
                });
                return document;
            },
            cancellationToken).ConfigureAwait(false);
        if (deleted is null) return false;
        // The document is gone from here on: its keys go too, whatever the caller's patience. What fails here is made up for at the next opening.
        foreach (var copy in deleted.Credentials) await _context.Area.DeleteKeyAsync(copy.KeyId, CancellationToken.None).ConfigureAwait(false);
        return true;
    }

    /// <summary>The history, the newest entry first.</summary>
    public Task<IReadOnlyList<HistoryEntry>> GetHistoryAsync(HistoryQuery? query = null, CancellationToken cancellationToken = default)
    {
        var wanted = query ?? new HistoryQuery();
        ArgumentOutOfRangeException.ThrowIfNegative(wanted.Limit, nameof(query));
        return _context.Store.ReadAsync<IReadOnlyList<HistoryEntry>>(
            transaction => [.. transaction.List(RecordKind.History)
                .Select(HistoryEntry.FromStored).Where(wanted.Accepts)
                .OrderByDescending(entry => entry.At).ThenBy(entry => entry.Id, StringComparer.Ordinal).Take(wanted.Limit)],
            cancellationToken);
    }

    /// <summary>Trusts a certificate or key from now on, for the anchor's purposes only. It is kept in the wallet.</summary>
    public Task AddTrustAnchorAsync(TrustAnchor anchor, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(anchor);
        return _context.Store.WriteAsync(transaction => KeptAnchors.Put(transaction, anchor), cancellationToken);
    }

    /// <summary>The anchors kept in the wallet; those of <see cref="WalletOptions.Trust"/> are not among them.</summary>
    public Task<IReadOnlyList<TrustAnchor>> ListTrustAnchorsAsync(CancellationToken cancellationToken = default) =>
        _context.Store.ReadAsync(KeptAnchors.List, cancellationToken);

    /// <summary>No longer trusts an anchor kept in the wallet, by its <see cref="TrustAnchor.Id"/>. Documents stay.</summary>
    public Task RemoveTrustAnchorAsync(string anchorId, CancellationToken cancellationToken = default) =>
        _context.Store.WriteAsync(transaction => KeptAnchors.Delete(transaction, anchorId), cancellationToken);

    /// <summary>Closes the wallet file and forgets its key. Calls that come later throw <see cref="ObjectDisposedException"/>.</summary>
    public ValueTask DisposeAsync() => _context.Store.DisposeAsync();

    private void RequireOpen(ResolvedRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (!ReferenceEquals(_openRequest, request)) throw new InvalidOperationException("The request is not open.");
    }

    // One caller closes it; whoever comes second finds it closed.
    private void Close(ResolvedRequest request)
    {
        RequireOpen(request);
        if (Interlocked.CompareExchange(ref _openRequest, null, request) != request) throw new InvalidOperationException("The request is not open.");
    }

    private static ProtocolException RequestOpen() =>
        new(WalletCodes.RequestOpen, OpenId4Vp.OpenId4VpErrors.WalletUnavailable, "Another request is open.");

    /// <summary>The keys in the secure area, for tests of what is left behind.</summary>
    internal Task<IReadOnlyList<string>> ListKeyIdsAsync(CancellationToken cancellationToken) => _context.Area.ListKeysAsync(cancellationToken);

    private async Task DeleteUnusedKeysAsync(CancellationToken cancellationToken)
    {
        try
        {
            var held = await _context.Area.ListKeysAsync(cancellationToken).ConfigureAwait(false);
            if (held.Count == 0) return;
            var used = await _context.Store.WriteAsync(transaction => UsedKeys(transaction, _context.Now), cancellationToken).ConfigureAwait(false);
            foreach (var key in held.Where(key => !used.Contains(key))) await _context.Area.DeleteKeyAsync(key, cancellationToken).ConfigureAwait(false);
        }
        catch (KeyUnavailableException e) when (e.Code == WalletCodes.KeyLocked)
        {
            // A wallet can be looked into while its token is away; what is left over goes at the next opening.
        }
    }

    private static HashSet<string> UsedKeys(StoreTransaction transaction, DateTimeOffset now)
    {
        var authorizations = PendingAuthorization.List(transaction).ToLookup(pending => pending.StartedAt > now - PendingAuthorization.Lifetime);
        foreach (var old in authorizations[false]) transaction.Delete(RecordKind.Authorization, old.State);
        var deferred = DeferredIssuance.List(transaction);
        return authorizations[true].Select(pending => pending.DpopKey).OfType<SecureAreaKey>()
            .Concat(deferred.SelectMany(issuance => issuance.HolderKeys))
            .Concat(deferred.Select(issuance => issuance.Access.DpopKey).OfType<SecureAreaKey>())
            .Concat(RenewalGrant.List(transaction).Select(grant => grant.Access.DpopKey).OfType<SecureAreaKey>())
            .Select(key => key.Id).Concat(transaction.Index.KeyIds).ToHashSet(StringComparer.Ordinal);
    }

    private static StoreKey KeyOf(WalletOptions options)
    {
        if ((options.Passphrase is null) == (options.Key is null))
            throw new ArgumentException("Give either a passphrase or a key.", nameof(options));
        if (options.Passphrase is "") throw new ArgumentException("The passphrase is empty.", nameof(options));
        if (options.Key is { Length: not StoreKey.KeyLength }) throw new ArgumentException("A key has 32 bytes.", nameof(options));
        return new StoreKey(options.Passphrase, options.Key);
    }
}
