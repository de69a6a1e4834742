using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using Credentials.Codecs;

namespace Credentials.JsonLd;

/// <summary>One run of RDFC-1.0: its canonicalization state (RDF Dataset Canonicalization 1.0 §4.2) and its algorithms.</summary>
internal sealed class BlankNodeLabelling
{
    private readonly HashAlgorithmName _algorithm;
    private readonly RdfLimits _limits;
    private readonly List<string> _nodes = [];
    private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);
    private readonly List<List<Statement>> _mentions = [];
    private readonly List<string> _firstDegree = [];
    private readonly BlankNodeIssuer _canonical = new("c14n");
    private readonly ArrayBufferWriter<byte> _buffer = new();
    private int _work;

    public BlankNodeLabelling(IEnumerable<RdfQuad> quads, HashAlgorithmName algorithm, RdfLimits limits)
    {
        (_algorithm, _limits) = (algorithm, limits);
        foreach (var quad in quads) Mention(quad);
    }

    /// <summary>A statement with the numbers of its blank nodes; -1 stands for anything else.</summary>
    private sealed record Statement(RdfQuad Quad, int Subject, int Object, int Graph);

    /// <summary>§4.4.3: from the labels of the input to the canonical ones.</summary>
    public Dictionary<string, string> Run()
    {
        SortedDictionary<string, List<int>> byHash = new(StringComparer.Ordinal);
        for (var node = 0; node < _nodes.Count; node++)
        {
            var hash = HashFirstDegree(node);
            _firstDegree.Add(hash);
            if (!byHash.TryGetValue(hash, out var nodes)) byHash.Add(hash, nodes = []);
            nodes.Add(node);
        }

        foreach (var nodes in byHash.Values)
            if (nodes.Count == 1) _canonical.Issue(nodes[0]);
        foreach (var nodes in byHash.Values)
            if (nodes.Count > 1) IssueShared(nodes);

        Dictionary<string, string> labels = new(_nodes.Count, StringComparer.Ordinal);
        for (var node = 0; node < _nodes.Count; node++) labels.Add(_nodes[node], _canonical.Find(node)!);
        return labels;
    }

    private void Mention(RdfQuad quad)
    {
        Statement statement = new(quad, NumberOf(quad.Subject), NumberOf(quad.Object), NumberOf(quad.Graph));
        if (statement.Subject >= 0) _mentions[statement.Subject].Add(statement);
        if (statement.Object >= 0 && statement.Object != statement.Subject) _mentions[statement.Object].Add(statement);
        if (statement.Graph >= 0 && statement.Graph != statement.Subject && statement.Graph != statement.Object) _mentions[statement.Graph].Add(statement);
    }

    private int NumberOf(RdfTerm? term)
    {
        if (term is not { IsBlank: true }) return -1;
        if (_numbers.TryGetValue(term.Value, out var number)) return number;
        if (_nodes.Count == _limits.MaxBlankNodes) throw TooComplex();
        _numbers.Add(term.Value, number = _nodes.Count);
        _nodes.Add(term.Value);
        _mentions.Add([]);
        return number;
    }

    /// <summary>§4.4.3 step 5: nodes that look alike by what is said of them directly.</summary>
    private void IssueShared(List<int> nodes)
    {
        List<(string Hash, BlankNodeIssuer Issuer)> paths = [];
        foreach (var node in nodes)
        {
            if (_canonical.Find(node) is not null) continue;
            BlankNodeIssuer temporary = new("b");
            temporary.Issue(node);
            paths.Add(HashNDegree(node, temporary, depth: 0));
        }

        foreach (var (_, issuer) in paths.OrderBy(path => path.Hash, StringComparer.Ordinal))
            foreach (var node in issuer.Order) _canonical.Issue(node);
    }

    /// <summary>§4.6: the statements about the node, with <c>_:a</c> for it and <c>_:z</c> for every other blank node.</summary>
    private string HashFirstDegree(int node)
    {
        List<byte[]> lines = new(_mentions[node].Count);
        foreach (var (quad, subject, @object, graph) in _mentions[node])
        {
            _buffer.ResetWrittenCount();
            Append(quad.Subject, subject);
            Append(quad.Predicate, -1);
            Append(quad.Object, @object);
            if (quad.Graph is not null) Append(quad.Graph, graph);
            _buffer.Write(".\n"u8);
            lines.Add(_buffer.WrittenSpan.ToArray());
        }

        lines.Sort(static (a, b) => a.AsSpan().SequenceCompareTo(b));
        return Hash(NQuads.Join(lines));

        void Append(RdfTerm term, int number)
        {
            if (number < 0) NQuads.Append(_buffer, term);
            else _buffer.Write(number == node ? "_:a"u8 : "_:z"u8);
            _buffer.Write(" "u8);
        }
    }

    /// <summary>§4.7: what tells how a node is related to another.</summary>
    private string HashRelated(int related, Statement statement, BlankNodeIssuer issuer, char position)
    {
        Spend(1 + (statement.Quad.Predicate.Value.Length / 256));
        _buffer.ResetWrittenCount();
        NQuads.AppendText(_buffer, [position]);
        if (position != 'g') NQuads.AppendText(_buffer, $"<{statement.Quad.Predicate.Value}>");
        var label = _canonical.Find(related) ?? issuer.Find(related);
        NQuads.AppendText(_buffer, label is null ? _firstDegree[related] : "_:" + label);
        return Hash(_buffer.WrittenSpan);
    }

    /// <summary>§4.8: looks at the nodes around a node, and around those, until the shortest way through them is found.</summary>
    private (string Hash, BlankNodeIssuer Issuer) HashNDegree(int node, BlankNodeIssuer issuer, int depth)
    {
        if (depth > RdfLimits.MaxDepth) throw TooComplex();
        SortedDictionary<string, List<int>> byRelation = new(StringComparer.Ordinal);
        foreach (var statement in _mentions[node])
        {
            Relate(statement.Subject, statement, 's');
            Relate(statement.Object, statement, 'o');
            Relate(statement.Graph, statement, 'g');
        }

        StringBuilder data = new();
        foreach (var (relation, related) in byRelation)
        {
            var (path, chosen) = ShortestPath(related, issuer, depth);
            data.Append(relation).Append(path);
            issuer = chosen;
        }

        return (Hash(Encoding.ASCII.GetBytes(data.ToString())), issuer);

        void Relate(int other, Statement statement, char position)
        {
            if (other < 0 || other == node) return;
            var hash = HashRelated(other, statement, issuer, position);
            if (!byRelation.TryGetValue(hash, out var nodes)) byRelation.Add(hash, nodes = []);
            nodes.Add(other);
        }
    }

    /// <summary>§4.8.3 step 5.4: tries the related nodes in every order.</summary>
    private (string Path, BlankNodeIssuer Issuer) ShortestPath(List<int> related, BlankNodeIssuer issuer, int depth)
    {
        string? shortest = null;
        var chosen = issuer;
        foreach (var order in Permutations(related))
        {
            Spend(1 + (issuer.Order.Count / 16)); // the copy takes time as well
            if (Path(order, issuer.Clone(), shortest, depth) is not { } found) continue;
            if (shortest is null || string.CompareOrdinal(found.Path, shortest) < 0) (shortest, chosen) = found;
        }

        return (shortest!, chosen);
    }

    /// <summary>The path of one order; null as soon as it cannot be the shortest.</summary>
    private (string Path, BlankNodeIssuer Issuer)? Path(int[] order, BlankNodeIssuer issuer, string? shortest, int depth)
    {
        StringBuilder path = new();
        List<int> unlabelled = [];
        foreach (var node in order)
        {
            Spend(1);
            var label = _canonical.Find(node) ?? issuer.Find(node);
            if (label is null)
            {
                unlabelled.Add(node);
                label = issuer.Issue(node);
            }

            path.Append("_:").Append(label);
            if (IsLonger(path, shortest)) return null;
        }

        foreach (var node in unlabelled)
        {
            var (hash, next) = HashNDegree(node, issuer, depth + 1);
            path.Append("_:").Append(issuer.Issue(node)).Append('<').Append(hash).Append('>');
            issuer = next;
            if (IsLonger(path, shortest)) return null;
        }

        return (path.ToString(), issuer);
    }

    private static bool IsLonger(StringBuilder path, string? shortest) =>
        shortest is not null && path.Length >= shortest.Length && string.CompareOrdinal(path.ToString(), shortest) > 0;

    /// <summary>Every order of the nodes (Heap's algorithm); the same array each time.</summary>
    private static IEnumerable<int[]> Permutations(List<int> nodes)
    {
        int[] order = [.. nodes], counters = new int[nodes.Count];
        yield return order;
        for (var i = 1; i < order.Length;)
        {
            if (counters[i] >= i)
            {
                counters[i++] = 0;
                continue;
            }

            var j = i % 2 == 0 ? 0 : counters[i];
            (order[i], order[j]) = (order[j], order[i]);
            yield return order;
            counters[i]++;
            i = 1;
        }
    }

    private string Hash(ReadOnlySpan<byte> data)
    {
        Span<byte> hash = stackalloc byte[SHA384.HashSizeInBytes];
        var length = ShortHash.HashData(_algorithm, data, hash);
        return Convert.ToHexStringLower(hash[..length]);
    }

    private void Spend(int steps)
    {
        if ((_work += steps) > _limits.MaxWork) throw TooComplex();
    }

    private static MalformedDataException TooComplex() =>
        new(JsonLdCodes.DatasetTooComplex, "The dataset has too many blank nodes, or telling them apart takes too much work.");
}
