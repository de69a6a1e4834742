using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Credentials.Codecs;
using Credentials.Keys;
using Credentials.Mdoc;
using Credentials.Mdoc.Proximity;
using Credentials.OpenId4Vp;
using Credentials.Wallet.Core.Documents;
using Credentials.Wallet.Core.History;
using Credentials.Wallet.Core.Keys;
using Credentials.Wallet.Core.Storage;

namespace Credentials.Wallet.Core.Presentation;

/// <summary>
/// Documents shown from device to device (ISO/IEC 18013-5). Nothing of a document is sent before <see cref="ShareAsync"/> is called with
/// what the holder chose, and the history keeps what was asked for and what was shown. Comes from <see cref="CredentialWallet.BeginInPerson"/>.
/// One call at a time.
/// </summary>
public sealed class InPersonSession : IAsyncDisposable
{
    /// <summary>Who asked, in the history, where no reader was authenticated.</summary>
    public const string UnknownReader = "in_person:unknown";

    private readonly WalletContext _wallet;
    private readonly ProximityHolder _holder;
    private readonly bool _alwaysSigns;
    private InPersonRequest? _open;
    private string _party = UnknownReader;

    internal InPersonSession(WalletContext wallet, ProximityHolder holder, bool alwaysSigns) => (_wallet, _holder, _alwaysSigns) = (wallet, holder, alwaysSigns);

    /// <summary>Waits for the next request, checks who asks, and works out what could be shown. A request is answered before the next one comes.</summary>
    /// <returns>The request; null when the reader has ended the session or disconnected.</returns>
    /// <exception cref="InvalidOperationException">A request is open.</exception>
    /// <exception cref="CredentialException">As for <see cref="ProximityHolder.ReceiveAsync"/>: the session has ended, and the reader was told.</exception>
    public async Task<InPersonRequest?> ReceiveAsync(CancellationToken cancellationToken = default)
    {
        if (_open is not null) throw new InvalidOperationException("A request is open: it is to be answered or declined first.");
        if (await _holder.ReceiveAsync(cancellationToken).ConfigureAwait(false) is not { } request) return null;
        var trust = await _wallet.TrustAsync(cancellationToken).ConfigureAwait(false);
        var readers = ReaderAuthentication.Verify(request, _holder.Transcript, trust, _wallet.Now);
        bool IsAskedFor(string format, IReadOnlyCollection<string> types) =>
            format == CredentialFormat.Mdoc && request.DocRequests.Any(one => types.Contains(one.ItemsRequest.DocType));
        var documents = await _wallet.Store.ReadAsync(transaction => DocumentShelf.List(transaction, IsAskedFor), cancellationToken).ConfigureAwait(false);
        var asked = new List<InPersonDocumentRequest>();
        foreach (var (one, reader) in request.DocRequests.Zip(readers))
        {
            // A response names documents by their type: whoever asks for one type twice gets the first answered.
            var isFirst = asked.TrueForAll(earlier => earlier.Type != one.ItemsRequest.DocType);
            asked.Add(new InPersonDocumentRequest(one.ItemsRequest, reader, isFirst ? FindMatches(documents, one.ItemsRequest) : []));
        }
        _party = Party(readers);
        var resolved = new InPersonRequest(request, asked, RecordId.New(), _wallet.Now);
        await NoteAsync(Asked(resolved, HistoryKind.Requested), cancellationToken).ConfigureAwait(false);
        return _open = resolved;
    }

