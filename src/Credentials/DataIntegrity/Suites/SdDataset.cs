using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Credentials.Codecs;
using Credentials.JsonLd;

namespace Credentials.DataIntegrity.Suites;

/// <summary>
/// The lines of a document with the labels under which they are signed (ECDSA Cryptosuites 1.0 §3.4). Where the standard gives nodes
/// names of their own, so that a part of the document can be compared with the whole, nodes here have them already: their position.
/// </summary>
internal sealed class SdDataset
{
    private readonly ProofInput _input;
    private readonly Dictionary<string, string> _labels;

    private SdDataset(ProofInput input, Func<string, string> labelOf)
    {
        _input = input;
        RequireSelectable(input.Document);
        var quads = Quads(View(input.Document));
        _labels = CanonicalLabels(quads).ToDictionary(entry => entry.Key, entry => labelOf(entry.Value), StringComparer.Ordinal);
        Lines = NQuads.Lines(quads, label => _labels[label]);
    }

    /// <summary>In code point order, each with its line feed.</summary>
    public List<byte[]> Lines { get; }

    /// <summary>The document of a base proof: labels come from the key that only issuer and holder have (§3.4.4).</summary>
    public static SdDataset WithHmac(ProofInput input, ReadOnlyMemory<byte> key) =>
        new(input, canonical => Multibase.EncodeBase64Url(HMACSHA256.HashData(key.Span, Encoding.ASCII.GetBytes(canonical))));

    /// <summary>The document of a derived proof: labels come from the proof (§3.4.3).</summary>
    public static SdDataset WithLabels(ProofInput input, IReadOnlyDictionary<long, ReadOnlyMemory<byte>> labels)
    {
        var used = 0;
        SdDataset dataset = new(input, canonical =>
        {
            used++;
            return labels.TryGetValue(long.Parse(canonical.AsSpan("c14n".Length), CultureInfo.InvariantCulture), out var label)
                ? Multibase.EncodeBase64Url(label.Span)
                : throw Malformed();
        });
        // One label for two nodes would make one of them; a label for none has no business here.
        return used == labels.Count && labels.Values.Select(label => Convert.ToHexString(label.Span)).Distinct().Count() == used ? dataset : throw Malformed();
    }

    /// <summary>Which lines the pointers select (§3.4.15, §3.4.16); none if there are no pointers.</summary>
    public HashSet<int> Select(IReadOnlyList<string> pointers)
    {
        if (JsonPointers.Select(_input.Document, pointers) is not { } positions) return [];
        var selected = NQuads.Lines(Quads(JsonLdView.Only(positions)), label => _labels[label]);
        HashSet<int> indexes = new(selected.Count);
        // Both are sorted, and what is selected is a part of the whole.
        for (int i = 0, next = 0; i < Lines.Count && next < selected.Count; i++)
        {
            if (!Lines[i].AsSpan().SequenceEqual(selected[next])) continue;
            indexes.Add(i);
            next++;
        }

        return indexes.Count == selected.Count ? indexes : throw NotSelectable();
    }

    /// <summary>The labels that a reader of the selected part will find, each with the label that was signed for the same node (§3.5.4).</summary>
    public IReadOnlyDictionary<long, ReadOnlyMemory<byte>> LabelsFor(HashSet<int> positions)
    {
        var canonical = CanonicalLabels(Quads(JsonLdView.Only(positions)));
        return canonical.ToDictionary(
            entry => long.Parse(entry.Value.AsSpan("c14n".Length), CultureInfo.InvariantCulture),
            entry => new ReadOnlyMemory<byte>(Multibase.DecodeBase64Url(_labels[entry.Key], DataIntegrityCodes.ProofValue)));
    }

    /// <summary>§3.4.17.</summary>
    public byte[] Hash(IEnumerable<int> lines)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var line in lines) hash.AppendData(Lines[line]);
        return hash.GetHashAndReset();
    }

    private static JsonLdView? View(JsonElement document) =>
        document.Member(DataIntegrityNames.Proof) is { } proof ? JsonLdView.Without([JsonPosition.Of(proof, document)]) : null;

    private IReadOnlyList<RdfQuad> Quads(JsonLdView? view)
    {
        var expanded = new JsonLdExpansion(_input.Document, _input.Contexts, _input.Limits, view).Run(_input.Document);
        foreach (var item in expanded) RequireSelectable(item);
        return RdfConversion.Convert(expanded, _input.Limits);
    }

    private Dictionary<string, string> CanonicalLabels(IReadOnlyList<RdfQuad> quads) =>
        new BlankNodeLabelling(quads.Distinct(), HashAlgorithmName.SHA256, _input.Limits.Rdf ?? RdfLimits.Default).Run();

    /// <summary>§3.4.8: one context, at the top. A context in a nested object would be left out with what is left out around it.</summary>
    private static void RequireSelectable(JsonElement document)
    {
        foreach (var member in document.EnumerateObject())
            if (!member.NameEquals(DataIntegrityNames.Context) && !member.NameEquals(DataIntegrityNames.Proof) && HasContext(member.Value)) throw NotSelectable();
    }

    private static bool HasContext(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Array => value.EnumerateArray().Any(HasContext),
        JsonValueKind.Object => value.EnumerateObject().Any(member => member.NameEquals(DataIntegrityNames.Context) || HasContext(member.Value)),
        _ => false,
    };

    /// <summary>A list in the sense of RDF is a chain of nodes that has no part, and blank node identifiers are not kept in a part.</summary>
    private static void RequireSelectable(ExpandedItem item)
    {
        if (item is ExpandedList || item is ExpandedNode { Id: ['_', ':', ..] }) throw NotSelectable();
        if (item is not ExpandedNode node) return;
        foreach (var (_, value) in node.Values) RequireSelectable(value);
        foreach (var inner in node.Graph ?? []) RequireSelectable(inner);
    }

    private static MalformedDataException NotSelectable() =>
        new(DataIntegrityCodes.NotSelectable, "The document holds what selective disclosure cannot cut: a list, a blank node identifier, a nested context.");

    private static MalformedDataException Malformed() => new(DataIntegrityCodes.ProofValue, "The labels of the proof value are not those of the document.");
}
