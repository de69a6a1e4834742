using Credentials.Codecs;
using Credentials.Http;

namespace Credentials.SdJwt.TypeMetadata;

/// <summary>
/// Finds the metadata of a type and of all that it extends (SD-JWT VC §5.3, §5.4): in documents that the application brought
/// along, else at the type's https URL. Whoever is asked learns that a credential is being looked at (§8.4). What a document says is
/// its publisher's word (§7.8). Thread-safe; make one per process.
/// </summary>
public sealed class TypeMetadataClient
{
    /// <summary>How many types one type may extend, directly and through others.</summary>
    public const int MaxExtends = 8;

    private static readonly FetchRule s_svg = new("image/svg+xml") { MaxBytes = SvgTemplate.MaxBytes };

    private static readonly TimeSpan s_unstated = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan s_atMost = TimeSpan.FromHours(24);

    /// <summary>How long a failed fetch is remembered.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    private readonly Dictionary<string, ReadOnlyMemory<byte>> _registry = new(StringComparer.Ordinal);
    private readonly OutboundHttp? _http;
    private readonly BoundedCache<Key, Known> _cache;

    private readonly record struct Key(string Url, string? Integrity);

    private sealed record Known(ReadOnlyMemory<byte> Octets, DateTimeOffset From, DateTimeOffset Until, FetchException? Failure = null)
    {
        // Also false when the clock was set back.
        public bool IsFreshAt(DateTimeOffset now) => now >= From && now < Until;
    }

    /// <summary>Makes a client.</summary>
    /// <param name="registry">Documents of the application's own, as JSON; each stands for the type it names. They go before the network.</param>
    /// <param name="http">The way out; null: nothing is fetched.</param>
    /// <param name="maxCacheBytes">Memory for documents that were fetched, in bytes.</param>
    /// <exception cref="MalformedDataException">A document is no type metadata.</exception>
    public TypeMetadataClient(IEnumerable<ReadOnlyMemory<byte>> registry, OutboundHttp? http, long maxCacheBytes = 8 << 20)
    {
        ArgumentNullException.ThrowIfNull(registry);
        _http = http;
        _cache = new(maxCacheBytes, known => 512 + known.Octets.Length);
        foreach (var document in registry) _registry[Read(document.Span).Type] = document;
    }

    /// <summary>The metadata of a type, extended types included.</summary>
    /// <param name="type">The <c>vct</c>.</param>
    /// <param name="integrity">The <c>vct#integrity</c> of the credential; null where it has none.</param>
    /// <param name="now">The time by which copies are fresh.</param>
    /// <param name="ct">Ends the wait.</param>
    /// <exception cref="FetchException">A document could not be had.</exception>
    /// <exception cref="NotSupportedCredentialException"><see cref="SdJwtCodes.TypeMetadataUnavailable"/>: no source has the type.</exception>
    /// <exception cref="MalformedDataException">A document is damaged, is that of another type, or the chain of types is no chain.</exception>
    public async Task<ResolvedTypeMetadata> FetchAsync(string type, string? integrity, DateTimeOffset now, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(type);
        var chain = new List<TypeMetadataDocument>();
        for (string? next = type; next is not null; (next, integrity) = (chain[^1].Extends, chain[^1].ExtendsIntegrity))
        {
            // §7.4.
            if (chain.Exists(known => known.Type == next)) throw new MalformedDataException(SdJwtCodes.TypeMetadataCycle, "A type extends itself.");
            if (chain.Count > MaxExtends) throw new MalformedDataException(SdJwtCodes.TypeMetadataTooLong, "A type extends too many types.");
            chain.Add(await FetchOneAsync(next, integrity, now, ct).ConfigureAwait(false));
        }

        return ResolvedTypeMetadata.Of(chain);
    }

    /// <summary>An SVG template (§5.5.1.2), from its https URL or out of its data: URI, to be filled by <see cref="SvgTemplate.Fill"/>.</summary>
    /// <param name="template">One of <see cref="SvgTemplateReference.ReadAll"/>.</param>
    /// <param name="now">The time by which copies are fresh.</param>
    /// <param name="ct">Ends the wait.</param>
    /// <exception cref="FetchException">It could not be had.</exception>
    /// <exception cref="NotSupportedCredentialException"><see cref="SdJwtCodes.TypeMetadataUnavailable"/>: nothing is fetched by this client.</exception>
    /// <exception cref="MalformedDataException">Its URI is neither of the two, or it is not the document that its hash names.</exception>
    public async Task<ReadOnlyMemory<byte>> FetchAsync(SvgTemplateReference template, DateTimeOffset now, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(template);
        var octets = template.OwnData() ?? await DownloadAsync(template.Uri, template.Integrity, s_svg, now, ct).ConfigureAwait(false);
        Require(template.Integrity, octets.Span);
        return octets;
    }

    private async Task<TypeMetadataDocument> FetchOneAsync(string type, string? integrity, DateTimeOffset now, CancellationToken ct)
    {
        var octets = _registry.TryGetValue(type, out var own) ? own : await DownloadAsync(type, integrity, FetchRule.Json, now, ct).ConfigureAwait(false);
        Require(integrity, octets.Span);
        var document = Read(octets.Span);
        return document.Type == type
            ? document
            : throw new MalformedDataException(SdJwtCodes.TypeMetadataMismatch, "Type metadata is that of another type.");
    }

    private async Task<ReadOnlyMemory<byte>> DownloadAsync(string uri, string? integrity, FetchRule rule, DateTimeOffset now, CancellationToken ct)
    {
        var isUrl = uri.StartsWith("https://", StringComparison.Ordinal) || uri.StartsWith("http://", StringComparison.Ordinal);
        if (_http is null || !isUrl) throw new NotSupportedCredentialException(SdJwtCodes.TypeMetadataUnavailable, "No source has metadata of the type.");
        var url = ServiceUrl.Require(uri, _http.AllowsLoopbackHttp, SdJwtCodes.TypeMetadataMalformed);
        var key = new Key(uri, integrity);
        if (_cache.Get(key) is not { } known || !known.IsFreshAt(now))
        {
            known = await DownloadAsync(url, integrity, rule, now, ct).ConfigureAwait(false);
            _cache.Put(key, known);
        }

        return known.Failure is null ? known.Octets : throw known.Failure;
    }

    private async Task<Known> DownloadAsync(Uri url, string? integrity, FetchRule rule, DateTimeOffset now, CancellationToken ct)
    {
        try
        {
            var answer = await _http!.GetAsync(url, rule, cancellationToken: ct).ConfigureAwait(false);

            // §5.3.4: what its hash identifies does not change, whatever the server says; what has no hash lives as HTTP caching has it.
            var until = integrity is null ? now + answer.FreshFor(s_unstated, s_atMost)
                : IntegrityMetadata.Matches(integrity, answer.Body.Span) ? DateTimeOffset.MaxValue
                : now + s_patience;
            return new Known(answer.Body, now, until);
        }
        catch (FetchException e)
        {
            return new Known(default, now, now + s_patience, e);
        }
    }

    // §6: over the octets as received, before anything else is done with them.
    private static void Require(string? integrity, ReadOnlySpan<byte> octets)
    {
        if (integrity is not null && !IntegrityMetadata.Matches(integrity, octets))
        {
            throw new MalformedDataException(SdJwtCodes.TypeMetadataIntegrity, "Type metadata is not the document that its hash names.");
        }
    }

    private static TypeMetadataDocument Read(ReadOnlySpan<byte> json) =>
        TypeMetadataDocument.Parse(StrictJson.ParseObject(json, JsonLimits.Default, SdJwtCodes.TypeMetadataMalformed));
}
