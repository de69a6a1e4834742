using System.Security.Cryptography;
using System.Text;
using Credentials.JsonLd;
using FsCheck.Xunit;

namespace Credentials.Tests.JsonLd;

public class CanonicalizationTests
{
    private static readonly RdfTerm _knows = RdfTerm.Iri("https://example.org/knows");

    private static RdfTerm Node(int number) => RdfTerm.Blank($"n{number}");

    private static string Canonical(IEnumerable<RdfQuad> quads, RdfLimits? limits = null) =>
        Encoding.UTF8.GetString(RdfCanonicalization.Canonicalize(quads, HashAlgorithmName.SHA256, limits).ToNQuads());

    private static RdfQuad[] Clique(int size) =>
        [.. from a in Enumerable.Range(0, size) from b in Enumerable.Range(0, size) where a != b select new RdfQuad(Node(a), _knows, Node(b))];

    /// <summary>Other labels and another order: the same text, whatever the graph.</summary>
    [Property(MaxTest = 300)]
    public void The_labels_and_the_order_of_a_dataset_do_not_matter((byte From, byte To, bool InGraph)[] edges, int seed)
    {
        RdfQuad[] quads = [.. edges.Take(12).Select(edge => new RdfQuad(Node(edge.From % 6), _knows, Node(edge.To % 6), edge.InGraph ? Node(edge.To % 2) : null))];
        var shuffled = quads.Select((quad, i) => (quad, Key: unchecked((i + 1) * 2654435761u ^ (uint)seed))).OrderBy(entry => entry.Key).Select(entry => Renamed(entry.quad)).ToArray();

        Assert.Equal(Canonical(quads), Canonical(shuffled));

        RdfQuad Renamed(RdfQuad quad) => new(Other(quad.Subject)!, quad.Predicate, Other(quad.Object)!, Other(quad.Graph));
        RdfTerm? Other(RdfTerm? term) => term is null ? null : RdfTerm.Blank($"m{(int.Parse(term.Value[1..], System.Globalization.CultureInfo.InvariantCulture) * 5 + (seed & 7)) % 97}");
    }

    [Property(MaxTest = 100)]
    public void The_canonical_form_is_its_own_canonical_form(byte[] edges)
    {
        var quads = edges.Take(10).Select(edge => new RdfQuad(Node(edge % 5), _knows, Node(edge / 5 % 5))).ToArray();
        var canonical = Canonical(quads);

        Assert.Equal(canonical, Canonical(NQuads.Parse(Encoding.UTF8.GetBytes(canonical))));
    }

    [Fact]
    public void Graphs_of_other_shape_have_other_forms()
    {
        // Two triangles and one hexagon: every node looks alike from near.
        RdfQuad[] triangles = [.. Enumerable.Range(0, 6).Select(i => new RdfQuad(Node(i), _knows, Node(i / 3 * 3 + (i + 1) % 3)))];
        RdfQuad[] hexagon = [.. Enumerable.Range(0, 6).Select(i => new RdfQuad(Node(i), _knows, Node((i + 1) % 6)))];

        Assert.NotEqual(Canonical(triangles), Canonical(hexagon));
        Assert.Equal(Canonical(hexagon), Canonical(hexagon.Reverse()));
    }

    [Theory]
    [Trait("Row", "LDP-05")]
    [InlineData(10)]
    [InlineData(20)]
    [InlineData(60)]
    public void A_poison_graph_ends_at_the_work_limit(int size)
    {
        Assert.Equal(JsonLdCodes.DatasetTooComplex, Assert.Throws<MalformedDataException>(() => Canonical(Clique(size))).Code);
        Assert.NotEmpty(Canonical(Clique(4)));
    }

    [Fact]
    [Trait("Row", "LDP-05")]
    public void A_long_chain_of_nodes_that_look_alike_ends_before_the_stack_does()
    {
        static RdfQuad[] Ring(int length) => [.. Enumerable.Range(0, length).Select(i => new RdfQuad(Node(i), _knows, Node((i + 1) % length)))];

        Assert.NotEmpty(Canonical(Ring(30)));
        Assert.Equal(JsonLdCodes.DatasetTooComplex, Assert.Throws<MalformedDataException>(() => Canonical(Ring(4000), new RdfLimits(MaxWork: int.MaxValue))).Code);
    }

    [Fact]
    [Trait("Row", "LDP-06")]
    public void Blank_nodes_and_statements_are_capped()
    {
        static IEnumerable<RdfQuad> Many(int nodes) => Enumerable.Range(0, nodes).Select(i => new RdfQuad(Node(i), _knows, RdfTerm.Literal($"{i}")));
        static IEnumerable<RdfQuad> Facts(int count) => Enumerable.Range(0, count).Select(i => new RdfQuad(_knows, _knows, RdfTerm.Literal($"{i}")));

        Assert.NotEmpty(Canonical(Many(RdfLimits.Default.MaxBlankNodes)));
        Assert.Throws<MalformedDataException>(() => Canonical(Many(RdfLimits.Default.MaxBlankNodes + 1)));
        Assert.Equal(JsonLdCodes.DatasetTooComplex, Assert.Throws<MalformedDataException>(() => Canonical(Many(10_000))).Code);
        Assert.NotEmpty(Canonical(Facts(RdfLimits.Default.MaxQuads)));
        Assert.Throws<MalformedDataException>(() => Canonical(Facts(RdfLimits.Default.MaxQuads + 1)));
        Assert.Equal(JsonLdCodes.DatasetTooComplex, Assert.Throws<MalformedDataException>(() => Canonical(Facts(100_000))).Code);
    }

    [Fact]
    [Trait("Row", "LDP-06")]
    public void A_document_that_stands_for_too_many_statements_is_refused_while_it_is_read()
    {
        static string Document(int values) => $"{{\"@context\":{{\"@vocab\":\"https://example.org/\"}},\"a\":[{string.Join(',', Enumerable.Range(0, values))}]}}";

        var limits = new JsonLdLimits(Rdf: new RdfLimits(MaxQuads: 100));
        Assert.NotEmpty(Documents.ToNQuads(Document(100), limits: limits));
        Assert.Equal(JsonLdCodes.DatasetTooComplex, Documents.Refusal(Document(101), limits: limits));
    }

    [Fact]
    public void Repeated_statements_count_once() =>
        Assert.Equal("_:c14n0 <https://example.org/knows> _:c14n0 .\n", Canonical([new(Node(1), _knows, Node(1)), new(Node(1), _knows, Node(1))]));

    [Fact]
    public void Another_hash_gives_other_labels()
    {
        RdfQuad[] quads = [new(Node(1), _knows, RdfTerm.Literal("a")), new(Node(2), _knows, RdfTerm.Literal("b")), new(Node(3), _knows, RdfTerm.Literal("c"))];

        Assert.NotEqual(
            RdfCanonicalization.Canonicalize(quads, HashAlgorithmName.SHA256).Labels["n1"] + RdfCanonicalization.Canonicalize(quads, HashAlgorithmName.SHA256).Labels["n2"],
            RdfCanonicalization.Canonicalize(quads, HashAlgorithmName.SHA384).Labels["n1"] + RdfCanonicalization.Canonicalize(quads, HashAlgorithmName.SHA384).Labels["n2"]);
        Assert.Throws<ArgumentException>(() => RdfCanonicalization.Canonicalize(quads, HashAlgorithmName.MD5));
    }
}
