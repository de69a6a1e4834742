using System.Text.Json.Nodes;
using Credentials.Http;
using Credentials.OpenId4Vp;
using Credentials.Wallet.Core.Documents;
using Credentials.Wallet.Core.History;
using Credentials.Wallet.Core.Storage;

namespace Credentials.Wallet.Core.MyData;

/// <summary>
/// The holder's view of what others know: which verifier was shown what, when and why; requests to delete it; reports to the authority.
/// Comes from <see cref="CredentialWallet.MyData"/>, and is as thread-safe as the wallet. Nothing in it is a claim value.
/// </summary>
public sealed class MyDataRecords
{
    /// <summary>The <c>type</c> of a deletion request that is posted to an endpoint.</summary>
    public const string DeletionType = "urn:credentials:data-deletion:1";

    private const int MaxNote = 2000;

    private static readonly FetchRule s_endpoint = new() { MaxRedirects = 0, ReturnErrorStatus = true, MaxBytes = 64 * 1024 };

    private readonly WalletContext _wallet;

    internal MyDataRecords(WalletContext wallet) => _wallet = wallet;

    /// <summary>Every verifier that ever asked, the latest first.</summary>
    public Task<IReadOnlyList<VerifierRecord>> ListVerifiersAsync(CancellationToken cancellationToken = default) =>
        _wallet.Store.ReadAsync(transaction => VerifierRecord.From(History(transaction), RightsRequest.List(transaction)), cancellationToken);

    /// <summary>One verifier, by its whole Client Identifier; null when the history knows none.</summary>
    public async Task<VerifierRecord?> FindVerifierAsync(string party, CancellationToken cancellationToken = default) =>
        (await ListVerifiersAsync(cancellationToken).ConfigureAwait(false)).FirstOrDefault(verifier => verifier.Party == party);

    /// <summary>What a first page shows.</summary>
    public Task<MyDataDashboard> GetDashboardAsync(CancellationToken cancellationToken = default) => _wallet.Store.ReadAsync(
        transaction => MyDataDashboard.From(
            DocumentShelf.Count(transaction), History(transaction), RightsRequest.List(transaction), _wallet.Now),
        cancellationToken);

    /// <summary>All deletion requests and reports, the newest first.</summary>
    public Task<IReadOnlyList<RightsRequest>> ListRequestsAsync(CancellationToken cancellationToken = default) =>
        _wallet.Store.ReadAsync(RightsRequest.List, cancellationToken);

    /// <summary>The whole history and all requests as one JSON object: for the holder to keep, or to take elsewhere.</summary>
    public Task<JsonObject> ExportAsync(CancellationToken cancellationToken = default) => _wallet.Store.ReadAsync(
        transaction => MyDataExport.Of(History(transaction), RightsRequest.List(transaction), _wallet.Now), cancellationToken);

    /// <summary>
    /// Writes a deletion request or a report and keeps it. Nothing is sent: the holder reads it first, then <see cref="SendAsync"/> posts
    /// it, or the holder sends it by <see cref="RightsRequest.OpenUri"/> and the app calls <see cref="MarkSentAsync"/>.
    /// </summary>
    /// <exception cref="ArgumentException">
    /// The history does not know the verifier or an entry, the note is too long, or the address is neither <c>mailto:</c> with one plain
    /// address nor <c>https:</c>.
    /// </exception>
    /// <exception cref="NotSupportedCredentialException"><c>wallet.no_contact</c>: nobody said where it could go.</exception>
    public async Task<RightsRequest> PrepareAsync(RightsRequestDraft draft, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(draft);
        if (draft.Note?.Length > MaxNote) throw new ArgumentException($"A note has at most {MaxNote} characters.", nameof(draft));
        var verifier = await FindVerifierAsync(draft.Party, cancellationToken).ConfigureAwait(false)
            ?? throw new ArgumentException("The history does not know this verifier.", nameof(draft));
        var entries = Entries(draft, verifier);
        var (address, isEndpoint) = Address(draft, verifier.Contact);
        var id = RecordId.New();
        var (subject, letter) = RightsLetter.Write(draft, id, verifier.Names.In(draft.Language), entries);
        var request = new RightsRequest
        {
            Id = id,
            Kind = draft.Kind,
            Party = draft.Party,
            PartyNames = verifier.Names,
            PreparedAt = Now(),
            Address = address,
            IsEndpoint = isEndpoint,
            EntryIds = [.. entries.Select(entry => entry.Id)],
            Subject = subject,
            Letter = letter,
        };
        await _wallet.Store.WriteAsync(transaction => RightsRequest.Put(transaction, request), cancellationToken).ConfigureAwait(false);
        return request;
    }

