using System.Text.Json;
using Credentials.Codecs;

namespace Credentials.JsonLd;

/// <summary>
/// The Expansion algorithm (JSON-LD 1.1 API §5.1) for one document. Whatever it would drop is refused instead: everything in an
/// accepted document ends up in the graph (Data Integrity 1.0 §2.4.3).
/// </summary>
internal sealed class JsonLdExpansion
{
    private readonly JsonElement _document;
    private readonly JsonLdView? _view;
    private readonly JsonLdLimits _limits;
    private readonly ExpansionBudget _budget;
    private readonly ContextProcessing _contexts;

    /// <param name="document">The whole document, by which positions are counted.</param>
    /// <param name="view">What of it is looked at; null: everything.</param>
    public JsonLdExpansion(JsonElement document, JsonLdContexts contexts, JsonLdLimits limits, JsonLdView? view = null)
    {
        (_document, _view, _limits) = (document, view, limits);
        _budget = new(limits.MaxSteps);
        _contexts = new(contexts, _budget);
    }

    /// <summary>A member of a node object and what its name means.</summary>
    private readonly record struct Member(string Name, string Expanded, JsonElement Value);

    /// <summary>Expands the document, or a part of it as a document of its own.</summary>
    /// <param name="context">The context to use in place of the part's own; null: its own.</param>
    public List<ExpandedItem> Run(JsonElement part, JsonElement? context = null)
    {
        try
        {
            List<ExpandedItem> items = [];
            if (part.ValueKind == JsonValueKind.Object) ExpandTop(part, context, items);
            else Expand(ActiveContext.Empty(), null, null, part, items, depth: 0);
            if (items is not [ExpandedNode { Id: null, IsContainer: false } top] || part.ValueKind != JsonValueKind.Object) return items;
            // JSON-LD 1.1 API §9.1: a top that only holds the default graph is that graph.
            if (top.IsGraphOnly) return top.Graph!;
            return top.IsReference ? [] : items;
        }
        catch (InvalidOperationException)
        {
            throw new MalformedDataException(CodecCodes.JsonMalformed, "A text has a lone surrogate.");
        }
    }

    private void ExpandTop(JsonElement part, JsonElement? context, List<ExpandedItem> into)
    {
        var own = context ?? part.Member(JsonLdKeywords.Context);
        var active = own is { } value ? _contexts.ApplyToEmpty(ContextReader.Read(value)) : ActiveContext.Empty();
        ExpandObject(active, null, null, part, into, depth: 0, isTop: true);
    }

