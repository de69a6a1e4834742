using System.Text.Json;
using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.Jose;
using Credentials.Keys;

namespace Credentials.Dids;

/// <summary>
/// A controlled identifier document, such as a DID document (Controlled Identifiers §2.1): which keys belong to an identifier, and what
/// each may be used for. Read as plain JSON. Immutable; safe for several threads.
/// </summary>
public sealed class ControlledIdentifierDocument
{
    /// <summary>Largest document in bytes.</summary>
    public const int MaxBytes = 256 * 1024;

    /// <summary>Most verification methods in one document, and most entries of one relationship.</summary>
    public const int MaxMethods = 64;

    private const string Code = DidCodes.DocumentMalformed;

    private static readonly JsonLimits s_limits = new(MaxBytes, MaxDepth: 16, MaxMembers: 500);
    private static readonly VerificationRelationship[] s_relationships = Enum.GetValues<VerificationRelationship>();

    private readonly Dictionary<string, Entry> _methods = new(StringComparer.Ordinal);

    private ControlledIdentifierDocument(JsonElement json, string id)
    {
        (Json, Id) = (json, id);
        foreach (var method in Set(json, DidNames.VerificationMethod)) Add(method);
        var related = s_relationships.SelectMany(relationship => Set(json, DidNames.Of(relationship)).Select(item => (item, relationship))).ToList();
        foreach (var (item, relationship) in related)
        {
            // §2.3: a string, or a method by value, which is for this use.
            if (item.ValueKind == JsonValueKind.Object) Add(item).Uses.Add(relationship);
            else if (item.ValueKind != JsonValueKind.String) throw Malformed("A verification relationship holds strings and verification methods.");
        }

        foreach (var (item, relationship) in related)
        {
            // A reference into another document is none to a method of this one.
            if (item.ValueKind == JsonValueKind.String && _methods.TryGetValue(Absolute(item.GetString()!), out var entry)) entry.Uses.Add(relationship);
        }
    }

    private sealed record Entry(string Controller, Lazy<VerificationMethod> Method, HashSet<VerificationRelationship> Uses);

    /// <summary>The identifier that the document is about.</summary>
    public string Id { get; }

    /// <summary>The document as received.</summary>
    public JsonElement Json { get; }

    /// <summary>Reads a document.</summary>
    /// <param name="utf8">The text; not trusted.</param>
    /// <param name="identifier">Whose it must be, to the letter.</param>
    /// <exception cref="MalformedDataException"><c>did.document_malformed</c>, <c>did.document_mismatch</c>, or <c>json.too_large</c>.</exception>
    public static ControlledIdentifierDocument Parse(ReadOnlySpan<byte> utf8, string identifier)
    {
        ArgumentNullException.ThrowIfNull(identifier);
        var json = StrictJson.ParseObject(utf8, s_limits, Code);
        // §3.3: a document that names another identifier is not the one of this identifier.
        if (json.RequireString(DidNames.Id, Code) != identifier)
            throw new MalformedDataException(DidCodes.DocumentMismatch, "The document is that of another identifier.");
        // did:web §2.4: a document with a context is read as a DID document only if that context is one.
        if (json.Member(DidNames.Context) is { } context && !NamesKnownContext(context))
            throw new MalformedDataException(Code, "The document has another context than that of DID or controlled identifier documents.");
        return new ControlledIdentifierDocument(json, identifier);
    }

    /// <summary>Makes the document of an identifier that one controls, to publish it.</summary>
    /// <param name="id">The identifier.</param>
    /// <param name="keys">For each key its fragment, and what it may be used for; written as JsonWebKey.</param>
    public static ControlledIdentifierDocument Create(
        string id, IReadOnlyList<(string Fragment, PublicKey Key, IReadOnlyList<VerificationRelationship> Uses)> keys)
    {
        ArgumentNullException.ThrowIfNull(id);
        ArgumentNullException.ThrowIfNull(keys);
        var json = new JsonObject
        {
            [DidNames.Context] = DidSyntax.IsDid(id) ? DidNames.DidContext : DidNames.ControlledIdentifierContext,
            [DidNames.Id] = id,
            [DidNames.VerificationMethod] = new JsonArray([.. keys.Select(key => Method(id, key.Fragment, DidNames.JsonWebKey, DidNames.PublicKeyJwk, Jwk.Write(key.Key)))]),
        };
        foreach (var relationship in s_relationships)
        {
            var ids = keys.Where(key => key.Uses.Contains(relationship)).Select(key => (JsonNode)$"{id}#{key.Fragment}").ToArray();
            if (ids.Length > 0) json[DidNames.Of(relationship)] = new JsonArray(ids);
        }

        return Parse(StrictJson.ToUtf8(json), id);
    }

