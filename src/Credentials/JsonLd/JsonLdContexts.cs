using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Security.Cryptography;
using Credentials.Codecs;

namespace Credentials.JsonLd;

/// <summary>
/// The JSON-LD contexts that are known, each pinned by the digest of its document. Nothing is ever fetched: a context that is not in
/// here is refused (Data Integrity 1.0 §2.4). Immutable; safe for use by several threads at once.
/// </summary>
public sealed class JsonLdContexts
{
    private static readonly Lazy<JsonLdContexts> s_builtIn = new(LoadBuiltIn);

    private readonly ImmutableDictionary<string, Registration> _known;

    private JsonLdContexts(ImmutableDictionary<string, Registration> known)
    {
        _known = known;
        Digests = known.ToFrozenDictionary(entry => entry.Key, entry => entry.Value.Digest, StringComparer.Ordinal);
    }

    private sealed record Registration(string Digest, Lazy<LocalContext> Context);

    /// <summary>No contexts at all.</summary>
    public static JsonLdContexts None { get; } = new(ImmutableDictionary.Create<string, Registration>(StringComparer.Ordinal));

    /// <summary>The published contexts that this toolkit carries; spec/profile/json-ld.md lists them.</summary>
    public static JsonLdContexts BuiltIn => s_builtIn.Value;

    /// <summary>The URLs that are known, each with the SHA-256 of its document in hexadecimal.</summary>
    public IReadOnlyDictionary<string, string> Digests { get; }

    /// <summary>Active contexts for lists of URLs, which most documents have, so that they are made once.</summary>
    internal BoundedCache<string, ActiveContext> Active { get; } = new(capacity: 64, static _ => 1);

    /// <summary>The same contexts and one more.</summary>
    /// <param name="url">The URL by which documents name it, compared character by character.</param>
    /// <param name="document">The whole document, a JSON object with <c>@context</c>.</param>
    /// <param name="sha256">Its SHA-256 in hexadecimal, from a source other than the document's.</param>
    /// <exception cref="MalformedDataException"><c>jsonld.context_digest</c>, <c>jsonld.context_malformed</c>, or <c>jsonld.context_conflict</c>
    /// if the URL is known already and this document means something else.</exception>
    /// <exception cref="NotSupportedCredentialException"><c>jsonld.not_supported</c>: the context uses what spec/profile/json-ld.md leaves out.</exception>
    public JsonLdContexts With(string url, ReadOnlySpan<byte> document, string sha256)
    {
        if (!Iris.IsAbsolute(url)) throw new ArgumentException("A context is named by an absolute URL.", nameof(url));
        var digest = Convert.ToHexStringLower(SHA256.HashData(document));
        if (!string.Equals(digest, sha256, StringComparison.OrdinalIgnoreCase))
            throw new MalformedDataException(JsonLdCodes.ContextDigest, "The context document is not the one of the digest.");
        var json = StrictJson.ParseObject(document, code: JsonLdCodes.ContextMalformed);
        if (json.Member(JsonLdKeywords.Context) is not { } value) throw new MalformedDataException(JsonLdCodes.ContextMalformed, "A context document has no @context.");
        var context = ContextReader.Read(value);
        if (_known.TryGetValue(url, out var known) && !(known.Digest == digest && known.Context.Value.Equals(context)))
            throw new MalformedDataException(JsonLdCodes.ContextConflict, "The context is known already, with another document.");
        return new JsonLdContexts(_known.SetItem(url, new Registration(digest, new(context))));
    }

    internal LocalContext Find(string url) => _known.TryGetValue(url, out var known)
        ? known.Context.Value
        : throw new NotSupportedCredentialException(JsonLdCodes.ContextUnknown, "A JSON-LD context is not known; contexts are registered, never fetched.");

    private static JsonLdContexts LoadBuiltIn()
    {
        var tables = typeof(JsonLdContexts).Assembly.GetManifestResourceNames()
            .Where(name => name.Contains(".JsonLd.Contexts.", StringComparison.Ordinal)).Select(ContextTable.Load);
        return new JsonLdContexts(tables.ToImmutableDictionary(table => table.Url, table => new Registration(table.Digest, new(table.Context)), StringComparer.Ordinal));
    }
}