    /// <summary>
    /// Posts a deletion request to the verifier's endpoint. When that fails the request stays prepared, with the reason in
    /// <see cref="RightsRequest.Code"/>, and can be sent again: the verifier knows it by its id.
    /// </summary>
    /// <exception cref="InvalidOperationException">There is no such request, it was sent already, or the holder is to send it.</exception>
    public async Task<RightsRequest> SendAsync(string requestId, CancellationToken cancellationToken = default)
    {
        var (request, entries) = await _wallet.Store.ReadAsync(
            transaction => (RightsRequest.Find(transaction, requestId), History(transaction)), cancellationToken).ConfigureAwait(false);
        if (request is not { IsEndpoint: true, State: RightsRequestState.Prepared }) throw new InvalidOperationException("There is no such request to be sent.");
        var body = MyDataExport.DeletionBody(request, entries.Where(entry => request.EntryIds.Contains(entry.Id)));
        var (state, code) = await PostAsync(request.Address, body, cancellationToken).ConfigureAwait(false);
        // It is out: kept whatever the caller's patience.
        return await ChangeAsync(requestId, found => found with
        {
            State = state,
            Code = code,
            SentAt = state == RightsRequestState.Prepared ? null : Now(),
            AnsweredAt = state is RightsRequestState.Fulfilled or RightsRequestState.Refused ? Now() : null,
        }, CancellationToken.None).ConfigureAwait(false);
    }

    /// <summary>Notes that the holder has sent a request by mail or on a page.</summary>
    /// <exception cref="InvalidOperationException">There is no such request, or it was sent already.</exception>
    public Task<RightsRequest> MarkSentAsync(string requestId, CancellationToken cancellationToken = default) => ChangeAsync(
        requestId,
        found => found.State == RightsRequestState.Prepared
            ? found with { State = RightsRequestState.Sent, SentAt = Now(), Code = null }
            : throw new InvalidOperationException("The request was sent already."),
        cancellationToken);

    /// <summary>Notes what the other side answered.</summary>
    /// <param name="isFulfilled">True if it did what was asked, false if it will not.</param>
    /// <exception cref="InvalidOperationException">There is no such request, or it has not been sent.</exception>
    public Task<RightsRequest> MarkAnsweredAsync(string requestId, bool isFulfilled, CancellationToken cancellationToken = default) => ChangeAsync(
        requestId,
        found => found.State != RightsRequestState.Prepared
            ? found with { State = isFulfilled ? RightsRequestState.Fulfilled : RightsRequestState.Refused, AnsweredAt = Now() }
            : throw new InvalidOperationException("The request has not been sent."),
        cancellationToken);

    /// <summary>Throws a request away. What was sent is not called back, and the history keeps that it was sent.</summary>
    public Task DeleteRequestAsync(string requestId, CancellationToken cancellationToken = default) =>
        _wallet.Store.WriteAsync(transaction => transaction.Delete(RecordKind.RightsRequest, requestId), cancellationToken);

