namespace Credentials.JsonLd;

/// <summary>
/// Deserialize JSON-LD to RDF (JSON-LD 1.1 API §8.1). Nodes without an identifier are named by where they stand in the document, so
/// that the same node has the same label whatever part of the document is looked at.
/// </summary>
internal sealed class RdfConversion
{
    private readonly List<RdfQuad> _quads = [];
    private readonly Dictionary<string, string> _labels = new(StringComparer.Ordinal);
    private readonly int _maxQuads;
    private long _characters;

    private RdfConversion(JsonLdLimits limits) => _maxQuads = (limits.Rdf ?? RdfLimits.Default).MaxQuads;

    public static IReadOnlyList<RdfQuad> Convert(IEnumerable<ExpandedItem> items, JsonLdLimits limits)
    {
        RdfConversion conversion = new(limits);
        foreach (var item in items) conversion.AddNode((ExpandedNode)item, null);
        return conversion._quads;
    }

    private RdfTerm AddNode(ExpandedNode node, RdfTerm? graph)
    {
        var subject = SubjectOf(node);
        foreach (var type in node.Types) Add(subject, RdfNames.Type, NodeTerm(type), graph);
        foreach (var (property, value) in node.Values) Add(subject, property, ObjectOf(value, graph), graph);
        foreach (var inner in node.Graph ?? []) AddNode((ExpandedNode)inner, subject);
        return subject;
    }

    private RdfTerm ObjectOf(ExpandedItem item, RdfTerm? graph) => item switch
    {
        ExpandedNode node => AddNode(node, graph),
        ExpandedList list => AddList(list, graph),
        _ => RdfLiterals.Of((ExpandedValue)item),
    };

    /// <summary>§8.3.</summary>
    private RdfTerm AddList(ExpandedList list, RdfTerm? graph)
    {
        var rest = RdfTerm.Iri(RdfNames.Nil);
        for (var i = list.Items.Count - 1; i >= 0; i--)
        {
            var cell = RdfTerm.Blank($"l{list.Position}_{i}");
            Add(cell, RdfNames.First, ObjectOf(list.Items[i], graph), graph);
            Add(cell, RdfNames.Rest, rest, graph);
            rest = cell;
        }

        return rest;
    }

    private RdfTerm SubjectOf(ExpandedNode node) => node.Id is { } id ? NodeTerm(id) : RdfTerm.Blank($"{(node.IsContainer ? 'g' : 'b')}{node.Position}");

    private RdfTerm NodeTerm(string id)
    {
        if (!id.StartsWith("_:", StringComparison.Ordinal)) return RdfTerm.Iri(id);
        if (!_labels.TryGetValue(id, out var label)) _labels.Add(id, label = $"x{_labels.Count}");
        return RdfTerm.Blank(label);
    }

    private void Add(RdfTerm subject, string predicate, RdfTerm @object, RdfTerm? graph)
    {
        if (_quads.Count == _maxQuads) throw new MalformedDataException(JsonLdCodes.DatasetTooComplex, $"Over {_maxQuads} statements.");
        _characters += subject.Value.Length + predicate.Length + @object.Value.Length + (@object.Datatype?.Length ?? 0) + (graph?.Value.Length ?? 0);
        if (_characters > RdfLimits.MaxCharacters) throw new MalformedDataException(JsonLdCodes.DatasetTooComplex, "The statements of a document are too long.");
        _quads.Add(new RdfQuad(subject, RdfTerm.Iri(predicate), @object, graph));
    }
}