    private void Expand(ActiveContext active, string? property, TermDefinition? term, JsonElement element, List<ExpandedItem> into, int depth)
    {
        _budget.Spend(1);
        if (depth > _limits.MaxDepth) throw new MalformedDataException(JsonLdCodes.TooLarge, "A JSON-LD document is nested too deeply.");
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                ExpandObject(active, property, term, element, into, depth, isTop: false);
                break;
            case JsonValueKind.Array:
                ExpandArray(active, property, term, element, into, depth);
                break;
            case JsonValueKind.Null:
                throw Lost("null");
            default:
                if (property is null or JsonLdKeywords.Graph) throw Lost("a value outside of any node");
                if (term?.Scope is { } scope) active = _contexts.ApplyOfProperty(active, scope);
                into.Add(ExpandScalar(active, term, element));
                break;
        }
    }

    private void ExpandArray(ActiveContext active, string? property, TermDefinition? term, JsonElement array, List<ExpandedItem> into, int depth)
    {
        var inList = term?.Containers.HasFlag(TermContainers.List) == true;
        if (array.GetArrayLength() == 0 && !inList) throw Lost("an empty array");
        foreach (var item in array.EnumerateArray())
        {
            if (!IsShown(item)) continue;
            if (inList && item.ValueKind == JsonValueKind.Array)
            {
                ExpandedList list = new(PositionOf(item), []);
                Expand(active, property, term, item, list.Items, depth + 1);
                into.Add(list);
            }
            else
            {
                Expand(active, property, term, item, into, depth + 1);
            }
        }
    }

    private void ExpandObject(ActiveContext active, string? property, TermDefinition? term, JsonElement element, List<ExpandedItem> into, int depth, bool isTop)
    {
        if (!isTop) active = Enter(active, term, element);
        var typeScoped = active;
        active = ApplyTypes(active, element);
        var members = ExpandMembers(active, element);
        if (members.Exists(member => member.Expanded == JsonLdKeywords.Value)) into.Add(ReadValue(typeScoped, members, property));
        else if (members.Exists(member => member.Expanded is JsonLdKeywords.List or JsonLdKeywords.Set)) ReadCollection(active, property, term, members, into, depth);
        else into.Add(ReadNode(active, typeScoped, property, members, PositionOf(element), depth, isTop));
    }

    /// <summary>§5.1.2 steps 7 to 9: leaves the scope of a type, and applies the scope of the property and the object's own context.</summary>
    private ActiveContext Enter(ActiveContext active, TermDefinition? term, JsonElement element)
    {
        if (active.Previous is { } previous && !StaysInScope(active, element)) active = previous;
        if (term?.Scope is { } scope) active = _contexts.ApplyOfProperty(active, scope);
        return element.Member(JsonLdKeywords.Context) is { } context ? _contexts.Apply(active, ContextReader.Read(context)) : active;
    }

    private static bool StaysInScope(ActiveContext active, JsonElement element)
    {
        var count = 0;
        var hasId = false;
        foreach (var member in element.EnumerateObject())
        {
            count++;
            var expanded = active.ExpandIri(member.Name, vocab: true);
            if (expanded == JsonLdKeywords.Value) return true;
            hasId |= expanded == JsonLdKeywords.Id;
        }

        return hasId && count == 1;
    }

    /// <summary>§5.1.2 step 11: the scopes of the object's types, in code point order.</summary>
    private ActiveContext ApplyTypes(ActiveContext active, JsonElement element)
    {
        var typeScoped = active;
        List<(string Name, JsonElement Value)> entries = [];
        foreach (var member in element.EnumerateObject())
            if (typeScoped.ExpandIri(member.Name, vocab: true) == JsonLdKeywords.Type) entries.Add((member.Name, member.Value));
        entries.Sort(static (a, b) => CompareCodePoints(a.Name, b.Name));
        foreach (var (_, value) in entries)
        {
            List<string> types = [];
            if (value.ValueKind == JsonValueKind.String) types.Add(value.GetString()!);
            else if (value.ValueKind == JsonValueKind.Array) types.AddRange(value.EnumerateArray().Where(item => item.ValueKind == JsonValueKind.String).Select(item => item.GetString()!));
            types.Sort(CompareCodePoints);
            foreach (var type in types)
                if (typeScoped.Find(type)?.Scope is { } scope) active = _contexts.ApplyOfType(active, scope);
        }

        return active;
    }

    private List<Member> ExpandMembers(ActiveContext active, JsonElement element)
    {
        List<Member> members = [];
        foreach (var (name, value) in element.EnumerateObject().Select(member => (member.Name, member.Value)))
        {
            _budget.Spend(1);
            if (name == JsonLdKeywords.Context || !IsShown(value)) continue;
            var expanded = active.ExpandIri(name, vocab: true);
            if (expanded is null || !(JsonLdKeywords.Contains(expanded) || Iris.IsAbsolute(expanded)))
                throw new MalformedDataException(JsonLdCodes.TermUndefined, $"No context defines the member {Iris.Shown(name)}.");
            // §5.1.2 step 13.4.2; types may come from several members.
            if (expanded[0] == '@' && expanded != JsonLdKeywords.Type && members.Exists(member => member.Expanded == expanded)) throw Malformed("a keyword appears twice");
            members.Add(new(name, _budget.SpendOn(expanded), value));
        }

        return members;
    }

    private ExpandedNode ReadNode(ActiveContext active, ActiveContext typeScoped, string? property, List<Member> members, int position, int depth, bool isTop)
    {
        ExpandedNode node = new(position);
        foreach (var (name, expanded, value) in members)
        {
            switch (expanded)
            {
                case JsonLdKeywords.Id:
                    node.Id = ExpandReference(active, value.ValueKind == JsonValueKind.String ? value.GetString()! : throw Malformed("@id is no text"), vocab: false);
                    break;
                case JsonLdKeywords.Type:
                    foreach (var type in Texts(value)) node.Types.Add(ExpandReference(typeScoped, type, vocab: true));
                    break;
                case JsonLdKeywords.Graph:
                    Expand(active, JsonLdKeywords.Graph, null, value, node.Graph = [], depth + 1);
                    break;
                case ['@', ..]:
                    throw new NotSupportedCredentialException(JsonLdCodes.NotSupported, $"{expanded} is not supported.");
                default:
                    ExpandProperty(active, node, name, expanded, value, depth + 1);
                    break;
            }
        }

        // What says nothing of a node leaves no trace of it in the graph, unless it is the value of a property.
        if (property is null or JsonLdKeywords.Graph && node.IsReference && !(isTop && members.Count == 0) && !IsSelection) throw Lost("a node of which nothing is said");
        return node;
    }

    private void ExpandProperty(ActiveContext active, ExpandedNode node, string name, string property, JsonElement value, int depth)
    {
        var term = active.Find(name);
        var containers = term?.Containers ?? TermContainers.None;
        List<ExpandedItem> items = [];
        if (term?.Type == JsonLdKeywords.Json) items.Add(new ExpandedValue(value, JsonLdKeywords.Json));
        else if (containers.HasFlag(TermContainers.Language) && value.ValueKind == JsonValueKind.Object) ExpandLanguages(active, term!, value, items);
        else Expand(active, property, term, value, items, depth);

        var isList = value.ValueKind == JsonValueKind.Object && items is [ExpandedList];
        if (containers.HasFlag(TermContainers.List) && !isList) items = [new ExpandedList(PositionOf(value), items)];
        foreach (var item in items)
        {
            // §5.1.2 step 13.12: each value becomes a graph of its own.
            var entry = containers.HasFlag(TermContainers.Graph)
                ? new ExpandedNode(item is ExpandedNode inner ? inner.Position : throw Lost("a value in place of a graph")) { IsContainer = true, Graph = [item] }
                : item;
            if (entry is ExpandedNode { Graph: [ExpandedNode { IsReference: true }], IsContainer: true } && !IsSelection) throw Lost("a node of which nothing is said");
            node.Values.Add((property, entry));
        }
    }

    /// <summary>§5.1.2 step 13.7: from language to text.</summary>
    private void ExpandLanguages(ActiveContext active, TermDefinition term, JsonElement map, List<ExpandedItem> into)
    {
        var direction = term.Direction.IsSet ? term.Direction.Value : active.Direction;
        foreach (var member in map.EnumerateObject())
        {
            if (!IsShown(member.Value)) continue;
            _budget.Spend(1);
            var language = active.ExpandIri(member.Name, vocab: true) == JsonLdKeywords.None ? null : LanguageOf(member.Name);
            foreach (var text in member.Value.ValueKind == JsonValueKind.Array ? [.. member.Value.EnumerateArray()] : (ReadOnlySpan<JsonElement>)[member.Value])
                into.Add(text.ValueKind == JsonValueKind.String ? new ExpandedValue(text, null, language, direction) : throw Malformed("a language map holds more than texts"));
        }

        if (into.Count == 0) throw Lost("an empty language map");
    }

    /// <summary>Value expansion (§5.3).</summary>
    private ExpandedItem ExpandScalar(ActiveContext active, TermDefinition? term, JsonElement value)
    {
        var isText = value.ValueKind == JsonValueKind.String;
        if (isText && term?.Type is JsonLdKeywords.Id or JsonLdKeywords.Vocab)
            return new ExpandedNode(-1) { Id = ExpandReference(active, value.GetString()!, vocab: term.Type == JsonLdKeywords.Vocab) };
        if (term?.Type is { } type and not (JsonLdKeywords.Id or JsonLdKeywords.Vocab or JsonLdKeywords.None)) return new ExpandedValue(value, type);
        if (!isText) return new ExpandedValue(value);
        return new ExpandedValue(
            value, null,
            term?.Language.IsSet == true ? term.Language.Value : active.Language,
            term?.Direction.IsSet == true ? term.Direction.Value : active.Direction);
    }

    /// <summary>§5.1.2 step 15: a value object.</summary>
    private ExpandedValue ReadValue(ActiveContext typeScoped, List<Member> members, string? property)
    {
        if (property is null or JsonLdKeywords.Graph) throw Lost("a value outside of any node");
        JsonElement value = default;
        string? type = null, language = null, direction = null;
        foreach (var member in members)
        {
            var text = member.Value.ValueKind == JsonValueKind.String ? member.Value.GetString() : null;
            switch (member.Expanded)
            {
                case JsonLdKeywords.Value: value = member.Value; break;
                case JsonLdKeywords.Type when text is not null && type is null: type = TypeOf(typeScoped, text); break;
                case JsonLdKeywords.Language when text is not null: language = LanguageOf(text); break;
                case JsonLdKeywords.Direction when text is "ltr" or "rtl": direction = text; break;
                default: throw Malformed("a value object has other members than it may");
            }
        }

        if (type == JsonLdKeywords.Json) return language is null && direction is null ? new(value, type) : throw Malformed("a typed value has a language");
        var isText = value.ValueKind == JsonValueKind.String;
        if (value.ValueKind is JsonValueKind.Null) throw Lost("null");
        if (value.ValueKind is JsonValueKind.Object or JsonValueKind.Array || (!isText && language is not null)) throw Malformed("@value is of the wrong kind");
        if (type is not null && (language is not null || direction is not null || !Iris.IsAbsolute(type))) throw Malformed("a typed value has a language, or no IRI as its type");
        return new(value, type, language, direction);
    }

    /// <summary>§5.1.2 step 16: an object with <c>@list</c> or <c>@set</c> and nothing else.</summary>
    private void ReadCollection(ActiveContext active, string? property, TermDefinition? term, List<Member> members, List<ExpandedItem> into, int depth)
    {
        if (members is not [var (_, kind, value)]) throw Malformed("a list or set has other members");
        if (property is null or JsonLdKeywords.Graph) throw Lost("a list or set outside of any node");
        if (kind == JsonLdKeywords.Set)
        {
            if (term?.Containers.HasFlag(TermContainers.List) == true) throw new NotSupportedCredentialException(JsonLdCodes.NotSupported, "@set inside a list is not supported.");
            Expand(active, property, term, value, into, depth + 1);
            return;
        }

        ExpandedList list = new(PositionOf(value), []);
        if (value.ValueKind != JsonValueKind.Array) Expand(active, property, term, value, list.Items, depth + 1);
        else if (value.GetArrayLength() > 0) ExpandArray(active, property, term, value, list.Items, depth + 1);
        into.Add(list);
    }

    private string TypeOf(ActiveContext active, string text) =>
        active.ExpandIri(text, vocab: true) == JsonLdKeywords.Json ? JsonLdKeywords.Json : ExpandReference(active, text, vocab: true);

    private string ExpandReference(ActiveContext active, string text, bool vocab)
    {
        var iri = active.ExpandIri(text, vocab);
        return iri is not null && (iri.StartsWith("_:", StringComparison.Ordinal) ? NQuads.IsLabel(iri.AsSpan(2)) : Iris.IsAbsolute(iri))
            ? _budget.SpendOn(iri)
            : throw new MalformedDataException(JsonLdCodes.IriInvalid, "A JSON-LD document has an identifier or type that is not an absolute IRI.");
    }

    private static string LanguageOf(string tag) => Iris.IsLanguageTag(tag)
        ? tag.ToLowerInvariant()
        : throw new MalformedDataException(JsonLdCodes.Malformed, "A language tag is malformed.");

    private static IEnumerable<string> Texts(JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.String) return [value.GetString()!];
        if (value.ValueKind != JsonValueKind.Array) throw Malformed("@type is no text");
        if (value.GetArrayLength() == 0) throw Lost("an empty array");
        return value.EnumerateArray().Select(item => item.ValueKind == JsonValueKind.String ? item.GetString()! : throw Malformed("@type is no text"));
    }

    private bool IsSelection => _view is { IsSelection: true };

    private bool IsShown(JsonElement value) => _view is null || _view.Shows(PositionOf(value));

    private int PositionOf(JsonElement value) => JsonPosition.Of(value, _document);

    // UTF-16 order differs from code point order only where surrogates meet characters above U+DFFF.
    private static int CompareCodePoints(string a, string b) => string.CompareOrdinal(a, b);

    private static MalformedDataException Malformed(string why) => new(JsonLdCodes.Malformed, $"A JSON-LD document is malformed: {why}.");

    private static MalformedDataException Lost(string what) => new(JsonLdCodes.ValueLost, $"A JSON-LD document has {what}, which would not be signed.");
}
