using Credentials.Codecs;
using Credentials.Http;

namespace Credentials.Dids;

/// <summary>
/// Finds the documents and keys of controlled identifiers: did:key, did:jwk, did:web, and https URLs (Controlled Identifiers §3.3).
/// Whoever hosts a fetched document learns that its credential is being checked: ask only about identifiers that are trusted.
/// Thread-safe; make one per process.
/// </summary>
public sealed class DidResolver
{
    private static readonly FetchRule s_documents =
        new("application/did", "application/did+json", "application/did+ld+json", "application/cid", "application/json", "application/ld+json")
        {
            MaxBytes = ControlledIdentifierDocument.MaxBytes,
        };

    private static readonly TimeSpan s_unstated = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan s_atMost = TimeSpan.FromHours(24);

    /// <summary>How long a failure is remembered, and how soon a key that is not there may be looked for again.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    private readonly DidMethods _methods;
    private readonly OutboundHttp? _http;
    private readonly DocumentCache<Known> _fetched;
    private readonly BoundedCache<string, ControlledIdentifierDocument> _generated;
    private readonly SingleFlight<string, Known> _fetches = new();
    private readonly Dictionary<string, ControlledIdentifierDocument> _atHand = [];

    /// <summary>Makes a resolver.</summary>
    /// <param name="methods">The methods that are switched on.</param>
    /// <param name="http">The way out; required for methods that fetch.</param>
    /// <param name="maxDocuments">How many fetched documents, and how many made ones, are kept.</param>
    public DidResolver(DidMethods methods, OutboundHttp? http = null, int maxDocuments = 256)
    {
        if (http is null && (methods & (DidMethods.Web | DidMethods.Https)) != 0)
            throw new ArgumentException("did:web and https identifiers need a way out.", nameof(http));
        (_methods, _http) = (methods, http);
        _fetched = new DocumentCache<Known>(maxDocuments);
        _generated = new BoundedCache<string, ControlledIdentifierDocument>(maxDocuments, _ => 1);
    }

    /// <summary>Documents that are at hand, for instance for checks without a network: never fetched, whatever their method.</summary>
    public IReadOnlyCollection<ControlledIdentifierDocument> AtHand
    {
        get => _atHand.Values;
        init => _atHand = value.ToDictionary(document => document.Id, StringComparer.Ordinal);
    }

    /// <summary>A document, or why there is none; both where the network is away and there is a copy.</summary>
    private sealed record Known(ControlledIdentifierDocument? Document, DateTimeOffset FetchedAt, CredentialException? Failure = null)
    {
        public (ControlledIdentifierDocument Document, TimeSpan? Age) Get(TimeSpan maxOfflineAge, DateTimeOffset now)
        {
            if (Failure is null) return (Document!, null);
            var age = now > FetchedAt ? now - FetchedAt : TimeSpan.Zero;
            return Document is not null && age < maxOfflineAge ? (Document, age) : throw Failure;
        }
    }

    /// <summary>The document of an identifier.</summary>
    /// <param name="identifier">A DID, or an https URL without a fragment.</param>
    /// <param name="now">The time of the verification.</param>
    /// <param name="ct">Ends the wait.</param>
    /// <exception cref="MalformedDataException">The identifier, its key or its document is not well-formed; see <see cref="DidCodes"/>.</exception>
    /// <exception cref="NotSupportedCredentialException"><c>did.method_not_supported</c>, or a key of a kind that is not.</exception>
    /// <exception cref="FetchException"><c>did.not_found</c> where the host says that there is no document (any more), else a code of <see cref="HttpCodes"/>.</exception>
    public async Task<ControlledIdentifierDocument> ResolveAsync(string identifier, DateTimeOffset now, CancellationToken ct = default) =>
        (await FindDocumentAsync(identifier, TimeSpan.Zero, now, ct).ConfigureAwait(false)).Document;

    /// <summary>The same, from a copy on disk where the network is away and the copy younger than said; then its age is told.</summary>
    internal async Task<(ControlledIdentifierDocument Document, TimeSpan? Age)> FindDocumentAsync(
        string identifier, TimeSpan maxOfflineAge, DateTimeOffset now, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(identifier);
        return (await FindAsync(identifier, now, ct).ConfigureAwait(false)).Get(maxOfflineAge, now);
    }

    /// <summary>One key, if its controller's document lists it for the use (Controlled Identifiers §3.3).</summary>
    /// <param name="verificationMethod">Its absolute identifier: that of its controller and a fragment.</param>
    /// <param name="relationship">What it is used for.</param>
    /// <inheritdoc cref="ResolveAsync"/>
    public async Task<VerificationMethod> RetrieveAsync(
        string verificationMethod, VerificationRelationship relationship, DateTimeOffset now, CancellationToken ct = default) =>
        (await FindMethodAsync(verificationMethod, relationship, TimeSpan.Zero, now, ct).ConfigureAwait(false)).Method;

