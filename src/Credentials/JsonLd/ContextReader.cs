using System.Text.Json;

namespace Credentials.JsonLd;

/// <summary>
/// Reads a <c>@context</c> (JSON-LD 1.1 §9.15). What would leave data outside the graph, or reach for the network, is refused here:
/// <c>@import</c>, <c>@base</c>, <c>@reverse</c>, <c>@nest</c> and maps by index, id or type.
/// </summary>
internal static class ContextReader
{
    private const string MalformedText = "A JSON-LD context is malformed.";

    public static LocalContext Read(JsonElement context) =>
        new(context.ValueKind == JsonValueKind.Array ? [.. context.EnumerateArray().Select(ReadItem)] : [ReadItem(context)]);

    private static LocalContext.Item ReadItem(JsonElement item) => item.ValueKind switch
    {
        JsonValueKind.Null => default,
        JsonValueKind.String => new(item.GetString(), null),
        JsonValueKind.Object => new(null, ReadDefinition(item)),
        _ => throw Malformed(),
    };

    private static ContextDefinition ReadDefinition(JsonElement json)
    {
        Dictionary<string, TermEntry> terms = new(StringComparer.Ordinal);
        ContextEntry vocab = default, language = default, direction = default;
        bool? isPropagated = null, isProtected = null;
        foreach (var member in json.EnumerateObject())
        {
            switch (member.Name)
            {
                case JsonLdKeywords.Vocab: vocab = Text(member.Value); break;
                case JsonLdKeywords.Language: language = LanguageOf(member.Value); break;
                case JsonLdKeywords.Direction: direction = DirectionOf(member.Value); break;
                case "@propagate": isPropagated = Boolean(member.Value); break;
                case "@protected": isProtected = Boolean(member.Value); break;
                case "@version": RequireVersion(member.Value); break;
                case "@base" when member.Value.ValueKind == JsonValueKind.Null: break; // there is none (Data Integrity 1.0 §2.4.3)
                case "@base" or "@import": throw NotSupported(member.Name);
                case "": throw Malformed();
                default:
                    if (!terms.TryAdd(member.Name, ReadTerm(member.Value))) throw Malformed();
                    break;
            }
        }

        return new ContextDefinition
        {
            Vocab = vocab,
            Language = language,
            Direction = direction,
            IsPropagated = isPropagated,
            IsProtected = isProtected ?? false,
            Terms = terms,
        };
    }

    private static TermEntry ReadTerm(JsonElement json)
    {
        if (json.ValueKind is JsonValueKind.Null) return new TermEntry { Id = ContextEntry.Of(null) };
        if (json.ValueKind is JsonValueKind.String) return new TermEntry { Id = ContextEntry.Of(json.GetString()), IsSimple = true };
        if (json.ValueKind is not JsonValueKind.Object) throw Malformed();
        TermEntry entry = new();
        foreach (var member in json.EnumerateObject())
        {
            var value = member.Value;
            entry = member.Name switch
            {
                JsonLdKeywords.Id => entry with { Id = Text(value) },
                JsonLdKeywords.Type => entry with { Type = Text(value).Value ?? throw Malformed() },
                "@container" => entry with { Containers = ContainersOf(value) },
                JsonLdKeywords.Language => entry with { Language = LanguageOf(value) },
                JsonLdKeywords.Direction => entry with { Direction = DirectionOf(value) },
                "@prefix" => entry with { IsPrefix = Boolean(value) },
                "@protected" => entry with { IsProtected = Boolean(value) },
                JsonLdKeywords.Context => entry with { Scope = Read(value) },
                "@reverse" or "@nest" or "@index" => throw NotSupported(member.Name),
                _ => throw Malformed(),
            };
        }

        return entry;
    }

    private static TermContainers ContainersOf(JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.Array) return ContainerOf(json);
        if (json.GetArrayLength() == 0) throw Malformed();
        var all = TermContainers.None;
        foreach (var item in json.EnumerateArray())
        {
            var container = ContainerOf(item);
            if (all.HasFlag(container)) throw Malformed();
            all |= container;
        }

        // JSON-LD 1.1 API §4.2.2 step 19: what may stand together.
        return all is TermContainers.None or TermContainers.Set or TermContainers.List or TermContainers.Language or TermContainers.Graph
            or (TermContainers.Set | TermContainers.Language) or (TermContainers.Set | TermContainers.Graph) ? all : throw Malformed();
    }

    private static TermContainers ContainerOf(JsonElement json) => Text(json).Value switch
    {
        JsonLdKeywords.Set => TermContainers.Set,
        JsonLdKeywords.List => TermContainers.List,
        JsonLdKeywords.Language => TermContainers.Language,
        JsonLdKeywords.Graph => TermContainers.Graph,
        "@index" or "@id" or "@type" => throw NotSupported("@container"),
        _ => throw Malformed(),
    };

    private static ContextEntry LanguageOf(JsonElement json)
    {
        var language = Text(json);
        // Lower case, as RDF 1.1 Concepts §3.3 has the value space of language tags.
        if (language.Value is not { } tag) return language;
        return Iris.IsLanguageTag(tag) ? ContextEntry.Of(tag.ToLowerInvariant()) : throw Malformed();
    }

    private static ContextEntry DirectionOf(JsonElement json)
    {
        var direction = Text(json);
        return direction.Value is null or "ltr" or "rtl" ? direction : throw Malformed();
    }

    private static ContextEntry Text(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Null => ContextEntry.Of(null),
        JsonValueKind.String => ContextEntry.Of(json.GetString()),
        _ => throw Malformed(),
    };

    private static bool Boolean(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw Malformed(),
    };

    private static void RequireVersion(JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.Number || !json.TryGetDouble(out var version) || version != 1.1) throw Malformed();
    }

    private static MalformedDataException Malformed() => new(JsonLdCodes.ContextMalformed, MalformedText);

    private static NotSupportedCredentialException NotSupported(string keyword) => new(JsonLdCodes.NotSupported, $"{keyword} in a context is not supported.");
}