    /// <summary>Shows what the holder chose, authenticated for this session by the keys of the documents: by a MAC where that can be and the session does not always sign, else by a signature.</summary>
    /// <param name="request">The open request.</param>
    /// <param name="choices">At least one; of each document request one document at most.</param>
    /// <param name="isLast">True: the session ends with it. Otherwise the reader may ask again.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ArgumentException">The choice does not fit the request. Nothing was sent, and the request stays open.</exception>
    /// <exception cref="InvalidOperationException">The request is not the open one.</exception>
    /// <exception cref="KeyUnavailableException">A key cannot sign. Nothing was sent, and the request stays open.</exception>
    /// <exception cref="FetchException"><c>proximity.disconnected</c>. The history keeps that it may have been shown.</exception>
    /// <exception cref="ProtocolException"><c>proximity.session_ended</c>; likewise.</exception>
    public async Task ShareAsync(
        InPersonRequest request, IReadOnlyList<InPersonChoice> choices, bool isLast = true, CancellationToken cancellationToken = default)
    {
        RequireOpen(request);
        ArgumentNullException.ThrowIfNull(choices);
        var shown = Resolve(request, choices);
        var withMac = shown.Where(IsForMac).ToHashSet();
        var documents = new List<MdocDocument>();
        foreach (var match in shown) documents.Add(await AuthenticateAsync(match, withMac.Contains(match), cancellationToken).ConfigureAwait(false));
        // Written before anything leaves: whatever happens from here on, the holder finds that it may have been shared.
        await _wallet.Store.WriteAsync(
            transaction =>
            {
                HistoryEntry.Put(transaction, Shown(request, HistoryKind.PresentedUnconfirmed, shown));
                DocumentMatch.CountUse(transaction, shown, withMac);
            },
            cancellationToken).ConfigureAwait(false);
        _open = null;
        await _holder.RespondAsync(MdocPresenter.Respond(request.Request, documents), isLast, cancellationToken).ConfigureAwait(false);
        await NoteAsync(Shown(request, HistoryKind.Presented, shown), CancellationToken.None).ConfigureAwait(false);
    }

