using Credentials.Codecs;
using Credentials.Http;

namespace Credentials.SdJwt.TypeMetadata;

/// <summary>
/// Finds the metadata of a type and of all that it extends (SD-JWT VC §5.3, §5.4): in documents that the application brought
/// along, else at the type's https URL. Whoever is asked learns that a credential is being looked at (§8.4). Thread-safe.
/// </summary>
public sealed class TypeMetadataClient
{
    /// <summary>How many types one type may extend, directly and through others.</summary>
    public const int MaxExtends = 8;

    private readonly Dictionary<string, ReadOnlyMemory<byte>> _registry = new(StringComparer.Ordinal);
    private readonly OutboundHttp? _http;

    /// <summary>Makes a client.</summary>
    /// <param name="registry">Documents of the application's own, as JSON; each stands for the type it names. They go before the network.</param>
    /// <param name="http">The way out; null: nothing is fetched.</param>
    /// <exception cref="MalformedDataException">A document is no type metadata.</exception>
    public TypeMetadataClient(IEnumerable<ReadOnlyMemory<byte>> registry, OutboundHttp? http)
    {
        ArgumentNullException.ThrowIfNull(registry);
        _http = http;
        foreach (var document in registry) _registry[Read(document.Span).Type] = document;
    }

    /// <summary>The metadata of a type, extended types included.</summary>
    /// <param name="type">The <c>vct</c>.</param>
    /// <param name="integrity">The <c>vct#integrity</c> of the credential; null where it has none.</param>
    /// <param name="ct">Ends the wait.</param>
    /// <exception cref="FetchException">A document could not be had.</exception>
    /// <exception cref="NotSupportedCredentialException"><see cref="SdJwtCodes.TypeMetadataUnavailable"/>: no source has the type.</exception>
    /// <exception cref="MalformedDataException">A document is damaged, is that of another type, or the chain of types is no chain.</exception>
    public async Task<ResolvedTypeMetadata> FetchAsync(string type, string? integrity, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(type);
        var chain = new List<TypeMetadataDocument>();
        for (string? next = type; next is not null; (next, integrity) = (chain[^1].Extends, chain[^1].ExtendsIntegrity))
        {
            // §7.4.
            if (chain.Exists(known => known.Type == next)) throw new MalformedDataException(SdJwtCodes.TypeMetadataCycle, "A type extends itself.");
            if (chain.Count > MaxExtends) throw new MalformedDataException(SdJwtCodes.TypeMetadataTooLong, "A type extends too many types.");
            chain.Add(await FetchOneAsync(next, integrity, ct).ConfigureAwait(false));
        }

        return ResolvedTypeMetadata.Of(chain);
    }

    private async Task<TypeMetadataDocument> FetchOneAsync(string type, string? integrity, CancellationToken ct)
    {
        var octets = _registry.TryGetValue(type, out var own) ? own : await DownloadAsync(type, ct).ConfigureAwait(false);

        // §6: over the octets as received, before anything else is done with them.
        if (integrity is not null && !IntegrityMetadata.Matches(integrity, octets.Span))
        {
            throw new MalformedDataException(SdJwtCodes.TypeMetadataIntegrity, "Type metadata is not the document that its hash names.");
        }

        var document = Read(octets.Span);
        return document.Type == type
            ? document
            : throw new MalformedDataException(SdJwtCodes.TypeMetadataMismatch, "Type metadata is that of another type.");
    }

    private async Task<ReadOnlyMemory<byte>> DownloadAsync(string type, CancellationToken ct)
    {
        var isUrl = type.StartsWith("https://", StringComparison.Ordinal) || type.StartsWith("http://", StringComparison.Ordinal);
        if (_http is null || !isUrl) throw new NotSupportedCredentialException(SdJwtCodes.TypeMetadataUnavailable, "No source has metadata of the type.");
        var url = ServiceUrl.Require(type, _http.AllowsLoopbackHttp, SdJwtCodes.TypeMetadataMalformed);
        return (await _http.GetAsync(url, FetchRule.Json, cancellationToken: ct).ConfigureAwait(false)).Body;
    }

    private static TypeMetadataDocument Read(ReadOnlySpan<byte> json) =>
        TypeMetadataDocument.Parse(StrictJson.ParseObject(json, JsonLimits.Default, SdJwtCodes.TypeMetadataMalformed));
}