    /// <summary>The same, from a copy on disk where the network is away and the copy younger than said; then its age is told.</summary>
    internal async Task<(VerificationMethod Method, TimeSpan? Age)> FindMethodAsync(
        string verificationMethod, VerificationRelationship relationship, TimeSpan maxOfflineAge, DateTimeOffset now, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(verificationMethod);
        var identifier = DidSyntax.IdentifierOf(verificationMethod);
        var known = await FindAsync(identifier, now, ct).ConfigureAwait(false);

        // The controller may have a new key since.
        if (known is { Failure: null, Document: { } had } && !had.Has(verificationMethod) && now - known.FetchedAt > s_patience)
            known = await FetchOnceAsync(identifier, now, ct).ConfigureAwait(false);
        var (document, age) = known.Get(maxOfflineAge, now);
        // A key that a copy does not have may be a new one: nobody can say.
        return age is null || document.Has(verificationMethod) ? (document.Find(verificationMethod, relationship, now), age) : throw known.Failure!;
    }

    private DidMethods MethodOf(string identifier)
    {
        var method = identifier.StartsWith("https://", StringComparison.Ordinal) || (AllowsHttp && identifier.StartsWith("http://", StringComparison.Ordinal))
            ? DidMethods.Https
            : identifier.Split(':', 3) is not ["did", var name, _] || !DidSyntax.IsDid(identifier) ? throw DidSyntax.Malformed("Not a DID or https URL.")
            : name switch { "key" => DidMethods.Key, "jwk" => DidMethods.Jwk, "web" => DidMethods.Web, _ => DidMethods.None };
        return method != DidMethods.None && _methods.HasFlag(method)
            ? method
            : throw new NotSupportedCredentialException(DidCodes.MethodNotSupported, "The method of the identifier is not supported or switched off.");
    }

    private bool AllowsHttp => _http is { AllowsLoopbackHttp: true };

    private ControlledIdentifierDocument Generate(string did, Func<string, ControlledIdentifierDocument> resolve)
    {
        if (_generated.Get(did) is { } known) return known;
        var document = resolve(did);
        _generated.Put(did, document);
        return document;
    }

    private async ValueTask<Known> FindAsync(string identifier, DateTimeOffset now, CancellationToken ct)
    {
        if (_atHand.TryGetValue(identifier, out var atHand)) return new Known(atHand, now);
        return MethodOf(identifier) switch
        {
            DidMethods.Key => new Known(Generate(identifier, DidKey.Resolve), now),
            DidMethods.Jwk => new Known(Generate(identifier, DidJwk.Resolve), now),
            _ => _fetched.Get(identifier, now) ?? await FetchOnceAsync(identifier, now, ct).ConfigureAwait(false),
        };
    }

    private Task<Known> FetchOnceAsync(string identifier, DateTimeOffset now, CancellationToken ct)
    {
        var location = MethodOf(identifier) == DidMethods.Web
            ? DidWeb.LocationOf(identifier, AllowsHttp)
            // Controlled Identifiers §2.1.1: the identifier is the URL of its document.
            : ServiceUrl.Require(identifier, AllowsHttp, DidCodes.Malformed);
        return _fetches.RunAsync(identifier, () => FetchAsync(identifier, location, now), ct);
    }

    private async Task<Known> FetchAsync(string identifier, Uri location, DateTimeOffset now)
    {
        try
        {
            var answer = await _http!.GetAsync(location, s_documents).ConfigureAwait(false);
            var known = new Known(ControlledIdentifierDocument.Parse(answer.Body.Span, identifier), now);
            _http.Kept?.Keep(location, s_documents, answer, now);
            _fetched.Put(identifier, known, now + answer.FreshFor(s_unstated, s_atMost));
            return known;
        }
        catch (CredentialException e)
        {
            var failed = e switch
            {
                FetchException { HttpStatus: 404 or 410 } gone => Deactivate(location, now, gone),
                FetchException => await FindKeptAsync(identifier, location, now, e).ConfigureAwait(false),
                _ => new Known(null, now, e),
            };
            _fetched.Put(identifier, failed, now + s_patience);
            return failed;
        }
    }

    /// <summary>did:web §2.5.4: taking the document away deactivates the DID. A copy must not bring it back when the network is away.</summary>
    private Known Deactivate(Uri location, DateTimeOffset now, FetchException gone)
    {
        _http!.Kept?.Forget(location, s_documents);
        return new Known(null, now, new FetchException(DidCodes.NotFound, "The identifier has no document, or none any more.", gone, gone.HttpStatus));
    }

    /// <summary>The youngest copy on disk that can be read, with the failure for those who take none.</summary>
    private async Task<Known> FindKeptAsync(string identifier, Uri location, DateTimeOffset now, CredentialException failure)
    {
        var none = new Known(null, now, failure);
        if (_http!.Kept is not { } kept) return none;
        return await kept.FindUsableAsync(location.AbsoluteUri, s_documents, null, copy => ValueTask.FromResult<Known?>(
            new Known(ControlledIdentifierDocument.Parse(copy.Document.Body.Span, identifier), copy.FetchedAt, failure))).ConfigureAwait(false) ?? none;
    }
}