    private static IReadOnlyList<HistoryEntry> Entries(RightsRequestDraft draft, VerifierRecord verifier)
    {
        // A report may also be about what was asked for and not shown.
        var possible = draft.Kind == RightsRequestKind.Deletion ? verifier.Sharings : [.. verifier.Sessions.Where(entry =>
            entry.Kind is not (HistoryKind.DeletionRequested or HistoryKind.VerifierReported))];
        var chosen = draft.EntryIds is { } ids ? [.. possible.Where(entry => ids.Contains(entry.Id))] : possible;
        if (chosen.Count == 0 || (draft.EntryIds is { } wanted && chosen.Count != wanted.Distinct().Count()))
            throw new ArgumentException("The history has no such entry of this verifier.", nameof(draft));
        return chosen;
    }

    private (Uri Address, bool IsEndpoint) Address(RightsRequestDraft draft, VerifierContact? contact)
    {
        var endpoint = draft.Kind == RightsRequestKind.Deletion ? contact?.DeletionEndpoint : null;
        if (endpoint is not null && (draft.Address is null || draft.Address == endpoint)) return (endpoint, true);
        var first = draft.Kind == RightsRequestKind.Deletion
            ? contact?.SupportUris.FirstOrDefault()
            : _wallet.Options.SupervisoryAuthority ?? contact?.AuthorityUris.FirstOrDefault();
        var address = draft.Address ?? first
            ?? throw new NotSupportedCredentialException(WalletCodes.NoContact, "Nobody said where the request could go; name an address.");
        return DataRightsStatement.ContactUri(address.OriginalString, _wallet.Options.Http.AllowsLoopbackHttp) is { } usable
            ? (usable, false)
            : throw new ArgumentException("The address is neither mailto: with one plain address nor https:.", nameof(draft));
    }

    private async Task<(RightsRequestState State, string? Code)> PostAsync(Uri address, JsonObject body, CancellationToken cancellationToken)
    {
        try
        {
            var answer = await _wallet.Options.Http.PostJsonAsync(address, body, s_endpoint, cancellationToken: cancellationToken).ConfigureAwait(false);
            if (answer.IsSuccess) return (MyDataExport.SaysDone(answer) ? RightsRequestState.Fulfilled : RightsRequestState.Sent, null);
            // A server that is down has refused nothing.
            return answer.Status is >= 500 or 408 or 429
                ? (RightsRequestState.Prepared, WalletCodes.DeletionNotTaken)
                : (RightsRequestState.Refused, WalletCodes.DeletionNotTaken);
        }
        catch (FetchException e)
        {
            return (RightsRequestState.Prepared, e.Code);
        }
    }

    private Task<RightsRequest> ChangeAsync(string requestId, Func<RightsRequest, RightsRequest> change, CancellationToken cancellationToken) =>
        _wallet.Store.WriteAsync(
            transaction =>
            {
                var before = RightsRequest.Find(transaction, requestId) ?? throw new InvalidOperationException("There is no such request.");
                var after = change(before);
                RightsRequest.Put(transaction, after);
                if (before.SentAt is null && after.SentAt is not null) HistoryEntry.Put(transaction, SentEntry(after));
                return after;
            },
            cancellationToken);

    private HistoryEntry SentEntry(RightsRequest request) => HistoryEntry.New(
        request.Kind == RightsRequestKind.Deletion ? HistoryKind.DeletionRequested : HistoryKind.VerifierReported, _wallet.Options.Time) with
    {
        Party = request.Party,
        PartyNames = request.PartyNames,
        Reference = request.Id,
    };

    private static IReadOnlyList<HistoryEntry> History(StoreTransaction transaction) =>
        [.. transaction.List(RecordKind.History).Select(HistoryEntry.FromStored)
            .OrderByDescending(entry => entry.At).ThenBy(entry => entry.Id, StringComparer.Ordinal)];

    private DateTimeOffset Now() => DateTimeOffset.FromUnixTimeMilliseconds(_wallet.Now.ToUnixTimeMilliseconds());
}
