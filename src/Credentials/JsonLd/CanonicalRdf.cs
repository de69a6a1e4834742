namespace Credentials.JsonLd;

/// <summary>A canonically labelled dataset (RDF Dataset Canonicalization 1.0 §4.1).</summary>
public sealed class CanonicalRdf
{
    private readonly List<byte[]> _lines;

    internal CanonicalRdf(List<byte[]> lines, IReadOnlyDictionary<string, string> labels) => (_lines, Labels) = (lines, labels);

    /// <summary>The label that each blank node of the input got: <c>c14n0</c>, <c>c14n1</c> and so on.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; }

    /// <summary>The serialized canonical form: N-Quads in UTF-8, each line with its line feed.</summary>
    public byte[] ToNQuads() => NQuads.Join(_lines);
}
