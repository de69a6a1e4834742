using System.Text.Json;
using Credentials.Codecs;

namespace Credentials.JsonLd;

/// <summary>
/// A published context as a table of its terms, from the files in <c>JsonLd/Contexts</c>, which test-vectors/tools/compile-contexts.mjs
/// makes. Each names the digest of the document that it was made from.
/// </summary>
internal sealed class ContextTable
{
    private readonly List<ContextDefinition> _scopes = [];

    private ContextTable(JsonElement file)
    {
        Url = file.RequireString("url");
        Digest = file.RequireString("sha256");
        foreach (var scope in file.RequireArray("scopes").EnumerateArray()) _scopes.Add(ReadScope(scope));
        Context = new LocalContext([.. file.RequireArray("top").EnumerateArray().Select(ItemOf)]);
    }

    public string Url { get; }

    /// <summary>SHA-256 of the published document, in hexadecimal.</summary>
    public string Digest { get; }

    public LocalContext Context { get; }

    public static ContextTable Load(string resource)
    {
        using var stream = typeof(ContextTable).Assembly.GetManifestResourceStream(resource)!;
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return new ContextTable(StrictJson.ParseObject(bytes));
    }

    private ContextDefinition ReadScope(JsonElement scope) => new()
    {
        Vocab = Entry(scope, "vocab"),
        Language = Entry(scope, "language"),
        Direction = Entry(scope, "direction"),
        IsPropagated = scope.OptionalBoolean("propagate"),
        IsProtected = scope.OptionalBoolean("protected") ?? false,
        Terms = scope.RequireObjectMember("terms").EnumerateObject().ToDictionary(term => term.Name, term => ReadTerm(term.Value), StringComparer.Ordinal),
    };

    private TermEntry ReadTerm(JsonElement term) => term.ValueKind == JsonValueKind.String
        ? new TermEntry { Id = ContextEntry.Of(term.GetString()), IsSimple = true }
        : new TermEntry
        {
            Id = Entry(term, "id"),
            Type = term.OptionalString("type"),
            Containers = (term.OptionalStringArray("container") ?? []).Aggregate(TermContainers.None, (all, name) => all | Enum.Parse<TermContainers>(name, ignoreCase: true)),
            Language = Entry(term, "language"),
            Direction = Entry(term, "direction"),
            IsPrefix = term.OptionalBoolean("prefix"),
            IsProtected = term.OptionalBoolean("protected"),
            Scope = term.Member("scope") is { } scope ? new LocalContext([ItemOf(scope)]) : null,
        };

    private LocalContext.Item ItemOf(JsonElement item) => item.ValueKind switch
    {
        JsonValueKind.Number => new(null, _scopes[item.GetInt32()]),
        JsonValueKind.String => new(item.GetString(), null),
        _ => default,
    };

    private static ContextEntry Entry(JsonElement json, string name) =>
        json.Member(name) is { } value ? ContextEntry.Of(value.ValueKind == JsonValueKind.Null ? null : value.GetString()) : default;
}