    /// <summary>The document of an identifier that is made from its one key.</summary>
    internal static ControlledIdentifierDocument OfOneKey(string did, JsonObject method, IEnumerable<VerificationRelationship> uses)
    {
        var json = new JsonObject { [DidNames.Context] = DidNames.DidContext, [DidNames.Id] = did, [DidNames.VerificationMethod] = new JsonArray(method) };
        foreach (var use in uses) json[DidNames.Of(use)] = new JsonArray(method[DidNames.Id]!.GetValue<string>());
        return new ControlledIdentifierDocument(StrictJson.ToElement(json), did);
    }

    /// <summary>A verification method as it stands in a document.</summary>
    internal static JsonObject Method(string id, string fragment, string type, string material, JsonNode key) => new()
    {
        [DidNames.Id] = $"{id}#{fragment}",
        [DidNames.Type] = type,
        [DidNames.Controller] = id,
        [material] = key,
    };

    /// <summary>Whether there is a verification method of this absolute identifier, usable or not.</summary>
    internal bool Has(string id) => _methods.ContainsKey(id);

    /// <summary>The verification method of an identifier, if it may be used (§3.3).</summary>
    /// <param name="id">The absolute identifier, with its fragment.</param>
    /// <param name="relationship">What it is used for.</param>
    /// <param name="now">The time of the verification.</param>
    /// <exception cref="MalformedDataException">
    /// <c>did.verification_method_missing</c>, <c>did.controller_mismatch</c>, <c>did.relationship</c>, <c>did.verification_method_expired</c>,
    /// <c>did.verification_method_revoked</c>, <c>did.verification_method_malformed</c>, or that of the key.
    /// </exception>
    /// <exception cref="NotSupportedCredentialException"><c>did.verification_method_not_supported</c>, or that of the key.</exception>
    public VerificationMethod Find(string id, VerificationRelationship relationship, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(id);
        if (!_methods.TryGetValue(id, out var entry)) throw new MalformedDataException(DidCodes.MethodMissing, "The document has no such verification method.");
        if (entry.Controller != Id) throw new MalformedDataException(DidCodes.ControllerMismatch, "The verification method is that of another controller.");
        if (!entry.Uses.Contains(relationship))
            throw new MalformedDataException(DidCodes.Relationship, $"The verification method is not listed under {DidNames.Of(relationship)}.");
        var method = entry.Method.Value;
        // §2.2: not at or after that time
        if (method.Revoked <= now) throw new MalformedDataException(DidCodes.Revoked, "The verification method has been revoked.");
        return method.Expires <= now ? throw new MalformedDataException(DidCodes.Expired, "The verification method has expired.") : method;
    }

    /// <summary>Every verification method that may be used so, in the order of the document; those that cannot be read are left out.</summary>
    /// <inheritdoc cref="Find"/>
    public IReadOnlyList<VerificationMethod> FindAll(VerificationRelationship relationship, DateTimeOffset now)
    {
        var found = new List<VerificationMethod>();
        foreach (var id in _methods.Keys)
        {
            try
            {
                found.Add(Find(id, relationship, now));
            }
            catch (CredentialException)
            {
                // One that is for another use, or of a kind that we do not know, does not spoil the others.
            }
        }

        return found;
    }

    private Entry Add(JsonElement method)
    {
        method.RequireObject(Code);
        var id = Absolute(method.RequireString(DidNames.Id, Code));
        _ = method.RequireString(DidNames.Type, Code);
        var entry = new Entry(method.RequireString(DidNames.Controller, Code), new(() => VerificationMethod.Read(method, id)), []);
        if (_methods.Count >= MaxMethods) throw Malformed($"The document has over {MaxMethods} verification methods.");
        // Which of two is meant would be anybody's guess.
        return _methods.TryAdd(id, entry) ? entry : throw Malformed("Two verification methods have the same id.");
    }

    // §2.2.4: a fragment alone is relative to the document's own identifier.
    private string Absolute(string id) => id.StartsWith('#') ? Id + id : id;

    private static bool NamesKnownContext(JsonElement context)
    {
        var first = context.ValueKind == JsonValueKind.Array && context.GetArrayLength() > 0 ? context[0] : context;
        return first.ValueKind == JsonValueKind.String
            && first.GetString() is DidNames.DidContext or DidNames.DidContext11 or DidNames.ControlledIdentifierContext;
    }

    private static IEnumerable<JsonElement> Set(JsonElement json, string name)
    {
        if (json.OptionalArray(name, Code) is not { } array) return [];
        return array.GetArrayLength() <= MaxMethods ? array.EnumerateArray() : throw Malformed($"The document has over {MaxMethods} entries in {name}.");
    }

    private static MalformedDataException Malformed(string message) => new(Code, message);
}
