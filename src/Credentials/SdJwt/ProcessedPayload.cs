using System.Text.Encodings.Web;
using System.Text.Json;
using Credentials.Codecs;
using Credentials.SdJwt.TypeMetadata;

namespace Credentials.SdJwt;

/// <summary>
/// The processed SD-JWT payload of RFC 9901 §7.1: the claims with every disclosure in its place and every digest gone.
/// Whether anybody trustworthy signed it is another question.
/// </summary>
public sealed class ProcessedPayload
{
    private readonly ClaimNode _root;
    private object? _claims; // a boxed JsonElement: set as a whole, whichever thread is first

    internal ProcessedPayload(ClaimNode root) => _root = root;

    /// <summary>The claims as one JSON object without <c>_sd</c>, <c>...</c> and <c>_sd_alg</c>.</summary>
    public JsonElement Claims => (JsonElement)(_claims ??= Write());

    /// <summary>
    /// What came by disclosure, parents before children. A claim that is neither listed nor inside a listed one is
    /// always disclosed. Array indexes count the elements that are there.
    /// </summary>
    public IReadOnlyList<DisclosedClaim> Disclosed => field ??= Disclosures(_root, [], []);

    /// <summary>
    /// The disclosures that reveal the selected claims. A selected claim is revealed whole: itself, everything below it,
    /// and whatever around it is needed to reach it. A path that selects nothing adds nothing.
    /// </summary>
    public IReadOnlySet<Disclosure> Select(IEnumerable<ClaimPath> paths)
    {
        ArgumentNullException.ThrowIfNull(paths);
        var selected = new HashSet<Disclosure>();
        foreach (var path in paths)
        {
            if (Applies(_root, path)) Mark(_root, path.Segments, 0, selected);
        }

        return selected;
    }

    /// <summary>Why the payload is not one of a type with these claims (SD-JWT VC §5.6), as a code; null if it may be.</summary>
    internal string? FindFault(IReadOnlyList<ClaimMetadata> claims) => ClaimRules.FindFault(_root, claims);

    /// <summary>Whether anything in one of these members of the payload came by disclosure.</summary>
    internal bool HasDisclosed(IReadOnlySet<string> members)
    {
        foreach (var (name, member) in _root.Members!)
        {
            if (members.Contains(name) && member.IsDisclosed()) return true;
        }

        return false;
    }

    /// <summary>As <see cref="ClaimPath.Select"/>: a path that meets a value of another kind selects nothing at all (OpenID4VP 1.0 §7.1.1).</summary>
    private static bool Applies(ClaimNode root, ClaimPath path)
    {
        List<ClaimNode> selected = [root];
        foreach (var segment in path.Segments)
        {
            var next = new List<ClaimNode>();
            foreach (var node in selected)
            {
                if (segment.Name is null ? node.Elements is null : node.Members is null) return false;
                next.AddRange(Matching(node, segment));
            }

            selected = next;
        }

        return true;
    }

    private static bool Mark(ClaimNode node, IReadOnlyList<ClaimPathSegment> path, int next, HashSet<Disclosure> selected)
    {
        var reached = next == path.Count;
        if (reached)
        {
            foreach (var child in Children(node)) Mark(child, path, next, selected);
        }
        else
        {
            foreach (var child in Matching(node, path[next])) reached |= Mark(child, path, next + 1, selected);
        }

        if (reached && node.Disclosure is not null) selected.Add(node.Disclosure);
        return reached;
    }

    private static IEnumerable<ClaimNode> Children(ClaimNode node) =>
        node.Elements ?? node.Members?.Select(member => member.Value) ?? [];

    private static IEnumerable<ClaimNode> Matching(ClaimNode node, ClaimPathSegment segment)
    {
        if (segment.Name is { } name)
        {
            foreach (var (key, member) in node.Members!)
            {
                if (key == name) return [member];
            }

            return [];
        }

        var elements = node.Elements!;
        if (segment.Index is not { } index) return elements;
        return index < elements.Count ? [elements[index]] : [];
    }

    private static List<DisclosedClaim> Disclosures(ClaimNode node, List<ClaimPathSegment> path, List<DisclosedClaim> found)
    {
        if (node.Disclosure is not null) found.Add(new(new ClaimPath([.. path]), node.Disclosure));
        var index = 0;
        foreach (var element in node.Elements ?? []) Below(ClaimPathSegment.Element(index++), element);
        foreach (var (name, member) in node.Members ?? []) Below(ClaimPathSegment.Member(name), member);
        return found;

        void Below(ClaimPathSegment segment, ClaimNode child)
        {
            path.Add(segment);
            Disclosures(child, path, found);
            path.RemoveAt(path.Count - 1);
        }
    }

    private JsonElement Write()
    {
        using var buffer = new PooledBuffer();
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            _root.WriteTo(writer);
        }

        // The parts were checked when they were read, and put together they are neither too deep nor have a name twice.
        return StrictJson.ParseOwn(buffer.WrittenSpan);
    }
}