    /// <summary>Tells the reader that it gets nothing, in the same words whether the holder declines or has nothing (§8.3.2.1.2.3), and notes it.</summary>
    /// <param name="request">The open request.</param>
    /// <param name="isLast">True: the session ends with it. Otherwise the reader may ask again.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="InvalidOperationException">The request is not the open one.</exception>
    /// <exception cref="FetchException"><c>proximity.disconnected</c>.</exception>
    public async Task DeclineAsync(InPersonRequest request, bool isLast = true, CancellationToken cancellationToken = default)
    {
        RequireOpen(request);
        await NoteAsync(Asked(request, HistoryKind.RequestDeclined), cancellationToken).ConfigureAwait(false);
        _open = null;
        await _holder.RespondAsync(MdocPresenter.Respond(request.Request, []), isLast, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Ends the session, if it has not ended, and the connection. An open request goes unanswered.</summary>
    public ValueTask DisposeAsync() => _holder.DisposeAsync();

    private IReadOnlyList<DocumentMatch> FindMatches(IReadOnlyList<Document> documents, ItemsRequest items)
    {
        var matches = new List<DocumentMatch>();
        foreach (var document in documents.Where(document => document.Format == CredentialFormat.Mdoc && document.Type == items.DocType))
        {
            if (document.NextCopy(_wallet.Now, copy => !_alwaysSigns || !copy.UsesMac) is not { } copy || HeldFormat.Read(document, copy) is not HeldMdoc held) continue;
            var answers = items.FindAnswers(held.Mdoc);
            // A document without any element would only tell that the holder has it.
            if (answers.Count > 0) matches.Add(new DocumentMatch(document, copy, held, [.. answers.Select(answer => ClaimPath.Of(answer.NameSpace, answer.Element))]));
        }
        return [.. matches.OrderBy(match => match.Copy.TimesPresented)];
    }

    /// <summary>
    /// Whether a MAC authenticates it (ISO/IEC 18013-5 §9.1.3.5). That is preferred: the reader could have made the MAC itself, so that it convinces
    /// the reader and nobody else, while a signature would prove to anybody, for ever, that the holder met this reader. Every reader takes
    /// both (§9.1.3). It takes a key on P-256, as the reader's is, which its area agrees with and which has not signed for a verifier; and since
    /// that key then signs no more (§9.1.3.4), one copy stays back that can, for requests over the network. Nothing of the issuer stands
    /// against it: key authorizations (§9.1.2.4) are about elements that the device would add, and this one adds none.
    /// </summary>
    private bool IsForMac(DocumentMatch match) =>
        !_alwaysSigns && _wallet.Area is IKeyAgreementArea && match.Copy.Key.PublicKey.Algorithm == SignatureAlgorithm.Es256
        && (match.Copy.UsesMac
            || (match.Copy.TimesPresented == 0 && match.Document.NextCopy(_wallet.Now, copy => copy.Id != match.Copy.Id && !copy.UsesMac) is not null));

    private ValueTask<MdocDocument> AuthenticateAsync(DocumentMatch match, bool withMac, CancellationToken cancellationToken)
    {
        var (mdoc, elements, key) = (((HeldMdoc)match.Held).Mdoc, match.Disclose.ToHashSet(), match.Copy.Key);
        bool IsShown(string nameSpace, string element) => elements.Contains(ClaimPath.Of(nameSpace, element));
        return withMac
            ? MdocPresenter.AuthenticateAsync(
                mdoc, IsShown, _holder.Transcript, new SecureAreaAgreementKey((IKeyAgreementArea)_wallet.Area, key), _holder.EReaderKey, cancellationToken)
            : MdocPresenter.SignAsync(mdoc, IsShown, _holder.Transcript, new SecureAreaSigningKey(_wallet.Area, key), cancellationToken);
    }

    /// <summary>What is shown, in the order of the request.</summary>
    private static IReadOnlyList<DocumentMatch> Resolve(InPersonRequest request, IReadOnlyList<InPersonChoice> choices)
    {
        if (choices.Count == 0) throw Misfit("is empty");
        if (choices.Any(choice => !request.Documents.Contains(choice.Request))) throw Misfit("answers another request");
        if (choices.DistinctBy(choice => choice.Request).Count() != choices.Count) throw Misfit("names several documents where one is asked for");
        return
        [
            .. choices.OrderBy(choice => request.Documents.TakeWhile(document => document != choice.Request).Count()).Select(choice =>
            {
                var match = choice.Request.Matches.FirstOrDefault(match => match.Document.Id == choice.DocumentId)
                    ?? throw Misfit("names a document that does not answer the request");
                if (choice.Elements is not { } elements) return match;
                if (elements.Count == 0 || elements.Except(match.Disclose).Any()) throw Misfit("names no element, or one that was not asked for");
                return new DocumentMatch(match.Document, match.Copy, match.Held, [.. match.Disclose.Where(elements.Contains)]);
            }),
        ];
    }

    // As the same verifier is called when it asks over the network by its certificate. One reader may sign each part with another key: then
    // it is the first of them whom the holder finds in the history.
    private static string Party(IReadOnlyList<ReaderIdentity> readers) =>
        readers.Select(reader => reader.Certificate).OfType<X509Certificate2>().FirstOrDefault() is { } certificate
            ? ClientIdentifier.ForCertificate(certificate).Full
            : UnknownReader;

    private HistoryEntry Asked(InPersonRequest request, HistoryKind kind) => Entry(request, kind) with
    {
        Claims = [.. request.Documents.Select(document => new HistoryClaims(null, document.Type, document.AskedFor))],
    };

    private HistoryEntry Shown(InPersonRequest request, HistoryKind kind, IReadOnlyList<DocumentMatch> shown) => Entry(request, kind) with
    {
        Claims = [.. shown.Select(match => new HistoryClaims(match.Document.Id, match.Document.Type, match.Disclose))],
    };

    private HistoryEntry Entry(InPersonRequest request, HistoryKind kind) => new()
    {
        Id = request.HistoryId,
        At = DateTimeOffset.FromUnixTimeMilliseconds(request.AskedAt.ToUnixTimeMilliseconds()),
        Kind = kind,
        Party = _party,
        PartyNames = request.Documents.Select(document => document.ReaderNames).FirstOrDefault(names => names.In() is not null) ?? DisplayNames.None,
        IsPartyTrusted = request.Documents.All(document => document.IsReaderTrusted),
        // Both sides know the session's transcript, and it says nothing of the holder.
        Reference = StrictBase64Url.Encode(SHA256.HashData(_holder.Transcript.Bytes.Span)),
    };

    private Task NoteAsync(HistoryEntry entry, CancellationToken cancellationToken) =>
        _wallet.Store.WriteAsync(transaction => HistoryEntry.Put(transaction, entry), cancellationToken);

    private void RequireOpen(InPersonRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (!ReferenceEquals(_open, request)) throw new InvalidOperationException("The request is not open.");
    }

    private static ArgumentException Misfit(string how) => new($"The choice {how}.", "choices");
}
