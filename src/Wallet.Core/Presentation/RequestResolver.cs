using System.Security.Cryptography;
using System.Text;
using Credentials.Codecs;
using Credentials.Dcql;
using Credentials.Http;
using Credentials.OpenId4Vp;
using Credentials.Wallet.Core.Documents;
using Credentials.Wallet.Core.History;
using Credentials.Wallet.Core.MyData;
using Credentials.Wallet.Core.Storage;

namespace Credentials.Wallet.Core.Presentation;

/// <summary>Fetches and verifies a request, and matches it with the documents. The history gets one entry for the session.</summary>
internal sealed class RequestResolver(WalletContext wallet)
{
    public async Task<ResolvedRequest> ResolveAsync(string text, CancellationToken cancellationToken)
    {
        var link = RequestUri.Parse(text);
        try
        {
            var verified = await VerifyAsync(link, cancellationToken).ConfigureAwait(false);
            RequireAddress(verified.Request.ResponseUri);
            var isAskedFor = DcqlMatcher.AskedFor(verified.Request.DcqlQuery);
            var documents = await wallet.Store.ReadAsync(transaction => DocumentShelf.List(transaction, isAskedFor), cancellationToken).ConfigureAwait(false);
            var contact = VerifierContact.Of(verified, wallet.Options.Http.AllowsLoopbackHttp);
            var request = new ResolvedRequest(verified, Match(verified.Request.DcqlQuery, documents), contact, RecordId.New(), wallet.Now);
            await NoteAsync(SessionHistory.Asked(request), cancellationToken).ConfigureAwait(false);
            return request;
        }
        catch (CredentialException e) when (e is not FetchException)
        {
            var entry = HistoryEntry.New(HistoryKind.RequestRefused, wallet.Options.Time) with { Party = link.ClientId.Full, Code = e.Code };
            await NoteAsync(entry, cancellationToken).ConfigureAwait(false);
            throw;
        }
    }

    private async Task<VerifiedRequest> VerifyAsync(RequestUri link, CancellationToken cancellationToken)
    {
        var trust = await wallet.TrustAsync(cancellationToken).ConfigureAwait(false);
        var expected = new RequestExpectations(trust, wallet.Now)
        {
            Profile = wallet.Options.RequestProfile,
            TransactionDataTypes = wallet.Options.TransactionDataTypes,
            Dids = wallet.Identifiers,
            // §5.10: fresh for each request, so that an old request object is of no use to anybody.
            WalletNonce = link.UsePost ? StrictBase64Url.Encode(RandomNumberGenerator.GetBytes(16)) : null,
        };
        if (link.Unsigned is { } unsigned) return RequestVerifier.VerifyUnsigned(unsigned, expected);
        var requestObject = link.RequestObject ?? await FetchAsync(link, expected.WalletNonce, cancellationToken).ConfigureAwait(false);
        return await RequestVerifier.VerifyAsync(requestObject, link, expected, cancellationToken).ConfigureAwait(false);
    }

    private async Task<string> FetchAsync(RequestUri link, string? walletNonce, CancellationToken cancellationToken)
    {
        RequireAddress(link.Location!);
        var answer = walletNonce is null
            ? await wallet.Options.Http.GetAsync(link.Location!, FetchRule.RequestObject, cancellationToken: cancellationToken).ConfigureAwait(false)
            : await wallet.Options.Http.PostFormAsync(
                link.Location!, new RequestUriPost(walletNonce, null).ToForm(), FetchRule.RequestObject, cancellationToken: cancellationToken).ConfigureAwait(false);
        return Encoding.UTF8.GetString(answer.Body.Span);
    }

    // Known before anything is shown: a holder must not consent to what cannot be sent.
    private void RequireAddress(Uri address)
    {
        if (address.Scheme != Uri.UriSchemeHttps && !wallet.Options.Http.AllowsLoopbackHttp)
            throw new ProtocolException(WalletCodes.RequestAddress, OpenId4VpErrors.InvalidRequest, "The verifier's address is not https.");
    }

    private List<RequestedSet> Match(DcqlQuery query, IReadOnlyList<Document> documents)
    {
        var shown = documents.Select(Usable).OfType<Candidate>().ToDictionary(candidate => candidate.Document.Id, StringComparer.Ordinal);
        var match = DcqlMatcher.Match(query, [.. shown.Values.Select(candidate => candidate.Dcql)]);
        return [.. match.Sets.Select(set => new RequestedSet(set.Required, [.. set.Options.Select(option =>
            new RequestedOption([.. option.Members.Select(member => Describe(member, shown))]))]))];
    }

    private static RequestedDocument Describe(DcqlMember member, Dictionary<string, Candidate> shown) => new(
        member.Query.Id,
        member.Query.Types,
        [.. (member.Query.Claims ?? []).Select(claim => claim.Path)],
        member.Query.Multiple,
        [.. member.Matches.Select(match => (Held: shown[match.Candidate.Id!], match.Disclose))
            .OrderBy(found => found.Held.Copy.TimesPresented)
            .Select(found => new DocumentMatch(found.Held.Document, found.Held.Copy, found.Held.Credential, found.Disclose))]);

    // The copies of a document say the same; one of them stands for it.
    private Candidate? Usable(Document document)
    {
        if (document.NextCopy(wallet.Now, copy => !copy.UsesMac) is not { } copy) return null;
        if (HeldFormat.Find(document.Format)?.Parse(copy.Text) is not { } credential) return null;
        return new Candidate(document, copy, credential, credential.ToCandidate(document.Id));
    }

    private Task NoteAsync(HistoryEntry entry, CancellationToken cancellationToken) =>
        wallet.Store.WriteAsync(transaction => HistoryEntry.Put(transaction, entry), cancellationToken);

    private sealed record Candidate(Document Document, StoredCredential Copy, HeldCredential Credential, DcqlCandidate Dcql);
}
