using Credentials.Http;
using Credentials.OpenId4Vp;
using Credentials.Wallet.Core.Documents;
using Credentials.Wallet.Core.History;
using Credentials.Wallet.Core.Keys;
using Credentials.Wallet.Core.Storage;

namespace Credentials.Wallet.Core.Presentation;

/// <summary>Turns the holder's selection into a signed answer and sends it.</summary>
internal sealed class Responder(WalletContext wallet, ResolvedRequest request)
{
    // §8.2: JSON; what else it is does not matter, since an answer that cannot be read redirects nowhere. Nothing is sent a second time.
    private static readonly FetchRule s_responseEndpoint = new() { MaxRedirects = 0, ReturnErrorStatus = true, Timeout = TimeSpan.FromSeconds(30) };

    /// <summary>A signed answer and what it shows.</summary>
    internal sealed record SignedAnswer(AuthorizationResponse Response, IReadOnlyList<DocumentMatch> Shown);

    /// <exception cref="ArgumentException">The selection does not fit the request.</exception>
    public async Task<SignedAnswer> SignAsync(PresentationSelection selection, CancellationToken cancellationToken)
    {
        var chosen = Chosen(selection);
        var transactions = AssignTransactions(chosen);
        var presentations = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        foreach (var (queryId, matches) in chosen)
        {
            var texts = new List<string>();
            foreach (var match in matches) texts.Add(await PresentAsync(queryId, match, transactions, cancellationToken).ConfigureAwait(false));
            presentations[queryId] = texts;
        }
        return new SignedAnswer(
            AuthorizationResponse.Success(VpToken.Create(presentations), request.Verified.Request.State),
            [.. chosen.SelectMany(pair => pair.Matches)]);
    }

    public async Task<PresentationOutcome> SendAsync(SignedAnswer answer, CancellationToken cancellationToken)
    {
        // Written before anything leaves: whatever happens from here on, the holder finds that it may have been shared.
        await wallet.Store.WriteAsync(transaction => Note(transaction, answer, HistoryKind.PresentedUnconfirmed, null, countUse: true), cancellationToken)
            .ConfigureAwait(false);
        var outcome = await PostAsync(answer.Response, cancellationToken).ConfigureAwait(false);
        var kind = outcome.IsConfirmed ? HistoryKind.Presented : HistoryKind.PresentedUnconfirmed;
        await wallet.Store.WriteAsync(transaction => Note(transaction, answer, kind, outcome.Code, countUse: false), CancellationToken.None)
            .ConfigureAwait(false);
        return outcome;
    }

    public async Task<PresentationOutcome> DeclineAsync(CancellationToken cancellationToken)
    {
        await wallet.Store.WriteAsync(
            transaction => HistoryEntry.Put(transaction, SessionHistory.Declined(request)), cancellationToken).ConfigureAwait(false);
        return await PostAsync(AuthorizationResponse.Refusal(OpenId4VpErrors.AccessDenied, request.Verified.Request.State), cancellationToken)
            .ConfigureAwait(false);
    }

    private List<(string QueryId, IReadOnlyList<DocumentMatch> Matches)> Chosen(PresentationSelection selection)
    {
        var members = request.Sets.SelectMany(set => set.Options).SelectMany(option => option.Members)
            .DistinctBy(member => member.QueryId).ToDictionary(member => member.QueryId, StringComparer.Ordinal);
        var chosen = new List<(string, IReadOnlyList<DocumentMatch>)>();
        foreach (var (queryId, documentIds) in selection.Documents)
        {
            if (!members.TryGetValue(queryId, out var member)) throw Misfit("names a query that the request does not have");
            if (documentIds.Count == 0 || documentIds.Distinct().Count() != documentIds.Count) throw Misfit("names no document, or one twice");
            if (documentIds.Count > 1 && !member.AllowsSeveral) throw Misfit("names several documents where one is asked for");
            chosen.Add((queryId, [.. documentIds.Select(id => member.Matches.FirstOrDefault(match => match.Document.Id == id)
                ?? throw Misfit("names a document that does not answer the query"))]));
        }
        // OpenID4VP 1.0 §6.4.2: all required sets, or nothing.
        if (!request.Sets.All(set => !set.IsRequired || set.Options.Any(option => option.Members.All(member => selection.Documents.ContainsKey(member.QueryId)))))
            throw Misfit("leaves out something that is required");
        return chosen.Count > 0 ? chosen : throw Misfit("is empty");
    }

    /// <summary>§5.1: one of the credentials that an entry names authorizes it, and only one.</summary>
    private Dictionary<DocumentMatch, List<TransactionData>> AssignTransactions(List<(string QueryId, IReadOnlyList<DocumentMatch> Matches)> chosen)
    {
        var assigned = new Dictionary<DocumentMatch, List<TransactionData>>();
        foreach (var entry in request.TransactionData)
        {
            var authorizing = chosen.Find(pair => entry.CredentialIds.Contains(pair.QueryId)).Matches
                ?? throw Misfit("has no document that authorizes the transaction");
            if (!assigned.TryGetValue(authorizing[0], out var entries)) assigned[authorizing[0]] = entries = [];
            entries.Add(entry);
        }
        return assigned;
    }

    private ValueTask<string> PresentAsync(
        string queryId, DocumentMatch match, Dictionary<DocumentMatch, List<TransactionData>> transactions, CancellationToken cancellationToken)
    {
        var terms = new PresentationTerms(
            request.Verified.Binding,
            request.Verified.Request.DcqlQuery.Find(queryId)!.RequireHolderBinding,
            transactions.GetValueOrDefault(match) ?? [],
            new SecureAreaSigningKey(wallet.Area, match.Copy.Key),
            wallet.Now);
        return match.Held.PresentAsync(match.Disclose, terms, cancellationToken);
    }

    private void Note(StoreTransaction transaction, SignedAnswer answer, HistoryKind kind, string? code, bool countUse)
    {
        HistoryEntry.Put(transaction, SessionHistory.Shown(request, kind, answer.Shown, code));
        if (countUse) DocumentMatch.CountUse(transaction, answer.Shown);
    }

    private async Task<PresentationOutcome> PostAsync(AuthorizationResponse response, CancellationToken cancellationToken)
    {
        try
        {
            var form = await request.Verified.ToFormAsync(response).ConfigureAwait(false);
            var answer = await wallet.Options.Http.PostFormAsync(request.ResponseUri, form, s_responseEndpoint, cancellationToken: cancellationToken)
                .ConfigureAwait(false);
            return answer.IsSuccess ? new(true, RedirectUri(answer), null) : new(false, null, WalletCodes.VerifierRefused);
        }
        catch (FetchException e)
        {
            return new(false, null, e.Code);
        }
    }

    private static Uri? RedirectUri(FetchedDocument answer)
    {
        if (answer.ContentType != "application/json") return null;
        try
        {
            return ResponseEndpointAnswer.Parse(answer.ReadJsonObject(OpenId4VpCodes.ResponseMalformed)).RedirectUri;
        }
        catch (MalformedDataException)
        {
            return null;
        }
    }

    private static ArgumentException Misfit(string what) => new($"The selection {what}.", "selection");
}
